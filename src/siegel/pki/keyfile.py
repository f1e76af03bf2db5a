"""A bare private key from a file: PKCS #8 (RFC 5958), PKCS #1, SEC 1; PEM or DER, encrypted or not.

PKCS #8 is taken apart here as far as needed, so that post-quantum keys in all their forms can be
read and the work of a key derivation is bounded; everything else is read by ``cryptography``.
Not read: OpenSSH's own format, and PuTTY's.
"""

from collections.abc import Callable
from functools import partial

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

from siegel.base import b64, ber, der, pem
from siegel.base.errors import (
    MalformedMessage,
    SiegelError,
    UnsupportedAlgorithm,
    WrongPassphrase,
)
from siegel.base.secret import Secret
from siegel.pki.softkeys import PrivateKey, load_private_key, read_by_library

MAX_SIZE = 64 * 1024  # octets of a file that is taken for a key; RSA-16384 takes 13,000

_LABEL = b"PRIVATE KEY"  # or ends so: RSA PRIVATE KEY, EC PRIVATE KEY
_ENCRYPTED_LABEL = b"ENCRYPTED PRIVATE KEY"
_OLD_ENCRYPTION = b"Proc-Type: 4,ENCRYPTED"  # RFC 1421 §4.6.1.1, as OpenSSL used it
_PKCS8_LABELS = (_LABEL, _ENCRYPTED_LABEL)
_KEY_INFO = [der.INTEGER, der.SEQUENCE, der.OCTET_STRING]
_ENCRYPTED_KEY_INFO = [der.SEQUENCE, der.OCTET_STRING]

_Load = Callable[[bytes | None], PrivateKeyTypes]


def holds_key(data: bytes) -> bool:
    """Whether a PEM file has a private key in it, encrypted or not."""
    return any(block.label.endswith(_LABEL) for block in pem.blocks(data))


def is_encrypted(data: bytes) -> bool:
    """Whether every private key of a PEM file needs a passphrase; False where there is none."""
    keys = [block for block in pem.blocks(data) if block.label.endswith(_LABEL)]
    return bool(keys) and all(
        block.label == _ENCRYPTED_LABEL or _OLD_ENCRYPTION in block.body for block in keys
    )


def private_key_from_file(data: bytes, passphrase: Secret | None) -> PrivateKey:
    """The first key in ``data``; checked as on import.

    Raises ``WrongPassphrase`` also when one is needed and none was given.
    """
    block = next((block for block in pem.blocks(data) if block.label.endswith(_LABEL)), None)
    if block is None:
        return _from_der(data, passphrase)
    if block.label in _PKCS8_LABELS:
        return _from_der(b64.decode(block.body), passphrase)
    return _from_other(partial(serialization.load_pem_private_key, block.whole), passphrase)


def _from_der(data: bytes, passphrase: Secret | None) -> PrivateKey:
    if len(data) > MAX_SIZE:
        raise MalformedMessage("not a private key")
    tags = _tags(data)
    if tags[:3] == _KEY_INFO:
        return load_private_key(data, validated=False)
    if tags == _ENCRYPTED_KEY_INFO:
        return _decrypted(data, passphrase)
    return _from_other(partial(serialization.load_der_private_key, data), passphrase)


def _tags(data: bytes) -> list[int]:
    try:
        return [field.tag for field in ber.read(data).expect(der.SEQUENCE).children()]
    except SiegelError:
        return []


def _decrypted(data: bytes, passphrase: Secret | None) -> PrivateKey:
    """EncryptedPrivateKeyInfo (RFC 5958 §3)."""
    if passphrase is None:
        raise WrongPassphrase("the private key needs a passphrase")
    try:
        plaintext = _plaintext(data, passphrase)
    except UnsupportedAlgorithm:  # scrypt and old ciphers, which cryptography may know
        return _from_other(partial(serialization.load_der_private_key, data), passphrase)
    if plaintext is None:
        raise WrongPassphrase("the passphrase does not open this key")
    return load_private_key(plaintext, validated=False)


def _plaintext(data: bytes, passphrase: Secret) -> bytes | None:
    from siegel.pki import pbe  # its ciphers are old ones, which most commands never need

    algorithm, ciphertext = ber.read(data).children()
    spellings = pbe.Passphrase(passphrase)
    for plaintext in pbe.plaintexts(algorithm, ciphertext.joined(), spellings, pbe.Work()):
        if _tags(plaintext)[:3] == _KEY_INFO:
            return plaintext
    return None


def _from_other(load: _Load, passphrase: Secret | None) -> PrivateKey:
    try:
        return read_by_library(lambda: load(None))
    except MalformedMessage as error:
        if not isinstance(error.__cause__, TypeError):  # the library's way to say "encrypted"
            raise
    if passphrase is None:
        raise WrongPassphrase("the private key needs a passphrase")
    try:
        return read_by_library(lambda: load(passphrase.reveal()))
    except MalformedMessage as error:
        raise WrongPassphrase("the passphrase does not open this key") from error
