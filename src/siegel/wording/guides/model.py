"""What a guide consists of: chapters of paragraphs, acts, notes, and places for facts."""

from dataclasses import dataclass
from enum import StrEnum

from siegel.wording.words import Language


class Audience(StrEnum):
    """Partners outside, by the mail program they use; or our own people."""

    PARTNER = "partner"
    STAFF = "staff"


class Kind(StrEnum):
    """The chapters of a guide in their order. The first five are done once; the rest is read when
    it is needed."""

    GET = "get"
    CHAIN = "chain"
    CONTACT = "contact"
    STORE = "store"
    WRITE = "write"
    OWN = "own"
    NOT_TRUSTED = "not_trusted"
    DAILY = "daily"
    RENEWAL = "renewal"


ONCE = (Kind.GET, Kind.CHAIN, Kind.CONTACT, Kind.STORE, Kind.WRITE)


class Fact(StrEnum):
    """What only the office knows, put into the text as a block of its own."""

    FILES = "files"
    FINGERPRINTS = "fingerprints"
    ISSUERS = "issuers"
    OWN_KEY = "own_key"
    TRY = "try"
    CONTACT = "contact"


class Style(StrEnum):
    """STRONG: words of a menu or a button. CODE: something to type, or a file."""

    PLAIN = "plain"
    STRONG = "strong"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Span:
    style: Style
    text: str


Spans = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    spans: Spans


@dataclass(frozen=True, slots=True)
class Acts:
    """What to do, one after the other."""

    acts: tuple[Spans, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """What is easily missed."""

    spans: Spans


@dataclass(frozen=True, slots=True)
class Typed:
    """Lines to type into a terminal."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    fact: Fact


@dataclass(frozen=True, slots=True)
class Link:
    title: str
    url: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Links:
    title: str
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Print:
    """The fingerprint of one authority, hex."""

    name: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Fingerprints:
    title: str
    prints: tuple[Print, ...]


Block = Paragraph | Acts | Note | Typed | Place | Links | Fingerprints


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture by its template, with the words that stand in it."""

    template: str
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One chapter. ``drawing`` None: words alone."""

    kind: Kind
    title: str
    blocks: tuple[Block, ...]
    drawing: Drawing | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """A guide in one language. ``tested``: what was tried here, in one sentence, or that nothing
    was. ``limits``: what this program cannot do, "" = nothing known."""

    slug: str
    audience: Audience
    language: Language
    name: str
    systems: str
    tested: str
    limits: str
    steps: tuple[Step, ...]
