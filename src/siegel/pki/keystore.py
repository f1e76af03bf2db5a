"""Private keys at rest: AES-256-GCM under the installation's key file (NIST SP 800-38D).

A sealed key is bound to the key pair it belongs to (additional data: the SHA-256 of its SPKI), so
that it cannot be put in the place of another. Where sealed keys and the key file lie is not
decided here.
"""

import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from siegel.base.buffers import Random
from siegel.base.errors import ConfigurationError, KeyUnavailable
from siegel.base.secret import Secret

KEK_SIZE = 32  # octets: AES-256

_MAGIC = b"SGK1"  # layout: magic, 12 octets nonce, ciphertext, 16 octets tag
_NONCE = 12
_PURPOSE = b"siegel private key 1\0"
_CHECK = b"siegel check value 1"


def seal(pkcs8: bytes, kek: bytes, spki_sha256: str, rng: Random = os.urandom) -> bytes:
    """``pkcs8`` encrypted and bound to ``spki_sha256``.

    The nonce is random: with fewer than 2³² keys it does not repeat (SP 800-38D §8.3).
    """
    nonce = rng(_NONCE)
    return _MAGIC + nonce + _cipher(kek).encrypt(nonce, pkcs8, _bound_to(spki_sha256))


def unseal(sealed: bytes, kek: bytes, spki_sha256: str) -> Secret:
    """What was sealed; ``KeyUnavailable`` for a wrong key file, another key pair or damage."""
    cipher = _cipher(kek)
    nonce = sealed[len(_MAGIC) : len(_MAGIC) + _NONCE]
    if not sealed.startswith(_MAGIC) or len(nonce) != _NONCE:
        raise KeyUnavailable("not a sealed private key", temporary=False)
    try:
        body = sealed[len(_MAGIC) + _NONCE :]
        return Secret(cipher.decrypt(nonce, body, _bound_to(spki_sha256)))
    except InvalidTag as error:
        raise KeyUnavailable("the sealed private key cannot be opened", temporary=False) from error


def reseal(
    sealed: bytes, old_kek: bytes, new_kek: bytes, spki_sha256: str, rng: Random = os.urandom
) -> bytes:
    """The same private key under a new key file."""
    return seal(unseal(sealed, old_kek, spki_sha256).reveal(), new_kek, spki_sha256, rng)


def check_value(kek: bytes) -> str:
    """Stored beside the sealed keys, recognises a wrong key file and tells nothing about it."""
    _cipher(kek)
    return hmac.digest(kek, _CHECK, "sha256").hex()[:32]


def _cipher(kek: bytes) -> AESGCM:
    if len(kek) != KEK_SIZE:
        raise ConfigurationError(f"the key file must hold exactly {KEK_SIZE} octets")
    return AESGCM(kek)


def _bound_to(spki_sha256: str) -> bytes:
    return _PURPOSE + bytes.fromhex(spki_sha256)
