"""From bytes to a tree of parts with offsets (RFC 5322 §2.1, RFC 2046 §5.1), within limits.

Everything but an empty or header-less message parses: what is wrong with a part shows in the part
(``boundary_ok``, ``ambiguous``, fields without a name). Lines end with CRLF or LF. Nothing is
decoded, so a message inside an encoded part is not looked into.
"""

import re
from itertools import pairwise
from typing import NamedTuple

from siegel.base.buffers import Buffer
from siegel.base.errors import LimitExceeded, MalformedMessage
from siegel.base.limits import DEFAULT, Limits
from siegel.mime.content_type import ContentType, parse_content_type
from siegel.mime.delimiters import Delimiter, delimiters
from siegel.mime.message import CONTENT_TYPE, Field, Message, Part, first_field, transfer_encoding

_BLANK_LINE = re.compile(rb"\n\r?\n")
_NAME = re.compile(rb"([!-9;-~]+)[ \t]*:")  # RFC 5322 §3.6.8, and the blanks of §4.5.1
_FIELD = re.compile(
    rb"((?=[^\n])(?:" + _NAME.pattern + rb")?[^\n]*(?:\n[ \t][^\n]*)*\n?)"
)  # (the whole field, its name or nothing)
_EMBEDDED = frozenset({"message/rfc822", "message/global"})
_IDENTITY = frozenset({"7bit", "8bit", "binary"})


def parse_message(raw: Buffer, *, limits: Limits = DEFAULT) -> Message:
    """The message with its whole structure.

    Raises ``MalformedMessage`` if there is no header field at all, and ``LimitExceeded`` for size,
    header, depth or number of parts.
    """
    return _message(_as_bytes(raw, limits), limits, deep=True)


def parse_header(raw: Buffer, *, limits: Limits = DEFAULT) -> Message:
    """The message as one part without children: for what is too complex for ``parse_message``.

    Raises like it, except for depth and number of parts.
    """
    return _message(_as_bytes(raw, limits), limits, deep=False)


def parse_entity(raw: Buffer, *, limits: Limits = DEFAULT, path: str = "") -> Part:
    """A MIME entity, as decryption and opaque signatures yield it; it may have no header at all.

    ``path`` goes before the paths of its parts; one that ends with "/" is joined without a dot.
    """
    buffer = _as_bytes(raw, limits)
    return _Reader(buffer, limits).part(_Place(0, len(buffer), path))


def _message(buffer: bytes | bytearray, limits: Limits, *, deep: bool) -> Message:
    place = _Place(0, len(buffer), "", is_message=True)
    root = _Reader(buffer, limits).part(place, deep=deep)
    if not any(field.name for field in root.fields):
        raise MalformedMessage("no header field: this is no message")
    return Message(root)


class _Inside(NamedTuple):
    """What stands inside a composite part, and where."""

    children: tuple[Part, ...] = ()
    boundary_ok: bool = True
    preamble_end: int | None = None
    epilogue_start: int | None = None


_NOTHING = _Inside()
_NO_DELIMITER = _Inside(boundary_ok=False)


class _Place(NamedTuple):
    """Where a part stands: its octets and its place in the tree."""

    start: int
    end: int
    path: str
    depth: int = 0
    is_message: bool = False
    """The root of a message, embedded or not: its header may begin with a broken line."""
    in_digest: bool = False


