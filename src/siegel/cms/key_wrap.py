"""Key wrap: a content key under another key. AES (RFC 3394, 3565); 3DES (RFC 3217) read only."""

import hashlib

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap

from siegel.base import oids
from siegel.base.errors import DecryptionFailed

WRAPS = {
    oids.AES128_WRAP: 16,
    oids.AES192_WRAP: 24,
    oids.AES256_WRAP: 32,
    oids.DES_EDE3_WRAP: 24,
}
"""The wraps that are read, with the octets of the key that they take."""

AES_WRAPS = {16: oids.AES128_WRAP, 24: oids.AES192_WRAP, 32: oids.AES256_WRAP}
MAX_WRAPPED = 40  # octets of a wrapped key for AES-256 or 3DES; a megabyte would take 0.1 s
WEAK_WRAPS = frozenset({oids.DES_EDE3_WRAP})
_IV_3DES_WRAP = bytes.fromhex("4adda22c79e82105")  # RFC 3217 §3.1


def unwrap_key(wrap: str, kek: bytes, wrapped: bytes) -> bytes:
    """The content key, or ``DecryptionFailed``; ``wrap`` is one of ``WRAPS``."""
    try:
        if len(kek) != WRAPS[wrap]:
            raise ValueError("a key of another length than the wrap takes")
        if len(wrapped) > MAX_WRAPPED:
            raise ValueError("longer than any content key")
        if wrap == oids.DES_EDE3_WRAP:
            return _unwrap_3des(kek, wrapped)
        return aes_key_unwrap(kek, wrapped)
    except (InvalidUnwrap, ValueError) as error:
        raise DecryptionFailed("the content key could not be unwrapped") from error


def _unwrap_3des(kek: bytes, wrapped: bytes) -> bytes:
    """RFC 3217 §3.2; the checksum is the beginning of a SHA-1 digest."""
    if len(wrapped) != 40:
        raise ValueError("no wrapped 3DES key")
    reversed_octets = _cbc_3des(kek, _IV_3DES_WRAP, wrapped)[::-1]
    key = _cbc_3des(kek, reversed_octets[:8], reversed_octets[8:])
    checksum = hashlib.sha1(key[:24], usedforsecurity=False).digest()[:8]
    if key[24:] != checksum:
        raise ValueError("the checksum of the 3DES key does not fit")
    return key[:24]


def _cbc_3des(key: bytes, iv: bytes, data: bytes) -> bytes:
    context = Cipher(TripleDES(key), modes.CBC(iv)).decryptor()
    return context.update(data) + context.finalize()
