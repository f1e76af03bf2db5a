"""A next hop that records what it gets, octet by octet, and misbehaves as it is told.

Plain sockets and its own reading of DATA: no code of the gateway and no SMTP library is involved,
so what it recorded is what was on the wire. Use it as a context manager.
"""

import contextlib
import socket
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

DROP = object()
"""Close the connection instead of answering."""
SILENCE = object()
"""Never answer, but stay connected."""
ENDLESS = object()
"""Answer with a reply that has no last line."""

ALL_EXTENSIONS = ("PIPELINING", "SIZE 104857600", "8BITMIME", "SMTPUTF8", "DSN", "XFORWARD NAME")


@dataclass(slots=True)
class Delivery:
    """One message taken: the arguments as sent, the message without dot-stuffing."""

    sender: str
    mail_parameters: tuple[str, ...]
    recipients: tuple[str, ...]
    rcpt_parameters: Mapping[str, tuple[str, ...]]
    content: bytes
    tls: bool
    greeting: str


@dataclass(slots=True)
class _Talk:
    tls: bool = False
    greeting: str = ""
    sender: str = ""
    mail_parameters: tuple[str, ...] = ()
    recipients: dict[str, tuple[str, ...]] = field(default_factory=dict)


class RecordingNextHop:
    """An SMTP server on a free loopback port.

    ``answers`` replaces answers: the key is ``BANNER``, a verb, ``RCPT address`` for one recipient,
    or ``END`` for the end of DATA; the value is the reply, octets to send as they are, or ``DROP``,
    ``SILENCE``, ``ENDLESS``.
    """

    def __init__(
        self,
        *,
        extensions: tuple[str, ...] = ALL_EXTENSIONS,
        answers: Mapping[str, object] | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.extensions = extensions
        self.answers = dict(answers or {})
        self.deliveries: list[Delivery] = []
        self.commands: list[str] = []
        self.connections = 0
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._acceptor = threading.Thread(target=self._accept, daemon=True)

    @property
    def host(self) -> str:
        return str(self._listener.getsockname()[0])

    @property
    def port(self) -> int:
        return int(self._listener.getsockname()[1])

    @property
    def contents(self) -> list[bytes]:
        return [delivery.content for delivery in self.deliveries]

    def __enter__(self) -> Self:
        self._acceptor.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._acceptor.join()
        for connection in tuple(self._open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        self._open.add(connection)
        talk = _Talk()
        try:
            connection, _ = self._answer(connection, "BANNER", "220 recorder ESMTP")
            while line := _line(connection):
                connection = self._command(connection, line, talk)
        except (OSError, EOFError):
            pass
        finally:
            self._open.discard(connection)
            connection.close()

    def _command(self, connection: socket.socket, line: str, talk: _Talk) -> socket.socket:
        self.commands.append(line)
        verb = line.split(" ")[0].upper()
        match verb:
            case "EHLO" | "HELO":
                talk.greeting = f"{verb} {line[5:]}"
                return self._answer(connection, verb, self._offers(talk))[0]
            case "STARTTLS" if self._tls is not None:
                return self._start_tls(connection, talk)
            case "MAIL":
                talk.sender, talk.mail_parameters = _path(line)
                talk.recipients = {}
                return self._answer(connection, "MAIL", "250 2.1.0 ok")[0]
            case "RCPT":
                return self._rcpt(connection, line, talk)
            case "DATA":
                return self._data(connection, talk)
            case "QUIT":
                self._answer(connection, "QUIT", "221 2.0.0 bye")
                raise EOFError
            case _:
                return self._answer(connection, verb, "250 2.0.0 ok")[0]

    def _offers(self, talk: _Talk) -> str:
        tls = ("STARTTLS",) if self._tls is not None and not talk.tls else ()
        lines = ("recorder", *self.extensions, *tls)
        return "\r\n".join([*(f"250-{line}" for line in lines[:-1]), f"250 {lines[-1]}"])

    def _start_tls(self, connection: socket.socket, talk: _Talk) -> socket.socket:
        assert self._tls is not None
        connection, go_on = self._answer(connection, "STARTTLS", "220 go")
        if not go_on:
            return connection
        self._open.discard(connection)
        secured = self._tls.wrap_socket(connection, server_side=True)
        self._open.add(secured)
        talk.tls = True
        return secured

    def _rcpt(self, connection: socket.socket, line: str, talk: _Talk) -> socket.socket:
        recipient, parameters = _path(line)
        key = f"RCPT {recipient}" if f"RCPT {recipient}" in self.answers else "RCPT"
        connection, good = self._answer(connection, key, "250 2.1.5 ok")
        if good:
            talk.recipients[recipient] = parameters
        return connection

    def _data(self, connection: socket.socket, talk: _Talk) -> socket.socket:
        connection, good = self._answer(connection, "DATA", "354 go on")
        if not good:
            return connection
        content = _message(connection)
        connection, taken = self._answer(connection, "END", "250 2.0.0 taken")
        if taken:
            self.deliveries.append(
                Delivery(
                    sender=talk.sender,
                    mail_parameters=talk.mail_parameters,
                    recipients=tuple(talk.recipients),
                    rcpt_parameters=dict(talk.recipients),
                    content=content,
                    tls=talk.tls,
                    greeting=talk.greeting,
                )
            )
        return connection

    def _answer(
        self, connection: socket.socket, key: str, usual: str
    ) -> tuple[socket.socket, bool]:
        """Answer, and say whether the answer was a good one."""
        answer = self.answers.get(key, usual)
        if answer is DROP:
            raise EOFError
        if answer is SILENCE:
            connection.recv(1)
            raise EOFError
        while answer is ENDLESS:
            connection.sendall(b"250-and so on\r\n" * 100)
        text = answer if isinstance(answer, bytes) else f"{answer}\r\n".encode()
        connection.sendall(text)
        return connection, text[:1] in (b"2", b"3")


def _line(connection: socket.socket) -> str:
    octets = b""
    while not octets.endswith(b"\r\n"):
        octet = connection.recv(1)
        if not octet:
            raise EOFError
        octets += octet
    return octets[:-2].decode("utf-8")


def _path(line: str) -> tuple[str, tuple[str, ...]]:
    inner, _, parameters = line.partition("<")[2].rpartition(">")
    return inner, tuple(parameters.split())


def _message(connection: socket.socket) -> bytes:
    wire = bytearray(b"\r\n")
    while b"\r\n.\r\n" not in wire[-5:]:
        block = connection.recv(1 << 20)
        if not block:
            raise EOFError
        wire += block
    return bytes(wire[:-3]).replace(b"\r\n.", b"\r\n")[2:]
