"""Address lists (RFC 5322 §3.4, RFC 6532 §3.2), read so strictly that no guess becomes an address.

Deciding parsers and showing programs disagree about comments, groups, routes, blanks inside an
address and encoded words. Whoever signs as one address and is shown as another lives from that, so
all of these yield a mailbox without an address. Quoted local parts are read as written.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from itertools import pairwise
from typing import NamedTuple

from siegel.base.address import MAX_DOMAIN, MAX_LOCAL, EmailAddress
from siegel.base.errors import MalformedAddress
from siegel.mime.words import decode_words

_LEXEME = re.compile(
    r'[ \t]+|"(?:[^"\\]|\\.)*+"|(?P<open>"(?s:.)*)|[][<>,:;@.\\()]|[^][<>,:;@.\\()" \t]+'
)  # a quote that is never closed takes the whole rest, so that nobody looks for its end twice
_BRACKET = re.compile(r"\\.|[()]")
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_CLOSING = {"<": ">", "[": "]", ":": ";"}
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp", "Zs"})
_MAX_LEXEMES = 20_000  # a thousand recipients with long names need fewer; the rest is no address
_LIKE_ADDRESS = re.compile(r"(?<![^\s@])[^\s@]++ ?@ ?[^\s@]++")
_AROUND = "'\"()<>[]{},;:„“”‚‘’.!?"  # what people put around an address in a name
_MAX_ADDRESS = MAX_LOCAL + 1 + MAX_DOMAIN


@dataclass(frozen=True, slots=True)
class Mailbox:
    """One entry of an address list; ``display`` only ever serves showing.

    ``address`` is None for a group and for everything that is not beyond doubt one address.
    """

    display: str
    address: EmailAddress | None
    raw: str


def shows_another_address(mailbox: Mailbox) -> bool:
    """The display name is, or holds, an address that is not this one: ``"a@x.example" <b@y>``.

    Legal, and good for nothing but to be taken for somebody else by whoever is shown names only.
    """
    if mailbox.address is None:
        return False
    shown = unicodedata.normalize("NFKC", mailbox.display)
    visible = "".join(c for c in shown if unicodedata.category(c) != "Cf")
    own = str(mailbox.address)
    found = ("".join(match[0].split()).strip(_AROUND) for match in _LIKE_ADDRESS.finditer(visible))
    return any("." in text.rpartition("@")[2] and _folded(text) != own for text in found)


def _folded(text: str) -> str | None:
    try:
        return str(EmailAddress.parse(text))
    except MalformedAddress:
        return None


class _Kind(Enum):
    BLANK = auto()
    COMMENT = auto()
    QUOTED = auto()
    SPECIAL = auto()
    ATOM = auto()


class _Token(NamedTuple):
    kind: _Kind
    text: str


_CFWS = (_Kind.BLANK, _Kind.COMMENT)


def parse_mailboxes(value: str, *, only_ascii: bool = False) -> tuple[Mailbox, ...]:
    """The entries of an unfolded address list, in order; never raises.

    ``only_ascii``: the characters above ASCII are a guess (the octets were no UTF-8), so an
    address that contains some is none.
    """
    elements = (_trimmed(element) for element in _elements(_tokens(value)))
    return tuple(_mailbox(element, only_ascii) for element in elements if element)


def _tokens(value: str) -> Iterator[_Token]:
    position = 0
    for _ in range(_MAX_LEXEMES):
        found = _LEXEME.match(value, position)
        if found is None:
            return
        text, kind = found[0], _Kind.SPECIAL if found["open"] else _kind(found[0])
        if text == "(":
            text, kind = _comment(value, position)
        position += len(text)
        yield _Token(kind, text)
    yield _Token(_Kind.SPECIAL, value[position:])


def _comment(value: str, start: int) -> tuple[str, _Kind]:
    """The comment from ``start`` on; one that never ends spoils the whole rest."""
    depth = 0
    for bracket in _BRACKET.finditer(value, start):
        depth += {"(": 1, ")": -1}.get(bracket[0], 0)
        if not depth:
            return value[start : bracket.end()], _Kind.COMMENT
    return value[start:], _Kind.SPECIAL


def _kind(text: str) -> _Kind:
    if text[0] in " \t":
        return _Kind.BLANK
    if text[0] == '"':
        return _Kind.QUOTED
    return _Kind.SPECIAL if text in "[]<>,:;@.\\()" else _Kind.ATOM


def _elements(tokens: Iterator[_Token]) -> Iterator[list[_Token]]:
    """What stands between commas; a bracket or group that never closes takes the whole rest."""
    element: list[_Token] = []
    closing: str | None = None
    for token in tokens:
        special = token.text if token.kind is _Kind.SPECIAL else None
        if special == "," and closing is None:
            yield element
            element = []
            continue
        if closing is None:
            closing = _CLOSING.get(special or "")
        elif special == closing:
            closing = None
        element.append(token)
    yield element


def _mailbox(element: list[_Token], only_ascii: bool) -> Mailbox:
    raw = "".join(token.text for token in element).strip()
    specials = [token.text for token in element if token.kind is _Kind.SPECIAL]
    if "<" in specials:
        phrase, spec = _named(element)
    elif ":" in specials:
        phrase, spec = element[: [token.text for token in element].index(":")], None
    else:
        phrase, spec = _bare(element)
    address = None if spec is None or _misleading(element) else _address(spec, only_ascii)
    if address and any(token.kind is _Kind.SPECIAL and token.text != "." for token in phrase):
        address = address if _address(_text(phrase).strip(), only_ascii) == address else None
    return Mailbox(_display(phrase), address, raw)


def _named(element: list[_Token]) -> tuple[list[_Token], str | None]:
    """``phrase <address>``: exactly one pair of brackets, and nothing after it but comments."""
    texts = [token.text if token.kind is _Kind.SPECIAL else "" for token in element]
    opens = texts.index("<")
    inner = _trimmed(element[opens + 1 :], _CFWS)
    if texts.count("<") != 1 or texts.count(">") != 1 or not inner or inner[-1].text != ">":
        return element[:opens], None
    return element[:opens], _spec(_trimmed(inner[:-1]))


def _bare(element: list[_Token]) -> tuple[list[_Token], str | None]:
    """``address (comment)``, the oldest form; the comment is shown as the name."""
    comments = [token for token in element if token.kind is _Kind.COMMENT]
    return comments, _spec(_trimmed(element, _CFWS))


def _spec(tokens: Sequence[_Token]) -> str | None:
    return None if any(token.kind in _CFWS for token in tokens) else _text(tokens)


def _address(spec: str, only_ascii: bool) -> EmailAddress | None:
    if len(spec) > _MAX_ADDRESS or "=?" in spec or (only_ascii and not spec.isascii()):
        return None
    if any(unicodedata.category(character) in _INVISIBLE for character in spec.replace(" ", "")):
        return None
    try:
        return EmailAddress.parse(spec)
    except MalformedAddress:
        return None


def _misleading(element: list[_Token]) -> bool:
    """Some programs would show another address than the one that stands there.

    That is so for something like an address in a comment or a quoted local part, and for NUL and
    other control characters anywhere.
    """
    texts = [token.text for token in element]
    hidden = [token.text for token in element if token.kind is _Kind.COMMENT]
    hidden += [text for text, after in pairwise(texts) if after == "@" and text.startswith('"')]
    return any(set("@<>") & set(text) for text in hidden) or bool(_CONTROL.search("".join(texts)))


def _display(phrase: Sequence[_Token]) -> str:
    return decode_words(" ".join("".join(_shown(token) for token in phrase).split()))


def _shown(token: _Token) -> str:
    if token.kind in (_Kind.QUOTED, _Kind.COMMENT):
        return re.sub(r"\\(.)", r"\1", token.text[1:-1])
    return token.text


def _text(tokens: Sequence[_Token]) -> str:
    return "".join(token.text for token in tokens)


def _trimmed(tokens: list[_Token], kinds: tuple[_Kind, ...] = (_Kind.BLANK,)) -> list[_Token]:
    """Without tokens of ``kinds`` at both ends."""
    start, stop = 0, len(tokens)
    while start < stop and tokens[start].kind in kinds:
        start += 1
    while stop > start and tokens[stop - 1].kind in kinds:
        stop -= 1
    return tokens[start:stop]
