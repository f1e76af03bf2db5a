"""Private keys from files: .p12/.pfx, or a PEM or DER key with its certificate beside it."""

from collections.abc import Sequence
from dataclasses import dataclass

from siegel.base.errors import MalformedMessage
from siegel.base.secret import Secret
from siegel.cli.files import naming, passphrases, read_input
from siegel.pki.bundle import parse_certificates
from siegel.pki.certificate import Certificate
from siegel.pki.pkcs12 import is_pkcs12, open_pkcs12
from siegel.pki.softkeys import SoftwareKey, key_matches, private_key_from_file

_CERTIFICATE = b"-----BEGIN CERTIFICATE"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyFiles:
    """What all key files together held, and the certificates given beside them."""

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
    certificates = list(beside)
    for name, secret in zip(names, secrets, strict=True):
        found = _read(name, secret, beside)
        keys.extend(found.keys)
        certificates.extend(found.certificates)
    return KeyFiles(keys=tuple(keys), certificates=tuple(certificates))


def _read(name: str, secret: Secret, beside: Sequence[Certificate]) -> KeyFiles:
    data = read_input(name)
    with naming(name):
        return _from_pkcs12(data, secret) if is_pkcs12(data) else _bare(data, secret, beside)


def _from_pkcs12(data: bytes, secret: Secret) -> KeyFiles:
    opened = open_pkcs12(data, secret)
    certified = [entry for entry in opened.keys if entry.certificates]
    if not certified:
        raise MalformedMessage("no private key with its certificate inside")
    return KeyFiles(
        keys=tuple(SoftwareKey(entry.key, entry.certificates) for entry in certified),
        certificates=opened.certificates,
    )


def _bare(data: bytes, secret: Secret, beside: Sequence[Certificate]) -> KeyFiles:
    private = private_key_from_file(data, secret if secret.reveal() else None)
    own = parse_certificates(data) if _CERTIFICATE in data else ()
    matching = [c for c in (*own, *beside) if key_matches(c, private)]
    if not matching:
        raise MalformedMessage(
            "no certificate for this key; give it with --intermediate, or in the same file"
        )
    return KeyFiles(keys=(SoftwareKey(private, matching),), certificates=own)
