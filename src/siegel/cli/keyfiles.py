"""Private keys from files: .p12/.pfx, or a PEM or DER key with its certificate beside it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import UnsupportedAlgorithm as UnsupportedByLibrary
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

from siegel.base.errors import MalformedMessage, UnsupportedAlgorithm, WrongPassphrase
from siegel.base.secret import Secret
from siegel.cli.files import passphrases, read_input
from siegel.pki.bundle import parse_certificates
from siegel.pki.certificate import Certificate
from siegel.pki.pkcs12 import is_pkcs12, open_pkcs12
from siegel.pki.softkeys import PrivateKey, SoftwareKey, key_matches

_KEY_BLOCK = re.compile(rb"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?-----END [A-Z ]*KEY-----\s*", re.S)
_CERTIFICATE = b"-----BEGIN CERTIFICATE"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyFiles:
    """What all key files together held."""

    keys: tuple[SoftwareKey, ...]
    certificates: tuple[Certificate, ...]


def read_key_files(
    names: Sequence[str], passphrase_files: Sequence[str], beside: Sequence[Certificate] = ()
) -> KeyFiles:
    """Open every file. ``beside`` are certificates that a bare key may belong to.

    Raises ``WrongPassphrase`` and ``MalformedMessage`` naming the file.
    """
    secrets = passphrases(passphrase_files, len(names))
    keys: list[SoftwareKey] = []
    certificates: list[Certificate] = []
    for name, secret in zip(names, secrets, strict=True):
        found = _read(name, secret, beside)
        keys.extend(found.keys)
        certificates.extend(found.certificates)
    return KeyFiles(keys=tuple(keys), certificates=tuple(certificates))


def _read(name: str, secret: Secret, beside: Sequence[Certificate]) -> KeyFiles:
    data = read_input(name)
    if is_pkcs12(data):
        opened = open_pkcs12(data, secret)
        certified = [entry for entry in opened.keys if entry.certificates]
        return KeyFiles(
            keys=tuple(SoftwareKey(entry.key, entry.certificates) for entry in certified),
            certificates=opened.certificates,
        )
    private = _bare_key(name, data, secret)
    rest = _KEY_BLOCK.sub(b"", data)
    own = parse_certificates(rest) if _CERTIFICATE in rest else ()
    matching = [c for c in (*own, *beside) if key_matches(c, private)]
    if not matching:
        raise MalformedMessage(f"{name}: no certificate for this key was given")
    return KeyFiles(keys=(SoftwareKey(private, matching),), certificates=own)


def _bare_key(name: str, data: bytes, secret: Secret) -> PrivateKey:
    block = _KEY_BLOCK.search(data)
    password = secret.reveal() or None
    try:
        key = _loaded(block[0] if block else data, password, pem=block is not None)
    except TypeError as error:  # encrypted without a passphrase, or the other way round
        raise WrongPassphrase(f"{name}: {error}") from error
    except UnsupportedByLibrary as error:
        raise UnsupportedAlgorithm(f"{name}: a private key of an unknown kind") from error
    except ValueError as error:
        if password is not None:
            raise WrongPassphrase(f"{name}: the passphrase does not open the key") from error
        raise MalformedMessage(f"{name}: not a private key") from error
    if not isinstance(key, PrivateKey):
        raise UnsupportedAlgorithm(f"{name}: no use in mail for a {type(key).__name__}")
    return key


def _loaded(data: bytes, password: bytes | None, *, pem: bool) -> PrivateKeyTypes:
    if pem and b"ENCRYPTED" not in data:
        password = None
    load = serialization.load_pem_private_key if pem else serialization.load_der_private_key
    return load(data, password)
