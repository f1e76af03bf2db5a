"""From bytes to a tree of parts with offsets (RFC 5322 §2.1, RFC 2046 §5.1), within limits.

Everything but an empty or header-less message parses: what is wrong with a part shows in the part
(``boundary_ok``, ``ambiguous``, fields without a name). Lines end with CRLF or LF. Nothing is
decoded, so a message inside an encoded part is not looked into.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from siegel.base.buffers import Buffer
from siegel.base.errors import LimitExceeded, MalformedMessage
from siegel.base.limits import DEFAULT, Limits
from siegel.mime.content_type import ContentType, parse_content_type
from siegel.mime.message import CONTENT_TYPE, Field, Message, Part, first_field

_BLANK_LINE = re.compile(rb"\n\r?\n")
_UNFOLDED = re.compile(rb"[^\n]+(?:\n[ \t][^\n]*)*\n?")
_NAME = re.compile(rb"([!-9;-~]+)[ \t]*:")  # RFC 5322 §3.6.8, and the blanks of §4.5.1
_MBOX_LINE = re.compile(rb">?From [^\n]*\n[!-9;-~]+[ \t]*:")
_DELIMITER_END = re.compile(rb"(--)?[ \t]*(?:\r?\n|\Z)")  # transport padding, RFC 2046 §5.1.1
_EMBEDDED = frozenset({"message/rfc822", "message/global"})
_IDENTITY = frozenset({"7bit", "8bit", "binary"})
_MISSES = 1000  # hyphens that begin no delimiter before the search changes to a regular expression


def parse_message(raw: Buffer, *, limits: Limits = DEFAULT) -> Message:
    """The message with its whole structure.

    Raises ``MalformedMessage`` if there is no header field at all, and ``LimitExceeded`` for size,
    header, depth or number of parts.
    """
    root = _Reader(_as_bytes(raw, limits), limits).message()
    if not any(field.name for field in root.fields):
        raise MalformedMessage("no header field: this is no message")
    return Message(root)


def parse_header(raw: Buffer, *, limits: Limits = DEFAULT) -> Message:
    """The message as one part without children: for what is too complex for ``parse_message``.

    Raises like it, except for depth and number of parts.
    """
    reader = _Reader(_as_bytes(raw, limits), limits)
    root = reader.leaf(0, len(reader.buffer), ContentType(), embedded=True)
    if not any(field.name for field in root.fields):
        raise MalformedMessage("no header field: this is no message")
    return Message(root)


def parse_entity(raw: Buffer, *, limits: Limits = DEFAULT, path: str = "") -> Part:
    """A MIME entity, as decryption and opaque signatures yield it; it may have no header at all.

    ``path`` goes before the paths of its parts; one that ends with "/" is joined without a dot.
    """
    buffer = _as_bytes(raw, limits)
    return _Reader(buffer, limits).part(0, len(buffer), path)


@dataclass(frozen=True, slots=True)
class _Span:
    """One delimiter line: from the line end before it to the first byte after it."""

    begin: int
    after: int
    closes: bool


class _Reader:
    """Reads one buffer and counts its parts."""

    def __init__(self, buffer: bytes | bytearray, limits: Limits) -> None:
        self.buffer = buffer
        self._limits = limits
        self._parts = 0

    def message(
        self, start: int = 0, end: int | None = None, path: str = "", depth: int = 0
    ) -> Part:
        stop = len(self.buffer) if end is None else end
        return self._with_children(
            self.leaf(start, stop, ContentType(), embedded=True), path, depth
        )

    def part(self, start: int, end: int, path: str, depth: int = 0, digest: bool = False) -> Part:
        default = ContentType("message", "rfc822") if digest else ContentType()
        return self._with_children(self.leaf(start, end, default), path, depth)

    def leaf(self, start: int, end: int, default: ContentType, *, embedded: bool = False) -> Part:
        """The part without its children."""
        self._count_part()
        fields_end, body_start = self._header_section(start, end, embedded)
        fields = self._fields(start, fields_end)
        declared = first_field(fields, CONTENT_TYPE)
        return Part(
            buffer=self.buffer,
            start=start,
            body_start=body_start,
            end=end,
            fields=fields,
            content_type=parse_content_type(declared.value) if declared else default,
        )

    def _count_part(self) -> None:
        self._parts += 1
        if self._parts > self._limits.mime_parts:
            raise LimitExceeded(f"more than {self._limits.mime_parts} parts")

    def _header_section(self, start: int, end: int, embedded: bool) -> tuple[int, int]:
        """(end of the fields, start of the body).

        A header begins with a field and reaches to the first empty line, whatever lines stand
        between: a From field after a broken line must not escape us.
        """
        for empty in (b"\r\n", b"\n"):
            if self.buffer.startswith(empty, start, end):
                return start, start + len(empty)
        mbox = embedded and _MBOX_LINE.match(self.buffer, start, end)
        if not (mbox or _NAME.match(self.buffer, start, end)):
            return start, start
        most = start + self._limits.header_size
        blank = _BLANK_LINE.search(self.buffer, start, min(end, most))
        if blank:
            return blank.start() + 1, blank.end()
        if end > most:
            raise LimitExceeded(f"a header is larger than {self._limits.header_size} bytes")
        return end, end

    def _fields(self, start: int, end: int) -> tuple[Field, ...]:
        raws = _UNFOLDED.findall(self.buffer, start, end)
        if len(raws) > self._limits.header_fields:
            raise LimitExceeded(f"more than {self._limits.header_fields} header fields")
        return tuple(_field(raw) for raw in raws)

    def _with_children(self, part: Part, path: str, depth: int) -> Part:
        if depth > self._limits.mime_depth:
            raise LimitExceeded(f"parts nested deeper than {self._limits.mime_depth}")
        if part.is_multipart:
            return self._multipart(replace(part, path=path), depth)
        if part.media in _EMBEDDED and part.transfer_encoding in _IDENTITY:
            inner = self._embedded(part, path or "1", depth + 1)
            return replace(part, path=path, children=(inner,))
        return replace(part, path=path) if path else part

    def _embedded(self, part: Part, path: str, depth: int) -> Part:
        inner = self.message(part.body_start, part.end, path, depth)
        return inner if inner.is_multipart else replace(inner, path=_child_path(path, 1))

    def _multipart(self, part: Part, depth: int) -> Part:
        spans = self._delimiters(part)
        if not spans:
            return replace(part, boundary_ok=False)
        closed = spans[-1].closes
        stops = [
            max(span.begin, before.after) for before, span in zip(spans, spans[1:], strict=False)
        ]
        stops += [] if closed else [part.end]
        digest = part.content_type.subtype == "digest"
        children = tuple(
            self.part(span.after, stop, _child_path(part.path, number), depth + 1, digest)
            for number, (span, stop) in enumerate(zip(spans, stops, strict=False), 1)
        )
        return replace(
            part,
            children=children,
            boundary_ok=closed and bool(children),
            preamble_end=spans[0].begin,
            epilogue_start=spans[-1].after if closed else part.end,
        )

    def _delimiters(self, part: Part) -> list[_Span]:
        """The delimiter lines up to and including the first close delimiter."""
        boundary = part.content_type.params.get("boundary", "").rstrip()
        spans: list[_Span] = []
        if not boundary or not boundary.isascii():
            return spans
        for span in _delimiters(self.buffer, boundary.encode("ascii"), part.body_start, part.end):
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


def _field(raw: bytes) -> Field:
    name = _NAME.match(raw)
    return Field(name[1].decode("ascii") if name else "", raw)


def _child_path(path: str, number: int) -> str:
    return f"{path}.{number}" if path and not path.endswith("/") else f"{path}{number}"


def _delimiters(
    buffer: bytes | bytearray, boundary: bytes, start: int, end: int
) -> Iterator[_Span]:
    """All delimiter lines, from the front.

    A hyphen is rare in most bodies (base64 has none), and looking for one octet is memory speed.
    Where hyphens are not rare, a regular expression goes on: still linear, for any input.
    """
    needle = b"--" + boundary
    position, misses = start, 0
    while misses < _MISSES:
        hit = buffer.find(b"-", position, end)
        if hit < 0:
            return
        tail = None
        if buffer.startswith(needle, hit, end) and (hit == start or buffer[hit - 1] == 0x0A):
            tail = _DELIMITER_END.match(buffer, hit + len(needle), end)
        if tail:
            yield _span(buffer, start, hit, tail)
            position = tail.end()
        else:
            misses += 1
            position = hit + 1
    yield from _more_delimiters(buffer, needle, start, position, end)


def _more_delimiters(
    buffer: bytes | bytearray, needle: bytes, start: int, position: int, end: int
) -> Iterator[_Span]:
    pattern = re.compile(rb"\n" + re.escape(needle) + _DELIMITER_END.pattern)
    while found := pattern.search(buffer, position - 1, end):
        yield _span(buffer, start, found.start() + 1, found)
        position = found.end()


def _span(buffer: bytes | bytearray, start: int, hit: int, tail: re.Match[bytes]) -> _Span:
    begin = hit
    for octet in b"\n\r":
        if begin > start and buffer[begin - 1] == octet:
            begin -= 1
        else:
            break
    return _Span(begin, tail.end(), tail[1] is not None)
