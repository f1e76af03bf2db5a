"""The client's side of one SMTP connection: smtplib's connection and TLS, our replies and DATA.

Two things smtplib does are not acceptable here. It stuffs dots behind a bare LF and copies the
message to do so: our writer sends the given bytes, stuffed as RFC 5321 §4.5.2 says and nothing
else. It reads replies without an end: ours are bounded, and garbage is an error.
"""

import contextlib
import io
import re
import smtplib
import socket
import ssl
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from siegel.base.buffers import Buffer
from siegel.transport.bounded_source import BoundedSource
from siegel.transport.fetching import Budget

MAX_REPLY_LINES = 200  # EHLO has about 15; a server that never ends its reply must not hold us
MAX_REPLY_LINE = 4096  # octets; RFC 5321 §4.5.3.1.5 allows 512, real servers write longer ones
MAX_REPLY_TEXT = 500  # characters kept for the journal
BLOCK = 256 * 1024  # octets looked at and sent at a time; each may take ``Patience.block``

_REPLY = re.compile(rb"([2-5][0-9][0-9])(?:([ -])(.*))?\Z", re.DOTALL)
_ENHANCED = re.compile(r"([245]\.[0-9]{1,3}\.[0-9]{1,3})(?:\s+|\Z)")
_UNPRINTABLE = re.compile(r"[^\x20-\x7e]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Seconds to wait. Less than RFC 5321 §4.5.3.2 asks of clients, because another server waits
    ten minutes for our own answer meanwhile."""

    connect: float = 30.0
    command: float = 60.0
    block: float = 120.0
    final: float = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageProfile:
    """What a message asks of the server that takes it."""

    size: int
    eight_bit: bool
    eight_bit_header: bool
    canonical: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One reply: ``enhanced`` is RFC 3463's code, made from the class where none was given."""

    code: int
    enhanced: str
    text: str

    @property
    def good(self) -> bool:
        return 200 <= self.code < 300

    @property
    def permanent(self) -> bool:
        return self.code >= 500


class UnclearOutcome(Exception):
    """The connection failed after the message was complete: it may have been taken."""


def profile(chunks: Iterable[Buffer]) -> MessageProfile:
    """Look once at all bytes. ``canonical``: no CR and no LF but in CRLF (RFC 5321 §2.3.8)."""
    size, in_header = 0, True
    eight_bit, eight_bit_header, canonical = False, False, True
    for piece in _whole_lines(chunks):
        size += len(piece)
        canonical = canonical and _only_crlf(piece)
        if not piece.isascii():
            eight_bit = True
            eight_bit_header |= in_header and not _before_blank_line(piece).isascii()
        in_header = in_header and len(_before_blank_line(piece)) == len(piece)
    return MessageProfile(
        size=size, eight_bit=eight_bit, eight_bit_header=eight_bit_header, canonical=canonical
    )


def _before_blank_line(piece: bytes) -> bytes:
    if piece.startswith(b"\r\n"):
        return b""
    return piece.partition(b"\r\n\r\n")[0] if b"\r\n\r\n" in piece else piece


def _only_crlf(piece: bytes) -> bool:
    pairs = piece.count(b"\r\n")
    return piece.count(b"\r") == pairs and piece.count(b"\n") == pairs


def _whole_lines(chunks: Iterable[Buffer]) -> Iterator[bytes]:
    """The same bytes in pieces of about ``BLOCK``; only the last may end within a line."""
    rest: list[bytes] = []
    for block in _blocks(chunks):
        end = block.rfind(b"\n") + 1
        if end:
            yield b"".join((*rest, block[:end]))
            rest = []
        if block[end:]:
            rest.append(block[end:])
    if rest:
        yield b"".join(rest)


def _blocks(chunks: Iterable[Buffer]) -> Iterator[bytes]:
    for chunk in chunks:
        view = memoryview(chunk)
        for start in range(0, len(view), BLOCK):
            yield bytes(view[start : start + BLOCK])


def stuffed(chunks: Iterable[Buffer]) -> Iterator[bytes]:
    """The message as DATA carries it, with its end (RFC 5321 §4.5.2).

    A last line without CRLF gets one: the end of DATA cannot be written otherwise.
    """
    last = b"\r\n"
    for piece in _whole_lines(chunks):
        start = b"." if piece.startswith(b".") else b""
        yield start + piece.replace(b"\r\n.", b"\r\n..")
        last = piece[-2:]
    yield b".\r\n" if last == b"\r\n" else b"\r\n.\r\n"


class Dialogue:
    """One connection. Raises ``OSError`` or ``smtplib.SMTPException`` when it cannot go on.

    ``connection`` is one to the host that was made already. With ``budget`` all replies together
    have so much time, until ``unhurried``.
    """

    def __init__(
        self,
        host: str,
        port: int,
        *,
        local_hostname: str,
        patience: Patience,
        connection: socket.socket | None = None,
        budget: Budget | None = None,
    ) -> None:
        self._patience = patience
        self._smtp = _BoundedReplies(
            host,
            port,
            local_hostname=local_hostname,
            timeout=patience.connect,
            connection=connection,
            budget=budget,
        )
        self._smtp.command_encoding = "utf-8"
        try:
            # the end of DATA must not wait for the acknowledgement of what goes before it (Nagle)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._wait(patience.command)
            self._greet()
        except BaseException:
            self.close()
            raise

    def secure(self, context: ssl.SSLContext) -> None:
        code, _ = self._smtp.starttls(context=context)
        if code != 220:
            raise smtplib.SMTPResponseException(code, "STARTTLS was refused")
        self._greet()

    def offers(self, extension: str) -> bool:
        return self._smtp.has_extn(extension)

    @property
    def mechanisms(self) -> frozenset[str]:
        """RFC 4954 §3: how one may log in."""
        return frozenset(self._smtp.esmtp_features.get("auth", "").upper().split())

    def unhurried(self) -> None:
        """From now on each reply has its own time."""
        self._smtp.relieve()
        self._wait(self._patience.command)

    @property
    def size_limit(self) -> int:
        """RFC 1870: 0 if none was announced."""
        announced = self._smtp.esmtp_features.get("size", "")
        return int(announced) if announced.isascii() and announced.isdigit() else 0

    def say(self, command: str) -> Answer:
        self._smtp.putcmd(command)
        return self._answer()

    def send(self, chunks: Iterable[Buffer]) -> Answer:
        """DATA. Raises ``UnclearOutcome`` if the answer to the final dot never came."""
        self._smtp.putcmd("DATA")
        go_ahead = self._answer()
        if go_ahead.code != 354:
            return _unexpected(go_ahead)
        self._wait(self._patience.block)
        for block in stuffed(chunks):
            self._socket.sendall(block)
        try:
            self._wait(self._patience.final)
            answer = self._answer()
        except (OSError, smtplib.SMTPException) as error:
            raise UnclearOutcome from error
        return _unexpected(answer) if answer.code < 400 and not answer.good else answer

    def farewell(self) -> None:
        """QUIT; whatever comes of it changes nothing any more."""
        with contextlib.suppress(OSError, smtplib.SMTPException):
            self._wait(self._patience.connect)
            self._smtp.putcmd("QUIT")
            self._smtp.getreply()

    def close(self) -> None:
        self._smtp.close()

    def _greet(self) -> None:
        code, _ = self._smtp.ehlo()
        if not 200 <= code < 300:
            code, _ = self._smtp.helo()
        if not 200 <= code < 300:
            raise smtplib.SMTPHeloError(code, "no greeting")

    def _answer(self) -> Answer:
        code, text = self._smtp.getreply()
        words = _UNPRINTABLE.sub(" ", text.decode("utf-8", "replace")).strip()
        found = _ENHANCED.match(words)
        enhanced = found[1] if found and int(found[1][0]) == code // 100 else f"{code // 100}.0.0"
        return Answer(
            code=code, enhanced=enhanced, text=words[found.end() if found else 0 :][:MAX_REPLY_TEXT]
        )

    def _wait(self, seconds: float) -> None:
        self._socket.settimeout(seconds)

    @property
    def _socket(self) -> socket.socket:
        connection = self._smtp.sock
        if connection is None:
            raise smtplib.SMTPServerDisconnected("the connection has ended")
        return connection


class _BoundedReplies(smtplib.SMTP):
    """smtplib's connection with an end to what a server may say."""

    def __init__(
        self,
        host: str,
        port: int,
        *,
        local_hostname: str,
        timeout: float,
        connection: socket.socket | None,
        budget: Budget | None,
    ) -> None:
        self._connection, self._budget = connection, budget
        super().__init__(host, port, local_hostname=local_hostname, timeout=timeout)

    def relieve(self) -> None:
        self._budget = self._source.budget = None

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        if self._connection is not None:
            return self._connection
        made: socket.socket = super()._get_socket(host, port, timeout)  # type: ignore[misc]  # not in the stubs
        return made

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None:
            if self.sock is None:
                raise smtplib.SMTPServerDisconnected("the connection has ended")
            self._source = BoundedSource(self.sock, self._budget, None)
            self.file = io.BufferedReader(self._source)
        lines: list[bytes] = []
        for _ in range(MAX_REPLY_LINES):
            code, more, text = self._reply_line()
            lines.append(text)
            if not more:
                return code, b"\n".join(lines)
        self.close()
        raise smtplib.SMTPServerDisconnected("the reply does not end")

    def _reply_line(self) -> tuple[int, bool, bytes]:
        if self.file is None:
            raise smtplib.SMTPServerDisconnected("the connection has ended")
        try:
            line = self.file.readline(MAX_REPLY_LINE + 1)
        except OSError:
            self.close()
            raise
        found = _REPLY.match(line.rstrip(b"\r\n"))
        if not line.endswith(b"\n") or found is None:
            self.close()
            raise smtplib.SMTPServerDisconnected("no SMTP reply")
        return int(found[1]), found[2] == b"-", (found[3] or b"").strip()


def _unexpected(answer: Answer) -> Answer:
    """A reply of a class that does not belong here counts as a temporary refusal."""
    if answer.code >= 400:
        return answer
    return Answer(code=451, enhanced="4.5.0", text="unexpected reply of the next hop")
