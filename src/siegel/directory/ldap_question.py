"""What somebody asks our LDAP directory: a filter (RFC 4515) as slapd hands it on.

Only whoever names an address exactly gets its entry: the staff cannot be listed by ``(mail=*)`` or
letter by letter, unless the administrator allows listing. Filters come from strangers, so they are
read with limits, and what is not understood matches nothing.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from siegel.base.errors import LimitExceeded, MalformedMessage

LONGEST_FILTER = 8000  # characters; address books ask with about 500
DEEPEST_FILTER = 12  # brackets in one another; address books use three or four
MOST_ITEMS = 100  # comparisons; address books ask with about ten
SHORTEST_PREFIX = 3  # characters that somebody must type before names are listed

_ITEM = re.compile(r"([A-Za-z0-9.;-]+)(=|~=|>=|<=)(.*)\Z", re.DOTALL)
_ESCAPE = re.compile(r"\\([0-9A-Fa-f]{2})")
_NAMING = frozenset({"mail", "rfc822mailbox", "0.9.2342.19200300.100.1.3"})
_BY_NAME = frozenset({"mail", "cn", "sn", "givenname", "displayname"})

Attributes = Mapping[str, Sequence[str]]
"""Values by attribute name in lower case; those that can be compared."""


@dataclass(frozen=True, slots=True)
class All:
    """``&``; without members it is true (RFC 4526)."""

    of: tuple["Filter", ...]


@dataclass(frozen=True, slots=True)
class Either:
    """``|``; without members it is false."""

    of: tuple["Filter", ...]


@dataclass(frozen=True, slots=True)
class Not:
    of: "Filter"


@dataclass(frozen=True, slots=True)
class Comparison:
    """``pieces``: one for an equality; the texts between the stars else, empty ones included."""

    attribute: str
    pieces: tuple[str, ...]

    @property
    def is_exact(self) -> bool:
        return len(self.pieces) == 1

    @property
    def prefix(self) -> str:
        return "" if self.is_exact else self.pieces[0]


@dataclass(frozen=True, slots=True)
class Unknown:
    """What slapd or we do not understand: neither true nor false, its negation neither."""


Filter = All | Either | Not | Comparison | Unknown


def read(text: str) -> Filter:
    """Raises ``MalformedMessage`` and ``LimitExceeded``."""
    if len(text) > LONGEST_FILTER:
        raise LimitExceeded("filter too long", limit="ldap_filter")
    reader = _Reader(text.strip())
    found = reader.filter(0)
    reader.end()
    return found


def named_addresses(asked: Filter) -> tuple[str, ...]:
    """The addresses that somebody knew and asked for by equality, as they were written."""
    values = (one.pieces[0] for one in _positive(asked) if one.is_exact and _names(one))
    return tuple(dict.fromkeys(values))


def begins_a_name(asked: Filter) -> bool:
    """Whether somebody types the beginning of a name or address, as address books do."""
    return any(_begins(one) for one in _positive(asked))


def has_beginnings(asked: Filter) -> bool:
    """Any beginning at all: an address book while somebody types."""
    return any(one.prefix for one in _positive(asked))


def is_named(asked: Filter, entry: Attributes) -> bool:
    """Whether the entry was named, by its address or by a beginning that is long enough. What
    stands beside that in a filter chooses among these, and brings no others."""
    return any(
        _fits(one, value)
        for one in _positive(asked)
        if (one.is_exact and _names(one)) or _begins(one)
        for value in entry.get(one.attribute, ())
    )


def matches(asked: Filter, entry: Attributes) -> bool:
    return _judge(asked, entry) is True


def _names(one: Comparison) -> bool:
    return one.attribute in _NAMING


def _begins(one: Comparison) -> bool:
    return one.attribute in _BY_NAME and len(one.prefix) >= SHORTEST_PREFIX


def _positive(asked: Filter) -> Iterator[Comparison]:
    """Comparisons that are not denied."""
    match asked:
        case Comparison():
            yield asked
        case All() | Either():
            for each in asked.of:
                yield from _positive(each)
        case _:
            return


def _judge(asked: Filter, entry: Attributes) -> bool | None:
    """RFC 4511 §4.5.1.7: three values."""
    match asked:
        case All():
            judged = [_judge(each, entry) for each in asked.of]
            return False if False in judged else None if None in judged else True
        case Either():
            judged = [_judge(each, entry) for each in asked.of]
            return True if True in judged else None if None in judged else False
        case Not():
            found = _judge(asked.of, entry)
            return None if found is None else not found
        case Comparison():
            return any(_fits(asked, value) for value in entry.get(asked.attribute, ()))
        case Unknown():
            return None


def _fits(asked: Comparison, value: str) -> bool:
    text = _folded(value)
    if asked.is_exact:
        return text == _folded(asked.pieces[0])
    first, *middle, last = (_folded(piece) for piece in asked.pieces)
    if len(text) < len(first) + len(last) or not text.startswith(first):
        return False
    at, end = len(first), len(text) - len(last)
    for piece in middle:
        found = text.find(piece, at, end)
        if found < 0:
            return False
        at = found + len(piece)
    return text.endswith(last)


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._items = 0

    def filter(self, depth: int) -> Filter:
        if depth > DEEPEST_FILTER:
            raise LimitExceeded("filter too deep", limit="ldap_filter")
        self._take("(")
        match self._peek():
            case "&":
                found: Filter = All(self._list(depth))
            case "|":
                found = Either(self._list(depth))
            case "!":
                self._at += 1
                found = Not(self.filter(depth + 1))
            case _:
                found = self._item()
        self._take(")")
        return found

    def end(self) -> None:
        if self._at != len(self._text):
            raise MalformedMessage("something behind the filter")

    def _list(self, depth: int) -> tuple[Filter, ...]:
        self._at += 1
        found = []
        while self._peek() == "(":
            found.append(self.filter(depth + 1))
        return tuple(found)

    def _item(self) -> Filter:
        self._items += 1
        if self._items > MOST_ITEMS:
            raise LimitExceeded("filter with too many comparisons", limit="ldap_filter")
        end = self._text.find(")", self._at)
        if end < 0:
            raise MalformedMessage("a filter without its end")
        text, self._at = self._text[self._at : end], end
        found = _ITEM.match(text)
        if found is None or found[2] != "=":  # slapd writes (?=undefined) and the like
            return Unknown()
        pieces = tuple(_unescaped(piece) for piece in found[3].split("*"))
        return Comparison(found[1].partition(";")[0].lower(), pieces)

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _take(self, bracket: str) -> None:
        if self._peek() != bracket:
            raise MalformedMessage("brackets that do not match")
        self._at += 1


def _unescaped(piece: str) -> str:
    octets = _ESCAPE.sub(lambda m: chr(int(m[1], 16)), piece)
    try:
        return octets.encode("latin-1").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return piece
