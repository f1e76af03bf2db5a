"""Content-Type and its like: a value with parameters (RFC 2045 §5.1, RFC 2231).

Reads what real mail contains: comments, unquoted values with blanks, continued and encoded
parameters. The first of several equal names counts, and the others are remembered as a conflict.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from siegel.mime.words import decode_charset

_WORD = r"[!#$%&'*+.^_`|~0-9A-Za-z{}-]{1,127}"  # RFC 6838 §4.2
_MEDIA = re.compile(rf"[ \t]*({_WORD})[ \t]*/[ \t]*({_WORD})(?:[; \t]|\Z)")
_PIECE = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|[();]|[^"();]+', re.DOTALL)
_NAME = r"[!#$&+.^_`|~0-9A-Za-z{}-]{1,60}"  # RFC 2231 §7: attribute-char; the longest has 30
_PARAMETER = re.compile(rf"[ \t]*({_NAME})(?:\*(\d{{1,3}}))?(\*)?[ \t]*=[ \t]*(.*)\Z", re.DOTALL)
_VALUE = r'(?:"([^"\\()]*+)"|([!#-\x27*-:<-\[\]-~]++))'  # ASCII without blanks and "();\
_PLAIN = re.compile(
    rf"[ \t]*({_WORD})/({_WORD})[ \t]*((?:;[ \t]*{_NAME}={_VALUE}[ \t]*+)*+);?[ \t]*\Z"
)
_PLAIN_PARAMETER = re.compile(rf";[ \t]*({_NAME})={_VALUE}")
_PERCENT = re.compile(rb"%([0-9A-Fa-f]{2})")
_MAX_SEGMENTS = 1000  # RFC 2231 §3 names no bound; a header section is bounded anyway


@dataclass(frozen=True, slots=True)
class ContentType:
    """A media type; ``params`` with lower-case names and decoded values.

    ``conflicts`` are the parameter names that were given more than once with different values.
    """

    type: str = "text"
    subtype: str = "plain"
    params: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    conflicts: frozenset[str] = frozenset()

    @property
    def media(self) -> str:
        return f"{self.type}/{self.subtype}"


def parse_content_type(value: str) -> ContentType:
    """The media type of ``value``; text/plain for what is none (RFC 2045 §5.2).

    Parameters are read even if the type is unreadable: that serves Content-Disposition too.
    """
    return _plain(value) or _any(value)


def _plain(value: str) -> ContentType | None:
    """The form that nearly all have, in two searches: no comment, escape, section or repetition."""
    found = _PLAIN.match(value)
    if found is None:
        return None
    pairs = _PLAIN_PARAMETER.findall(found[3])
    params = {name.lower(): quoted or bare for name, quoted, bare in pairs}
    if len(params) < len(pairs):
        return None
    return ContentType(found[1].lower(), found[2].lower(), MappingProxyType(params))


def _any(value: str) -> ContentType:
    plain = without_comments(value)
    media = _MEDIA.match(plain)
    params, conflicts = _parameters(plain)
    kind, subtype = (media[1].lower(), media[2].lower()) if media else ("text", "plain")
    return ContentType(kind, subtype, MappingProxyType(params), conflicts)


def without_comments(text: str) -> str:
    """``text`` without RFC 5322 comments; a bracket that is never closed stays."""
    if "(" not in text:
        return text
    depth = 0
    outside: list[str] = []
    for piece in _PIECE.findall(text):
        depth += (piece == "(") - (piece == ")" and depth > 0)
        outside += [piece] if not depth and piece != ")" else []
    return text if depth else "".join(outside)


def _parameters(text: str) -> tuple[dict[str, str], frozenset[str]]:
    plain: dict[str, str] = {}
    segments: dict[str, dict[int, tuple[bool, str]]] = {}
    conflicts: set[str] = set()
    for name, section, encoded, value in _pairs(text):
        if section is None and not encoded:
            if plain.setdefault(name, value) != value:
                conflicts.add(name)
        elif segments.setdefault(name, {}).setdefault(section or 0, (encoded, value))[1] != value:
            conflicts.add(name)
    extended = {name: _joined(parts) for name, parts in segments.items()}
    conflicts |= {name for name, value in extended.items() if plain.get(name, value) != value}
    return plain | extended, frozenset(conflicts)


def _pairs(text: str) -> Iterator[tuple[str, int | None, bool, str]]:
    """(name, number of the segment, percent-encoded, value) of every parameter, in order."""
    for chunk in _chunks(text):
        pair = _PARAMETER.match(chunk)
        if pair:
            section = None if pair[2] is None else int(pair[2])
            yield pair[1].lower(), section, bool(pair[3]), _unquoted(pair[4].strip())


def _chunks(text: str) -> Iterator[str]:
    """What stands between semicolons outside quotes."""
    pieces: list[str] = []
    for piece in _PIECE.findall(text):
        if piece == ";":
            yield "".join(pieces)
            pieces = []
        else:
            pieces.append(piece)
    yield "".join(pieces)


def _unquoted(value: str) -> str:
    if not value.startswith('"'):
        return value
    quoted = _PIECE.match(value)
    inner = quoted[0] if quoted else value
    inner = inner[1:-1] if len(inner) > 1 and inner.endswith('"') else inner[1:]
    return re.sub(r"\\(.)", r"\1", inner, flags=re.DOTALL) if "\\" in inner else inner


def _joined(parts: dict[int, tuple[bool, str]]) -> str:
    """RFC 2231 §3–4: the segments from 0 on without a gap, in the charset the first one names."""
    count = next(number for number in range(_MAX_SEGMENTS + 1) if number not in parts)
    encoded, first = parts.get(0, (False, ""))
    charset, language, rest = first.split("'", 2) if first.count("'") > 1 else ("", "", first)
    del language
    if not encoded:
        charset, rest = "", first
    values = [rest] + [parts[number][1] for number in range(1, count)]
    flags = [parts[number][0] for number in range(count)]
    octets = (
        _PERCENT.sub(_octet, value.encode("utf-8", "replace"))
        if flag
        else value.encode("utf-8", "replace")
        for flag, value in zip(flags, values, strict=False)
    )
    raw = b"".join(octets)
    text = decode_charset(raw, charset or "utf-8")
    return raw.decode("latin-1") if text is None else text


def _octet(escape: re.Match[bytes]) -> bytes:
    return bytes((int(escape[1], 16),))
