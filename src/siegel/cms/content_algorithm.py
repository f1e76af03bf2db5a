"""Content encryption algorithms as they are written: the cipher and its parameters.

RFC 3565 (AES-CBC), 5084 (GCM, CCM), 8103 (ChaCha20-Poly1305), 9709 (the key derived from the
content key), 3370 (3DES and RC2, read only). ``content_cipher`` encrypts with them,
``content_opening`` decrypts.
"""

from collections.abc import Callable
from dataclasses import dataclass

from cryptography.hazmat.decrepit.ciphers.algorithms import RC2, TripleDES
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import BlockCipherAlgorithm
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from siegel.base import ber, der, oids
from siegel.base.errors import MalformedMessage, UnsupportedAlgorithm
from siegel.cms.algorithms import (
    AlgorithmId,
    CipherMode,
    ContentCipher,
    cipher_by_oid,
    read_algorithm,
)

BLOCK = 57 * 1024  # whole cipher blocks and whole base64 lines, and fits the processor's cache
GCM_NONCE = 12  # RFC 5084 §3.2: the length GCM is best at
TAG = 16  # octets of a whole authentication tag
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


def read_encrypted_content(
    element: ber.Element,
) -> tuple[str, ContentAlgorithm | None, ber.Element]:
    """EncryptedContentInfo (RFC 5652 §6.1): content type, algorithm, ciphertext.

    The algorithm is None for one of no table.
    """
    fields = element.expect(der.SEQUENCE).children()
    if len(fields) != 3 or fields[2].tag & ~der.CONSTRUCTED != der.CONTEXT:
        raise MalformedMessage("no EncryptedContentInfo with content")
    try:
        algorithm = read_content_algorithm(read_algorithm(fields[1]))
    except UnsupportedAlgorithm:
        algorithm = None
    return fields[0].expect(der.OID).oid(), algorithm, fields[2]


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
    if not _DEFAULT_TAG <= tag <= TAG or odd:
        raise UnsupportedAlgorithm(f"an authentication tag of {tag} octets", length=tag)
    sizes = range(8, 65) if cipher.mode is CipherMode.GCM else range(7, 14)
    return _sized(fields[0], sizes), tag


def _chacha_parameters(cipher: ContentCipher, params: ber.Element) -> tuple[bytes, int]:
    del cipher
    return _sized(params, {12}), TAG


def _sized(element: ber.Element, sizes: "set[int] | range") -> bytes:
    octets = element.octet_string()
    if len(octets) not in sizes:
        raise MalformedMessage("an initialisation vector of impossible length")
    return octets


_PARAMETERS: dict[CipherMode, Callable[[ContentCipher, ber.Element], tuple[bytes, int]]] = {
    CipherMode.CBC: _cbc_parameters,
    CipherMode.GCM: _aead_parameters,
    CipherMode.CCM: _aead_parameters,
    CipherMode.CHACHA20_POLY1305: _chacha_parameters,
}


def block_cipher(cipher: ContentCipher, key: bytes) -> BlockCipherAlgorithm:
    if cipher.oid == oids.DES_EDE3_CBC:
        return TripleDES(key)
    return RC2(key) if cipher.oid == oids.RC2_CBC else AES(key)


def derived_key(key: bytes, algorithm: bytes) -> bytes:
    """RFC 9709 §2: a GCM message turned into a CBC one decrypts to nothing.

    ``algorithm`` is the DER of the AlgorithmIdentifier that the key is for.
    """
    return HKDF(hashes.SHA256(), len(key), _SALT, algorithm).derive(key)
