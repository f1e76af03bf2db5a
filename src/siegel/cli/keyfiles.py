"""Private keys from files: .p12/.pfx, or PEM/DER PKCS #8 with certificates beside it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from siegel.base.errors import MalformedMessage
from siegel.base.secret import Secret
from siegel.cli.files import passphrases, read_input
from siegel.pki.bundle import parse_certificates
from siegel.pki.certificate import Certificate
from siegel.pki.pkcs12 import is_pkcs12, open_pkcs12
from siegel.pki.softkeys import SoftwareKey, load_private_key

_KEY_BLOCK = re.compile(rb"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?-----END [A-Z ]*KEY-----\s*", re.S)


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
        keys = tuple(
            SoftwareKey(entry.key, entry.certificates) for entry in opened.keys
        )
        return KeyFiles(keys=keys, certificates=opened.certificates)
    private = load_private_key(data, validated=False, passphrase=secret)
    own = _certificates_in(data)
    matching = tuple(c for c in (*own, *beside) if private.matches(c))
    if not matching:
        raise MalformedMessage(f"{name}: no certificate for this key was given")
    return KeyFiles(keys=(private.with_certificates(matching),), certificates=own)


def _certificates_in(data: bytes) -> tuple[Certificate, ...]:
    rest = _KEY_BLOCK.sub(b"", data)
    return parse_certificates(rest) if b"-----BEGIN CERTIFICATE" in rest else ()