class _Reader:
    """Reads one buffer and counts its parts."""

    def __init__(self, buffer: bytes | bytearray, limits: Limits) -> None:
        self.buffer = buffer
        self._limits = limits
        self._parts = 0

    def part(self, place: _Place, *, deep: bool = True) -> Part:
        """The part at ``place``; ``deep``: with everything inside."""
        self._check(place)
        fields_end, body_start = self._header_section(place)
        fields = self._fields(place.start, fields_end)
        content_type = _content_type(fields, place)
        path = _path(place, content_type)
        inside = self._inside(place, path, body_start, fields, content_type) if deep else _NOTHING
        return Part(
            buffer=self.buffer,
            start=place.start,
            body_start=body_start,
            end=place.end,
            path=path,
            fields=fields,
            content_type=content_type,
            children=inside.children,
            boundary_ok=inside.boundary_ok,
            preamble_end=inside.preamble_end,
            epilogue_start=inside.epilogue_start,
        )

    def _check(self, place: _Place) -> None:
        self._parts += 1
        if self._parts > self._limits.mime_parts:
            raise LimitExceeded(f"more than {self._limits.mime_parts} parts")
        if place.depth > self._limits.mime_depth:
            raise LimitExceeded(f"parts nested deeper than {self._limits.mime_depth}")

    def _header_section(self, place: _Place) -> tuple[int, int]:
        """(end of the fields, start of the body).

        A header reaches to the first empty line, whatever lines stand between: a From field after
        a broken line must not escape us. A body part may have none, then it begins with no field.
        """
        start, end = place.start, place.end
        for empty in (b"\r\n", b"\n"):
            if self.buffer.startswith(empty, start, end):
                return start, start + len(empty)
        if not (place.is_message or _NAME.match(self.buffer, start, end)):
            return start, start
        most = start + self._limits.header_size
        blank = _BLANK_LINE.search(self.buffer, start, min(end, most))
        if blank:
            return blank.start() + 1, blank.end()
        if end > most:
            raise LimitExceeded(f"a header is larger than {self._limits.header_size} bytes")
        return end, end

    def _fields(self, start: int, end: int) -> tuple[Field, ...]:
        found = _FIELD.findall(self.buffer, start, end)
        if len(found) > self._limits.header_fields:
            raise LimitExceeded(f"more than {self._limits.header_fields} header fields")
        return tuple([Field(name.decode("ascii"), raw) for raw, name in found])

    def _inside(
        self,
        place: _Place,
        path: str,
        body_start: int,
        fields: tuple[Field, ...],
        content_type: ContentType,
    ) -> _Inside:
        body = _Place(body_start, place.end, path, place.depth)
        if content_type.type == "multipart":
            return self._parts_of(body, content_type)
        if content_type.media in _EMBEDDED and transfer_encoding(fields) in _IDENTITY:
            inner = _Place(body_start, place.end, path or "1", place.depth + 1, is_message=True)
            return _Inside((self.part(inner),))
        return _NOTHING

    def _parts_of(self, body: _Place, content_type: ContentType) -> _Inside:
        spans = self._delimiter_lines(body, content_type.params.get("boundary", "").rstrip())
        if not spans:
            return _NO_DELIMITER
        closed = spans[-1].closes
        stops = [max(span.begin, before.after) for before, span in pairwise(spans)]
        stops += [] if closed else [body.end]
        digest = content_type.subtype == "digest"
        children = tuple(
            self.part(
                _Place(
                    span.after,
                    stop,
                    _child_path(body.path, number),
                    body.depth + 1,
                    in_digest=digest,
                )
            )
            for number, (span, stop) in enumerate(zip(spans, stops, strict=False), 1)
        )
        return _Inside(
            children=children,
            boundary_ok=closed and bool(children),
            preamble_end=spans[0].begin,
            epilogue_start=spans[-1].after if closed else body.end,
        )

    def _delimiter_lines(self, body: _Place, boundary: str) -> list[Delimiter]:
        """The delimiter lines up to and including the first close delimiter."""
        spans: list[Delimiter] = []
        if not boundary or not boundary.isascii() or "\n" in boundary:
            return spans
        for span in delimiters(self.buffer, boundary.encode("ascii"), body.start, body.end):
            spans.append(span)
            if span.closes:
                break
            if len(spans) > self._limits.mime_parts:
                raise LimitExceeded(f"more than {self._limits.mime_parts} parts")
        return spans


def _as_bytes(raw: Buffer, limits: Limits) -> bytes | bytearray:
    if len(raw) > limits.message_size:
        raise LimitExceeded(f"larger than {limits.message_size} bytes")
    return raw if isinstance(raw, (bytes, bytearray)) else bytes(raw)


def _content_type(fields: tuple[Field, ...], place: _Place) -> ContentType:
    declared = first_field(fields, CONTENT_TYPE)
    if declared:
        return parse_content_type(declared.value)
    return ContentType("message", "rfc822") if place.in_digest else ContentType()


def _path(place: _Place, content_type: ContentType) -> str:
    """IMAP counts the one part of an embedded message, but no multipart around its parts."""
    alone = place.is_message and place.depth > 0 and content_type.type != "multipart"
    return _child_path(place.path, 1) if alone else place.path


def _child_path(path: str, number: int) -> str:
    return f"{path}.{number}" if path and not path.endswith("/") else f"{path}{number}"
