"""The mail servers of an authority: one takes its mail and signs it with DKIM, one holds what came.

acme2certifier hands its challenge mails to a submission server, with a password behind STARTTLS,
and polls an IMAP server for answers. It leaves DKIM to that server, and writes neither Date nor
Auto-Submitted (RFC 8823 §3.1 (5)): so this one, as a real one must be told to, adds them.
"""

import socketserver
import threading
from collections.abc import Callable
from email.utils import format_datetime, localtime
from types import TracebackType
from typing import Self

import dkim
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from siegel.policy.acme import MUST_BE_SIGNED
from tests.peers.server_tls import ServerFiles
from tests.world.private_keys import private_key

USER, PASSWORD = "acme@ca.example", "einfach"
DOMAIN, SELECTOR = "ca.example", "acme"
_KEY = private_key("root")  # any RSA key of the world will do

Deliver = Callable[[bytes], None]


def txt_record(name: str) -> bytes | None:
    """What the name server of the authority says."""
    if name != f"{SELECTOR}._domainkey.{DOMAIN}":
        return None
    pem = _KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return b"v=DKIM1; k=rsa; p=" + b"".join(pem.splitlines()[1:-1])


def with_dkim(
    message: bytes, *, domain: str = DOMAIN, fields: frozenset[str] = MUST_BE_SIGNED
) -> bytes:
    pem = _KEY.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    names = [name.encode() for name in sorted(fields)]
    signature: bytes = dkim.sign(
        message, SELECTOR.encode(), domain.encode(), pem, include_headers=names
    )
    return signature + message


class SubmissionServer:
    """Port 587 of the authority; ``deliver`` is the rest of the way."""

    def __init__(self, port: int, tls: ServerFiles, deliver: Deliver) -> None:
        self._deliver = deliver
        self._controller = Controller(
            self,
            hostname="127.0.0.1",
            port=port,
            tls_context=tls.context(),
            require_starttls=True,
            auth_required=True,
            authenticator=_authenticated,
        )

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._controller.stop()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        del server, session
        content = envelope.content
        assert isinstance(content, bytes)
        added = (
            f"Date: {format_datetime(localtime())}\r\nAuto-Submitted: auto-generated; type=acme\r\n"
        )
        self._deliver(with_dkim(added.encode() + content))
        return "250 2.0.0 taken"


def _authenticated(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object
) -> AuthResult:
    del server, session, envelope, mechanism
    good = isinstance(data, LoginPassword) and data.password == PASSWORD.encode()
    return AuthResult(success=good)


class MailboxServer(socketserver.ThreadingTCPServer):
    """As much IMAP as a poll for unseen mail needs (RFC 3501): one folder, one user."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", port), _Imap)
        self.messages: list[bytes] = []
        self.seen: set[int] = set()
        self._thread = threading.Thread(target=self.serve_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *args: object) -> None:
        self.shutdown()
        self.server_close()


class _Imap(socketserver.StreamRequestHandler):
    server: MailboxServer

    def handle(self) -> None:
        self._say("* OK ready")
        while line := self.rfile.readline():
            tag, _, rest = line.decode("ascii").strip().partition(" ")
            command, _, arguments = rest.partition(" ")
            for said in self._answers(command.upper(), arguments):
                self._say(said)
            self._say(f"{tag} OK done")
            if command.upper() == "LOGOUT":
                return

    def _answers(self, command: str, arguments: str) -> list[str]:
        box = self.server
        match command:
            case "CAPABILITY":
                return ["* CAPABILITY IMAP4rev1"]
            case "SELECT":
                return [f"* {len(box.messages)} EXISTS"]
            case "SEARCH":
                unseen = [n for n in range(1, len(box.messages) + 1) if n not in box.seen]
                return [" ".join(["* SEARCH", *map(str, unseen)])]
            case "FETCH":
                number = int(arguments.split()[0])
                text = box.messages[number - 1].decode("latin-1")
                return [f"* {number} FETCH (RFC822 {{{len(text)}}}\r\n{text})"]
            case "STORE":
                box.seen.add(int(arguments.split()[0]))
        return []

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode("latin-1"))
