"""What an administrator of the office types: the demo runs the very verbs of the command line."""

import contextlib
import io
import shlex
import sys
from collections.abc import Iterable
from pathlib import Path

from siegel.cli.main import run
from siegel.pki.bundle import parse_certificates
from siegel.serve.demonstration.cast import CARLA, HELGA, MEMBERS, NAMES, Files
from siegel.serve.demonstration.places import Places
from siegel.serve.demonstration.telling import DeviationError


class Administrator:
    """Runs verbs against the store of the demo."""

    def __init__(self, places: Places) -> None:
        self._places = places

    def set_up(self, office: Files) -> None:
        """A new store with accounts, their certificates, and trust in the own authority; an
        account that waits for its certificate, and somebody who administers."""
        self.types("key", "create")
        for address in MEMBERS:
            self.types("account", "add", address, "--name", NAMES[address])
            file, secret = str(office.pkcs12(address)), str(office.passphrase)
            self.types("certificate", "import", file, "--passphrase-file", secret)
        self.types("account", "add", CARLA, "--name", NAMES[CARLA])
        password = str(office.password)
        self.types("admin", "create", HELGA, "--name", NAMES[HELGA], "--password-file", password)
        self.trust(office.root, "our own authority, set up in this house")

    def trust(self, root: Path, channel: str) -> tuple[tuple[str, ...], ...]:
        """Import a root and trust it by its fingerprint; the commands as typed."""
        (certificate,) = parse_certificates(root.read_bytes())
        fingerprint = certificate.fingerprint
        commands = (
            ("certificate", "import", short(root)),
            ("trust", "add", fingerprint, "--fingerprint", fingerprint, "--channel", channel),
        )
        for command in commands:
            self.types(*command)
        return commands

    def types(self, *words: str) -> str:
        """Run one verb; what it printed. Any trouble is a ``DeviationError`` with its own words."""
        said = io.StringIO()
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            code = run(["--config", str(self._places.configuration), *words])
        if code:
            raise DeviationError(f"siegel {' '.join(words)} ended with {code}: {said.getvalue()}")
        return said.getvalue()


def shown_command(places: Places, words: Iterable[str]) -> str:
    """The command as a person can copy it."""
    quoted = [shlex.quote(word) for word in words]
    return " ".join((program(), "--config", short(places.configuration), *quoted))


def program() -> str:
    installed = Path(sys.executable).parent / "siegel"
    return short(installed) if installed.exists() else f"{short(Path(sys.executable))} -m siegel"


def short(path: Path) -> str:
    """Relative to where the person is, if it lies below."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
