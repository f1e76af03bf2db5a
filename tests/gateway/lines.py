"""A client that speaks SMTP line by line, so that a test reads like a transcript."""

import contextlib
import socket
import ssl
from types import TracebackType
from typing import Self


class LineClient:
    """One connection. Every ``say`` returns the whole reply, lines joined by a line feed."""

    def __init__(self, address: tuple[str, int], *, timeout: float = 60.0) -> None:
        self._socket = socket.create_connection(address, timeout=timeout)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._received = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        self._socket.close()

    def reset(self) -> None:
        """Go away as a machine does that loses its power."""
        linger = b"\x01\x00\x00\x00\x00\x00\x00\x00"
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self._socket.close()

    def half_close(self) -> None:
        self._socket.shutdown(socket.SHUT_WR)

    def raw(self, octets: bytes) -> None:
        self._socket.sendall(octets)

    def say(self, line: str) -> str:
        self.raw(line.encode() + b"\r\n")
        return self.reply()

    def reply(self) -> str:
        lines = [self._reply_line()]
        while lines[-1][3:4] == "-":
            lines.append(self._reply_line())
        return "\n".join(lines)

    def begin(
        self,
        *,
        sender: str = "alice@example.org",
        recipients: tuple[str, ...] = ("bob@example.com",),
        mail: str = "",
    ) -> None:
        """Banner, EHLO, MAIL and RCPT, all of them expected to be taken."""
        assert self.reply().startswith("220 ")
        assert self.say("EHLO mta.example.org").startswith("250")
        self.envelope(sender=sender, recipients=recipients, mail=mail)

    def envelope(
        self,
        *,
        sender: str = "alice@example.org",
        recipients: tuple[str, ...] = ("bob@example.com",),
        mail: str = "",
    ) -> None:
        assert self.say(f"MAIL FROM:<{sender}> {mail}".strip()).startswith("250")
        for recipient in recipients:
            assert self.say(f"RCPT TO:<{recipient}>").startswith("250")

    def send(self, wire: bytes) -> str:
        """DATA with the octets as given, the end of the text included."""
        assert self.say("DATA").startswith("354")
        self.raw(wire)
        return self.reply()

    def start_tls(self, context: ssl.SSLContext, *, early: bytes = b"") -> None:
        self.raw(b"STARTTLS\r\n" + early)
        assert self.reply().startswith("220")
        self._socket = context.wrap_socket(self._socket, server_hostname="gw.example.org")

    def is_closed(self) -> bool:
        """Wait for the end of the connection."""
        with contextlib.suppress(ConnectionError):
            while block := self._socket.recv(4096):
                self._received += block
        return True

    def _reply_line(self) -> str:
        while b"\r\n" not in self._received:
            block = self._socket.recv(65536)
            if not block:
                raise EOFError(f"closed after {self._received!r}")
            self._received += block
        line, _, self._received = self._received.partition(b"\r\n")
        assert len(line) + 2 <= 512
        return line.decode("ascii")
