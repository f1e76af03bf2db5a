"""Encrypt content with a content key: AES in CBC or GCM mode, ChaCha20-Poly1305.

RFC 3565, 5084, 8103; with RFC 9709 the key is derived from the content key and bound to the
algorithm. No associated data. ``content_opening`` is the way back.

Encrypted is block by block, as it is taken: a block is written out while it is in the processor's
cache, and no second message lies in memory.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext, modes
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.ciphers.algorithms import AES

from siegel.base import der, oids
from siegel.base.b64 import BLOCK
from siegel.base.buffers import Buffer, Random, joined
from siegel.cms.algorithms import CipherMode, ContentCipher
from siegel.cms.content_algorithm import GCM_NONCE, TAG, derived_key


@dataclass(frozen=True, slots=True, kw_only=True)
class Encrypted:
    """``algorithm`` is the contentEncryptionAlgorithm, ``length`` what ``content`` will have.

    ``tag`` can be asked when all content was taken; None for CBC.
    """

    algorithm: bytes
    length: int
    content: Iterator[Buffer]
    tag: Callable[[], bytes] | None


def encrypt(
    cipher: ContentCipher,
    key: bytes,
    content: Sequence[Buffer],
    *,
    rng: Random,
    cek_hkdf: bool = False,
) -> Encrypted:
    """``cek_hkdf`` (RFC 9709): the recipients must be known to read it."""
    nonce = rng(_NONCES[cipher.mode])
    algorithm = _algorithm(cipher, nonce)
    if cek_hkdf:
        key = derived_key(key, algorithm)
        algorithm = der.algorithm(oids.CEK_HKDF_SHA256, algorithm)
    return _ENCRYPT[cipher.mode](algorithm, key, nonce, content)


def _algorithm(cipher: ContentCipher, nonce: bytes) -> bytes:
    """GCM names the length of its tag (RFC 5084 §3.2), the others have nothing but the nonce."""
    octets = der.octet_string(nonce)
    params = der.sequence(octets, der.integer(TAG)) if cipher.mode is CipherMode.GCM else octets
    return der.algorithm(cipher.oid, params)


def _encrypt_cbc(algorithm: bytes, key: bytes, iv: bytes, content: Sequence[Buffer]) -> Encrypted:
    length = sum(map(len, content))
    filling = 16 - length % 16  # RFC 5652 §6.3
    return Encrypted(
        algorithm=algorithm,
        length=length + filling,
        content=_updated(
            Cipher(AES(key), modes.CBC(iv)).encryptor(), [*content, bytes((filling,)) * filling]
        ),
        tag=None,
    )


def _encrypt_gcm(
    algorithm: bytes, key: bytes, nonce: bytes, content: Sequence[Buffer]
) -> Encrypted:
    context = Cipher(AES(key), modes.GCM(nonce)).encryptor()
    return Encrypted(
        algorithm=algorithm,
        length=sum(map(len, content)),
        content=_updated(context, content),
        tag=lambda: context.tag,
    )


def _encrypt_chacha(
    algorithm: bytes, key: bytes, nonce: bytes, content: Sequence[Buffer]
) -> Encrypted:
    sealed = memoryview(ChaCha20Poly1305(key).encrypt(nonce, joined(content), None))
    return Encrypted(
        algorithm=algorithm,
        length=len(sealed) - TAG,
        content=iter([sealed[:-TAG]]),
        tag=lambda: bytes(sealed[-TAG:]),
    )


def _updated(context: CipherContext, content: Sequence[Buffer]) -> Iterator[Buffer]:
    for buffer in content:
        view = memoryview(buffer)
        for start in range(0, len(view), BLOCK):
            block = view[start : start + BLOCK]
            room = bytearray(len(block) + 16)
            yield memoryview(room)[: context.update_into(block, room)]
    context.finalize()


_NONCES = {CipherMode.CBC: 16, CipherMode.GCM: GCM_NONCE, CipherMode.CHACHA20_POLY1305: 12}
_ENCRYPT = {
    CipherMode.CBC: _encrypt_cbc,
    CipherMode.GCM: _encrypt_gcm,
    CipherMode.CHACHA20_POLY1305: _encrypt_chacha,
}
