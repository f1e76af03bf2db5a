"""One side of the table: it writes a format, and it judges what another one wrote.

``read`` goes inwards layer by layer, each opened or verified by the peer itself; the MIME around
the layers is the naive reading of ``tests.peers.mime``.
"""

import email
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Final, Protocol

from tests.interop.matrix.formats import Carry, Compress, Encrypt, Format, Sign, Step
from tests.world import WORLD, Person


class NoWay(Exception):
    """There is no option to ask for this, or no way to show it; nothing can be judged."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What was to be said, and the message that says it."""

    format: Format
    text: str
    message: bytes

    @property
    def entity(self) -> bytes:
        """The octets that are protected, unless a mail program put them together itself."""
        return entity(self.text)

    def said_in(self, shown: str) -> bool:
        """Whether ``shown`` has the words; mail programs flow lines and add headings."""
        return " ".join(self.text.split()) in " ".join(shown.split())


class Side(ABC):
    """``write`` raises ``NoWay`` or the writer's own refusal."""

    name: str

    @property
    @abstractmethod
    def version(self) -> str: ...

    @abstractmethod
    def write(self, format: Format) -> Letter: ...

    @abstractmethod
    def read(self, letter: Letter) -> str:
        """Its reserve in its own words; nothing if it finds everything good.

        Raises ``PeerError`` with its own words if it does not open or verify the message. What it
        shows must be what was said: everything else is an ``AssertionError``.
        """


class LayerSide(Side):
    """A peer that handles one layer at a time."""

    def write(self, format: Format) -> Letter:
        text = text_of(format)
        part = entity(text)
        for step in format.steps:
            part = self._wrapped(part, step)
        return Letter(format, text, header(format) + b"MIME-Version: 1.0\r\n" + part)

    def read(self, letter: Letter) -> str:
        part, steps = letter.message, list(letter.format.steps)
        while steps:
            step = steps.pop()
            if isinstance(step, Carry):
                assert self.certificates(part) >= ders(step)
                return ""
            part = self._undone(part, step)
        assert part == letter.entity, "another content"
        return ""

    def _wrapped(self, part: bytes, step: Step) -> bytes:
        match step:
            case Sign():
                return self.sign(part, step)
            case Encrypt():
                return self.encrypt(part, step)
            case Compress():
                return self.compress(part)
            case Carry():
                return self.carry(step)

    def _undone(self, part: bytes, step: Sign | Encrypt | Compress) -> bytes:
        match step:
            case Sign():
                return self.verify(part)
            case Encrypt():
                return self.decrypt(part, step)
            case Compress():
                return self.expand(part)

    @abstractmethod
    def sign(self, content: bytes, step: Sign) -> bytes: ...

    @abstractmethod
    def encrypt(self, content: bytes, step: Encrypt) -> bytes: ...

    def compress(self, content: bytes) -> bytes:
        del content
        raise NoWay("has no command for it")

    def carry(self, step: Carry) -> bytes:
        del step
        raise NoWay("has no command for it")

    @abstractmethod
    def verify(self, part: bytes) -> bytes: ...

    @abstractmethod
    def decrypt(self, part: bytes, step: Encrypt) -> bytes: ...

    @abstractmethod
    def expand(self, part: bytes) -> bytes: ...

    @abstractmethod
    def certificates(self, part: bytes) -> set[bytes]: ...


NOT_IN_PKCS12: Final = frozenset({"carla_encrypt", "quentin", "quentin_encrypt"})
"""Whose private key no peer can take in by file: their programs know of no such key."""


class TakesFiles(Protocol):
    def import_key(self, *people: Person) -> None: ...
    def import_certificate(self, *people: Person) -> None: ...


class Shelf:
    """What a peer was given already: each key and certificate once, when it is asked for.

    So the refusal of a key that a peer cannot take in is its word about that cell alone.
    """

    def __init__(self, put: Callable[[Person], None]) -> None:
        self._put = put
        self._there: set[str] = set()

    def need(self, names: Iterable[str]) -> None:
        for name in names:
            if name not in self._there:
                self._put(WORLD.person(name))
                self._there.add(name)


class Keys(Shelf):
    """The keys of people, and the certificate alone where no file holds the key."""

    def __init__(self, peer: TakesFiles) -> None:
        super().__init__(self._take)
        self._peer = peer

    def _take(self, person: Person) -> None:
        bare = person.name in NOT_IN_PKCS12
        (self._peer.import_certificate if bare else self._peer.import_key)(person)


def text_of(format: Format) -> str:
    """Another one for every format; long enough for several segments of 1,000 octets."""
    lines = [f"Zeile {number} der Nachricht {format.name}" for number in range(1, 120)]
    return "\r\n".join(["Guten Tag,", "", *lines, ""])


def entity(text: str) -> bytes:
    return (
        "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 7bit\r\n\r\n" + text
    ).encode("ascii")


def header(format: Format) -> bytes:
    """The fields of a letter of now: some programs compare Date with the time of signing."""
    sender = WORLD.person(format.sender).address
    names = format.readers or ("bob",)
    recipients = ", ".join(WORLD.person(name).address for name in names)
    return (
        f"From: {sender}\r\nTo: {recipients}\r\nSubject: {format.name}\r\n"
        f"Date: {format_datetime(datetime.now(UTC))}\r\n"
        f"Message-ID: <{format.name}@office.example>\r\n"
    ).encode("ascii")


def people(names: tuple[str, ...]) -> list[Person]:
    return [WORLD.person(name) for name in names]


def ders(step: Carry) -> set[bytes]:
    return {person.certificate_der for person in people(step.people)}


def is_multipart(part: bytes) -> bool:
    return email.message_from_bytes(part).get_content_type() == "multipart/signed"
