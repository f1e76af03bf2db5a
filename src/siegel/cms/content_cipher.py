"""Encrypt and decrypt content with a content key: CBC, GCM, CCM, ChaCha20-Poly1305.

RFC 3565 (AES-CBC), 5084 (GCM, CCM), 8103 (ChaCha20-Poly1305), 9709 (the key derived from the
content key), 3370 (3DES and RC2, read only). Whatever is wrong with a ciphertext ends in the same
``DecryptionFailed``; authenticated plaintext is not returned before its tag holds.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from cryptography import exceptions
from cryptography.hazmat.decrepit.ciphers.algorithms import RC2, TripleDES
from cryptography.hazmat.primitives import hashes, padding
from cryptography.hazmat.primitives.ciphers import (
    AEADDecryptionContext,
    BlockCipherAlgorithm,
    Cipher,
    CipherContext,
    modes,
)
from cryptography.hazmat.primitives.ciphers.aead import AESCCM, ChaCha20Poly1305
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from siegel.base import ber, der, oids
from siegel.base.buffers import Buffer, Random, joined
from siegel.base.errors import DecryptionFailed, MalformedMessage, UnsupportedAlgorithm
from siegel.cms.algorithms import (
    AlgorithmId,
    CipherMode,
    ContentCipher,
    cipher_by_oid,
    read_algorithm,
)

BLOCK = 57 * 1024  # whole cipher blocks and whole base64 lines, and fits the processor's cache
_GCM_NONCE = 12  # RFC 5084 §3.2: the length GCM is best at
_GCM_TAG = 16
_DEFAULT_TAG = 12  # aes-ICVlen DEFAULT 12 (RFC 5084 §3)
_SALT = b"The Cryptographic Message Syntax"  # RFC 9709 §2
_RC2_128_BITS = 58  # RC2ParameterVersion of 128 effective bits (RFC 3370 §5.2)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentAlgorithm:
    """A contentEncryptionAlgorithm understood: the cipher and its parameters.

    ``derived`` is the DER that RFC 9709 derives the key with, None without derivation.
    """

    cipher: ContentCipher
    nonce: bytes
    tag_length: int = 0
    derived: bytes | None = None


def read_content_algorithm(algorithm: AlgorithmId) -> ContentAlgorithm:
    """Raises ``UnsupportedAlgorithm`` or ``MalformedMessage``."""
    if algorithm.oid != oids.CEK_HKDF_SHA256:
        return _plain_algorithm(algorithm, derived=None)
    if algorithm.params is None:
        raise MalformedMessage("CEK-HKDF without an algorithm")
    inner = read_algorithm(algorithm.params)
    return _plain_algorithm(inner, derived=ber.to_der(algorithm.params))


def _plain_algorithm(algorithm: AlgorithmId, *, derived: bytes | None) -> ContentAlgorithm:
    cipher = cipher_by_oid(algorithm.oid)
    if cipher is None:
        raise UnsupportedAlgorithm(f"content cipher {algorithm.oid}", oid=algorithm.oid)
    if algorithm.params is None:
        raise MalformedMessage(f"{cipher.name} without parameters")
    nonce, tag_length = _PARAMETERS[cipher.mode](cipher, algorithm.params)
    return ContentAlgorithm(cipher=cipher, nonce=nonce, tag_length=tag_length, derived=derived)


def _cbc_parameters(cipher: ContentCipher, params: ber.Element) -> tuple[bytes, int]:
    if cipher.oid == oids.RC2_CBC:
        params = _rc2_parameters(params)
    return _sized(params, {8 if cipher.oid in (oids.RC2_CBC, oids.DES_EDE3_CBC) else 16}), 0


def _rc2_parameters(params: ber.Element) -> ber.Element:
    """The IV of RC2 with 128 effective bits; the 40 and 64 bits of old exports stay closed."""
    fields = params.expect(der.SEQUENCE).children()
    if len(fields) != 2 or fields[0].expect(der.INTEGER).integer() != _RC2_128_BITS:
        raise UnsupportedAlgorithm("RC2 with other than 128 effective bits", oid=oids.RC2_CBC)
    return fields[1]


def _aead_parameters(cipher: ContentCipher, params: ber.Element) -> tuple[bytes, int]:
    """GCMParameters and CCMParameters; a missing ICVlen means 12 octets."""
    fields = params.expect(der.SEQUENCE).children()
    if not 1 <= len(fields) <= 2:
        raise MalformedMessage("no GCMParameters")
    tag = fields[1].expect(der.INTEGER).integer() if len(fields) == 2 else _DEFAULT_TAG
    odd = cipher.mode is CipherMode.CCM and tag % 2
    if not _DEFAULT_TAG <= tag <= _GCM_TAG or odd:
        raise UnsupportedAlgorithm(f"an authentication tag of {tag} octets", length=tag)
    sizes = range(8, 65) if cipher.mode is CipherMode.GCM else range(7, 14)
    return _sized(fields[0], sizes), tag


def _chacha_parameters(cipher: ContentCipher, params: ber.Element) -> tuple[bytes, int]:
    del cipher
    return _sized(params, {12}), 16


def _sized(element: ber.Element, sizes: "set[int] | range") -> bytes:
    octets = element.expect(der.OCTET_STRING).joined()
    if len(octets) not in sizes:
        raise MalformedMessage("an initialisation vector of impossible length")
    return octets


_PARAMETERS: dict[CipherMode, Callable[[ContentCipher, ber.Element], tuple[bytes, int]]] = {
    CipherMode.CBC: _cbc_parameters,
    CipherMode.GCM: _aead_parameters,
    CipherMode.CCM: _aead_parameters,
    CipherMode.CHACHA20_POLY1305: _chacha_parameters,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Encrypted:
    """``algorithm`` is the contentEncryptionAlgorithm; ``tag`` is empty for CBC."""

    algorithm: bytes
    content: list[Buffer]
    tag: bytes


def encrypt(
    cipher: ContentCipher, key: bytes, content: Sequence[Buffer], *, rng: Random
) -> Encrypted:
    """Encrypt with AES in CBC or GCM mode; no associated data."""
    return (_encrypt_gcm if cipher.authenticated else _encrypt_cbc)(cipher, key, content, rng)


def _encrypt_cbc(
    cipher: ContentCipher, key: bytes, content: Sequence[Buffer], rng: Random
) -> Encrypted:
    iv = rng(16)
    context = Cipher(AES(key), modes.CBC(iv)).encryptor()
    pieces = list(_updated(context, content))
    filling = 16 - sum(map(len, content)) % 16  # RFC 5652 §6.3
    pieces.append(context.update(bytes((filling,)) * filling))
    context.finalize()
    algorithm = der.algorithm(cipher.oid, der.octet_string(iv))
    return Encrypted(algorithm=algorithm, content=pieces, tag=b"")


def _encrypt_gcm(
    cipher: ContentCipher, key: bytes, content: Sequence[Buffer], rng: Random
) -> Encrypted:
    nonce = rng(_GCM_NONCE)
    context = Cipher(AES(key), modes.GCM(nonce)).encryptor()
    pieces = list(_updated(context, content))
    context.finalize()
    params = der.sequence(der.octet_string(nonce), der.integer(_GCM_TAG))
    return Encrypted(algorithm=der.algorithm(cipher.oid, params), content=pieces, tag=context.tag)


def _updated(context: CipherContext, content: Sequence[Buffer]) -> Iterator[Buffer]:
    for buffer in content:
        view = memoryview(buffer)
        for start in range(0, len(view), BLOCK):
            block = view[start : start + BLOCK]
            room = bytearray(len(block) + 16)
            yield memoryview(room)[: context.update_into(block, room)]


def decrypt(
    algorithm: ContentAlgorithm,
    key: bytes,
    content: Sequence[Buffer],
    *,
    tag: bytes,
    aad: bytes,
) -> list[Buffer]:
    """The plaintext, or ``DecryptionFailed`` for whatever reason."""
    if algorithm.derived is not None:
        key = _derived(key, algorithm.derived)
    try:
        return _DECRYPT[algorithm.cipher.mode](algorithm, key, content, tag, aad)
    except (exceptions.InvalidTag, exceptions.UnsupportedAlgorithm, ValueError) as error:
        raise DecryptionFailed("the content could not be decrypted") from error


def _derived(key: bytes, info: bytes) -> bytes:
    """RFC 9709 §2: a GCM message turned into a CBC one decrypts to nothing."""
    return HKDF(hashes.SHA256(), len(key), _SALT, info).derive(key)


def _decrypt_cbc(
    algorithm: ContentAlgorithm, key: bytes, content: Sequence[Buffer], tag: bytes, aad: bytes
) -> list[Buffer]:
    del tag, aad
    block_cipher = _block_cipher(algorithm.cipher, key)
    size = block_cipher.block_size // 8
    context = Cipher(block_cipher, modes.CBC(algorithm.nonce)).decryptor()
    plain = _filled(context, content, size)
    context.finalize()
    padded = padding.PKCS7(block_cipher.block_size).unpadder()
    last = padded.update(plain[-size:]) + padded.finalize()
    del plain[len(plain) - size + len(last) :]
    return [plain]


def _block_cipher(cipher: ContentCipher, key: bytes) -> BlockCipherAlgorithm:
    if cipher.oid == oids.DES_EDE3_CBC:
        return TripleDES(key)
    return RC2(key) if cipher.oid == oids.RC2_CBC else AES(key)


def _decrypt_gcm(
    algorithm: ContentAlgorithm, key: bytes, content: Sequence[Buffer], tag: bytes, aad: bytes
) -> list[Buffer]:
    mode = modes.GCM(algorithm.nonce, None, min_tag_length=algorithm.tag_length)
    context: AEADDecryptionContext = Cipher(AES(key), mode).decryptor()
    context.authenticate_additional_data(aad)
    plain = _filled(context, content, 16)
    context.finalize_with_tag(tag)
    return [plain]


def _filled(context: CipherContext, content: Sequence[Buffer], slack: int) -> bytearray:
    """All content through ``context`` into one buffer that nobody needs to copy again."""
    plain = bytearray(sum(map(len, content)) + slack)
    length = 0
    with memoryview(plain) as room:
        for buffer in content:
            view = memoryview(buffer)
            for start in range(0, len(view), BLOCK):
                length += context.update_into(view[start : start + BLOCK], room[length:])
    del plain[length:]
    return plain


def _decrypt_ccm(
    algorithm: ContentAlgorithm, key: bytes, content: Sequence[Buffer], tag: bytes, aad: bytes
) -> list[Buffer]:
    whole = AESCCM(key, algorithm.tag_length)
    return [whole.decrypt(algorithm.nonce, joined((*content, tag)), aad)]


def _decrypt_chacha(
    algorithm: ContentAlgorithm, key: bytes, content: Sequence[Buffer], tag: bytes, aad: bytes
) -> list[Buffer]:
    return [ChaCha20Poly1305(key).decrypt(algorithm.nonce, joined((*content, tag)), aad)]


_DECRYPT = {
    CipherMode.CBC: _decrypt_cbc,
    CipherMode.GCM: _decrypt_gcm,
    CipherMode.CCM: _decrypt_ccm,
    CipherMode.CHACHA20_POLY1305: _decrypt_chacha,
}
