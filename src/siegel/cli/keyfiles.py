"""Private keys from files: .p12/.pfx, or a PEM or DER key with its certificate beside it."""

from collections.abc import Sequence

from siegel.base.errors import MalformedMessage
from siegel.base.secret import Secret
from siegel.cli.files import naming, passphrases
from siegel.cli.reading import read_input
from siegel.library.keys import Keys, MissingCertificate, open_key_file
from siegel.pki.certificate import Certificate


def read_key_files(
    names: Sequence[str], passphrase_files: Sequence[str], beside: Sequence[Certificate] = ()
) -> Keys:
    """Open every file. ``beside`` are certificates that a bare key may belong to, too.

    Raises ``WrongPassphrase`` and ``MalformedMessage`` naming the file.
    """
    held = Keys()
    for name, secret in zip(names, passphrases(passphrase_files, len(names)), strict=True):
        held += _read(name, secret, beside)
    return held + Keys(certificates=beside)


def _read(name: str, secret: Secret, beside: Sequence[Certificate]) -> Keys:
    data = read_input(name)
    with naming(name):
        try:
            return open_key_file(data, secret, certificates=beside)
        except MissingCertificate as error:
            raise MalformedMessage(
                "no certificate for this key; give it with --intermediate, or in the same file"
            ) from error
