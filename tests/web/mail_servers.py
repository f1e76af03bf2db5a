"""An honest little mail server on loopback, without TLS: for a login and a list of folders."""

import base64
import contextlib
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial

from tests.peers.server_tls import scripted

PASSWORD = "correct horse battery staple"


@dataclass(slots=True)
class Servers:
    """``heard``: the passwords and tokens that were said to it."""

    imap: int = 0
    smtp: int = 0
    heard: list[str] = field(default_factory=list)

    def takes(self, said: bytes) -> bool:
        words = base64.b64decode(said).decode()
        self.heard.append(words)
        return PASSWORD in words or "auth=Bearer access" in words


@contextlib.contextmanager
def mail_servers() -> Iterator[Servers]:
    made = Servers()
    with (
        scripted(partial(_imap, made)) as made.imap,
        scripted(partial(_smtp, made)) as made.smtp,
    ):
        yield made


def _imap(made: Servers, connection: socket.socket) -> None:
    lines = connection.makefile("rb")
    connection.sendall(b"* OK ready\r\n")
    told = {
        b"CAPABILITY": b"* CAPABILITY IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2\r\n",
        b"LIST": b'* LIST () "/" INBOX\r\n',
    }
    while line := lines.readline():
        tag, _, rest = line.strip().partition(b" ")
        command = rest.upper().split(b" ")[0]
        good = True
        if command == b"AUTHENTICATE":
            connection.sendall(b"+ \r\n")
            good = made.takes(lines.readline().strip())
        end = b" OK done\r\n" if good else b" NO [AUTHENTICATIONFAILED] no\r\n"
        connection.sendall(told.get(command, b"") + tag + end)


def _smtp(made: Servers, connection: socket.socket) -> None:
    lines = connection.makefile("rb")
    connection.sendall(b"220 ready\r\n")
    while line := lines.readline():
        words = line.strip().split(b" ")
        said = b"250-me\r\n250 AUTH PLAIN XOAUTH2\r\n"
        if words[0].upper() == b"AUTH":
            said = b"235 2.7.0 in\r\n" if made.takes(words[2]) else b"535 5.7.8 no\r\n"
        connection.sendall(said)
