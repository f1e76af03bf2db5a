"""Thunderbird without a screen: it opens messages as its window does, and sends them by SMTP.

    with Thunderbird(folder) as thunderbird:
        thunderbird.trust(world.root)
        thunderbird.import_key(world.person("bob"))
        shown = thunderbird.show(message)
        shown.signature        # "SUCCESS", "VERIFY_UNTRUSTED", …, or None for no signature
        sent = thunderbird.send(alice, [bob], text, sign=True, encrypt=True)

It judges with the real clock and compares the signer with From, as its users see it. It has a
profile of its own, and what it sends goes to a server on loopback that only writes down.
"""

import base64
import json
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from cryptography.hazmat.primitives.hashes import SHA256

from tests.peers.mailstack.outside import Outside
from tests.peers.marionette import Marionette, MarionetteError
from tests.peers.process import Child, free_ports
from tests.peers.programs import PeerError, must, program
from tests.world import Authority, Person

PASSPHRASE: Final = "geheim"

_SCRIPT: Final = Path(__file__).with_name("thunderbird.js").read_text("utf-8")
_OPTIONS: Final = ("--headless", "--marionette", "--remote-allow-system-access", "--no-remote")
_PREFERENCES: Final[dict[str, object]] = {
    # nothing asks, nothing is looked up outside
    "app.donation.eoy.version.viewed": 999,
    "app.update.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "mail.openMessageBehavior": 0,  # a new window for every message
    "mail.provider.suppress_dialog_on_startup": True,
    "mail.shell.checkDefaultClient": False,
    "mail.spotlight.firstRunDone": True,
    "mailnews.start_page.enabled": False,
    "network.manage-offline-status": False,
    "network.proxy.type": 0,
    "offline.autoDetect": False,
    "security.OCSP.enabled": 0,
    "toolkit.telemetry.enabled": False,
    # one account that receives nothing, and one server to send by
    "mail.account.account1.identities": "id1",
    "mail.account.account1.server": "server1",
    "mail.accountmanager.accounts": "account1",
    "mail.accountmanager.defaultaccount": "account1",
    "mail.accountmanager.localfoldersserver": "server1",
    "mail.identity.id1.doFcc": False,
    "mail.identity.id1.fullName": "",
    "mail.identity.id1.smtpServer": "smtp1",
    "mail.identity.id1.useremail": "nobody@office.example",
    "mail.identity.id1.valid": True,
    "mail.server.server1.directory-rel": "[ProfD]Mail/Local Folders",
    "mail.server.server1.hostname": "Local Folders",
    "mail.server.server1.name": "Local Folders",
    "mail.server.server1.type": "none",
    "mail.server.server1.userName": "nobody",
    "mail.smtp.defaultserver": "smtp1",
    "mail.smtpserver.smtp1.authMethod": 1,
    "mail.smtpserver.smtp1.hostname": "127.0.0.1",
    "mail.smtpserver.smtp1.try_ssl": 0,
    "mail.smtpservers": "smtp1",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """What the window of one message says; the verdicts are names, "SUCCESS" is the good one."""

    signature: str | None
    encryption: str | None
    text: str
    attachments: tuple[str, ...]


class Thunderbird:
    """One profile and one run of the program."""

    def __init__(self, folder: Path) -> None:
        self._program = program("thunderbird")
        self._folder = folder
        self._numbers = count(1)
        self._control_port, smtp_port = free_ports(2)
        self._outside = Outside(smtp_port)
        profile = folder / "profile"
        (profile / "Mail" / "Local Folders").mkdir(parents=True)
        ports = {
            "marionette.port": self._control_port,
            "mail.smtpserver.smtp1.port": smtp_port,
        }
        (profile / "user.js").write_text(_preferences({**_PREFERENCES, **ports}), "utf-8")
        self._child = Child(
            [self._program, *_OPTIONS, "--profile", str(profile)],
            log=folder / "log",
            env={"HOME": str(folder), "MOZ_HEADLESS": "1"},
        )

    @property
    def version(self) -> str:
        return must([self._program, "--version"]).decode().split()[-1]

    def trust(self, *roots: Authority) -> None:
        """Rely on ``roots`` for mail."""
        for root in roots:
            self.trust_certificate(root.der)

    def trust_certificate(self, der: bytes) -> None:
        self._add(der, "C,C,")

    def import_certificate(self, *people: Person) -> None:
        for person in people:
            for der in (*person.chain, person.certificate_der):
                self._add(der, ",,")

    def take_in(self, *certificates: bytes, trusted: bytes) -> None:
        """Files (DER) that somebody loaded; ``trusted``: a root among them to rely on for mail."""
        for der in certificates:
            self._add(der, "C,C," if der == trusted else ",,")

    def import_key(self, *people: Person) -> None:
        for person in people:
            self.import_certificate(person)
            self.import_p12(person.p12(PASSPHRASE), PASSPHRASE)

    def import_p12(self, blob: bytes, passphrase: str) -> None:
        """A certificate file, as somebody would choose it under "Your Certificates"."""
        status = self._call(
            "return certificates.importPKCS12File(file(given[0]), given[1])",
            str(self._file(blob, "p12")),
            passphrase,
        )
        if status != 0:
            words = f"the certificate file was not taken in: status {status}"
            raise PeerError(("thunderbird", "import"), status, words)

    def fetch_certificates(self, directory: str, *addresses: str) -> frozenset[str]:
        """What somebody gets who presses encrypt with an LDAP directory: fingerprints (SHA-256) of
        all certificates that are there afterwards."""
        said = self._call("return fetchCertificates(given[0], given[1])", directory, addresses)
        return frozenset(one.replace(":", "").lower() for one in said)

    def search_address_book(self, directory: str, query: str) -> tuple[str, ...]:
        """Addresses that an address book of this LDAP directory shows."""
        return tuple(self._call("return searchAddressBook(given[0], given[1])", directory, query))

    def show(self, message: bytes) -> Shown:
        """What a reader sees who opens ``message``."""
        said = self._call("return show(given[0])", str(self._file(message, "eml")))
        return Shown(**{**said, "attachments": tuple(said["attachments"])})

    def send(
        self,
        sender: Person,
        recipients: Sequence[Person],
        text: str,
        *,
        sign: bool,
        encrypt: bool,
        subject: str = "",
    ) -> bytes:
        """What leaves when ``sender`` writes ``text``."""
        subject = subject or f"Nachricht {next(self._numbers)}"
        letter = {
            "from": _named(sender),
            "to": [one.address for one in recipients],
            "subject": subject,
            "text": text,
            "sign": sign,
            "recipients": [_named(one) for one in recipients] if encrypt else [],
        }
        self._call("return send(given[0])", letter)
        marked = f"Subject: {subject}\r\n".encode()
        return self._outside.wait_for(lambda one: marked in one.content).content

    def __enter__(self) -> Self:
        with ExitStack() as opened:
            opened.enter_context(self._outside)
            opened.enter_context(self._child).wait_for_port(self._control_port)
            self._control = opened.enter_context(Marionette(self._control_port))
            window = 'await until(() => Services.wm.getMostRecentWindow("mail:3pane"), "a window")'
            self._call(window)
            self._opened = opened.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._opened.close()

    def _add(self, der: bytes, trust: str) -> None:
        text = base64.b64encode(der).decode()
        self._call("certificates.addCertFromBase64(given[0], given[1])", text, trust)

    def _call(self, script: str, *arguments: object) -> Any:
        try:
            return self._control.call(_SCRIPT + script, *arguments)
        except MarionetteError as error:
            raise PeerError(("thunderbird", script), 1, str(error)) from error

    def _file(self, octets: bytes, kind: str) -> Path:
        path = self._folder / f"file-{next(self._numbers)}.{kind}"
        path.write_bytes(octets)
        return path


def _named(person: Person) -> tuple[str, str]:
    return person.address, person.certificate.fingerprint(SHA256()).hex()


def _preferences(values: dict[str, object]) -> str:
    lines = (
        f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in values.items()
    )
    return "\n".join(lines) + "\n"
