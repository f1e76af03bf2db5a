"""Read BER (ITU-T X.690) without copying: elements are slices of the buffer they came from.

Definite and indefinite lengths, primitive and constructed strings, all bounded by ``Limits``:
nesting, number of elements, number of octet string segments. Tags above 30 do not occur in CMS or
X.509 and are malformed here. No schema: the callers say which tag they expect.

The extent of an indefinite element is found by one walk that remembers the ends of the indefinite
elements inside, so that reading stays linear however deep they nest.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from re import compile as pattern
from typing import final

from siegel.base import der
from siegel.base.buffers import Buffer
from siegel.base.errors import LimitExceeded, MalformedMessage
from siegel.base.limits import DEFAULT, Limits

MAX_LENGTH_OCTETS = 8  # a longer length field would announce more than any memory holds
MAX_OID_OCTETS = 128  # the longest registered object identifiers stay below 40
MAX_INTEGER_OCTETS = 1024  # serial numbers have 20; a number of 4,300 digits cannot be printed

SHORT_SEGMENT = 2048  # octets; BouncyCastle writes 1,000, OpenSSL 4,096 or more
SHORT_SEGMENTS = 256  # put together at a time; a memoryview each costs more than a short copy

_CONSTRUCTED_OCTETS = der.OCTET_STRING | der.CONSTRUCTED
_STRINGS = frozenset((3, 4, 12, 18, 19, 20, 22, 23, 24, 26, 27, 28, 30))  # universal string types
_INDEFINITE = -1
_LONG = 0x80  # from here on the length octet tells how many length octets follow
_COMMON = frozenset(
    tag
    for tag in range(1, 256)
    if tag & 0x1F != 0x1F and tag & ~der.CONSTRUCTED != der.OCTET_STRING
)  # tags that are allowed and count as elements


@final
class Element:
    """One tag-length-value: ``tag`` is the identifier octet, positions count from buffer start."""

    __slots__ = ("_content_end", "_content_start", "_depth", "_walk", "end", "start", "tag")

    def __init__(
        self, walk: "_Walk", depth: int, tag: int, start: int, content: int, stop: int, end: int
    ) -> None:
        self._walk = walk
        self._depth = depth
        self.tag = tag
        self.start = start
        self._content_start = content
        self._content_end = stop
        self.end = end

    @property
    def raw(self) -> memoryview:
        """Identifier, length, content and, where there is one, the end-of-contents."""
        return self._walk.view[self.start : self.end]

    @property
    def content(self) -> memoryview:
        """The content octets, without the end-of-contents."""
        return self._walk.view[self._content_start : self._content_end]

    @property
    def constructed(self) -> bool:
        return bool(self.tag & der.CONSTRUCTED)

    def expect(self, tag: int) -> "Element":
        if self.tag != tag:
            raise MalformedMessage(f"ASN.1 tag {self.tag:#04x} where {tag:#04x} belongs")
        return self

    def children(self) -> "list[Element]":
        if not self.tag & der.CONSTRUCTED:
            raise MalformedMessage("ASN.1 primitive where a structure belongs")
        return self._walk.children(self._content_start, self._content_end, self._depth + 1)

    def octets(self) -> list[memoryview]:
        """The content of an OCTET STRING (or one under an IMPLICIT tag), in order.

        Segments too short to be worth their bookkeeping are put together.
        """
        if not self.constructed:
            return [self.content]
        return self._walk.segments(self._content_start, self._content_end, self._depth)

    def packed(self, buffer: bytearray) -> tuple[int, int]:
        """Where the content of an OCTET STRING lies in ``buffer``, which it was read from.

        Segments are moved together, over their own headers: what stands before and after them
        stays readable, they themselves do not.
        """
        if not self.constructed:
            return self._content_start, self._content_end
        end = self._content_start
        with memoryview(buffer) as room:
            for segment in self._walk.strings(end, self._content_end, self._depth):
                room[end : end + len(segment)] = segment
                end += len(segment)
        return self._content_start, end

    def joined(self) -> bytes:
        return b"".join(self.octets())

    def octet_string(self) -> bytes:
        """The content of an OCTET STRING, which BER may write in segments (X.690 §8.7)."""
        if self.tag & ~der.CONSTRUCTED != der.OCTET_STRING:
            raise MalformedMessage(f"ASN.1 tag {self.tag:#04x} where 0x04 belongs")
        return self.joined()

    def integer(self) -> int:
        """INTEGER or ENUMERATED (or one under an IMPLICIT tag)."""
        content = self._primitive(MAX_INTEGER_OCTETS + 1)
        if not 0 < len(content) <= MAX_INTEGER_OCTETS:
            raise MalformedMessage("ASN.1 INTEGER without octets, or of too many")
        return int.from_bytes(content, "big", signed=True)

    def oid(self) -> str:
        return _dotted(bytes(self._primitive(MAX_OID_OCTETS + 1)))

    def time(self) -> datetime:
        """UTCTime (YY from 50 means 19YY) or GeneralizedTime, as aware UTC."""
        if self.tag not in (der.UTC_TIME, der.GENERALIZED_TIME):
            raise MalformedMessage("ASN.1 time expected")
        return _moment(bytes(self._primitive(40)), short=self.tag == der.UTC_TIME)

    def _primitive(self, most: int) -> Buffer:
        """The content, of a longer one ``most`` octets."""
        if self.tag & der.CONSTRUCTED:
            raise MalformedMessage("ASN.1 structure where a primitive belongs")
        start = self._content_start
        return self._walk.octets[start : min(self._content_end, start + most)]


def read(data: Buffer, start: int = 0, *, limits: Limits = DEFAULT) -> Element:
    """The element at ``start``. What follows it (from ``.end``) is the caller's business."""
    return _Walk(data, limits).element(start, len(data), 1)


def first(data: Buffer, start: int = 0, *, limits: Limits = DEFAULT) -> Element:
    """The first element inside the structure at ``start``, however long the structure is."""
    return _Walk(data, limits).first(start)


def to_der(element: Element) -> bytes:
    """A small element in DER: definite lengths, primitive strings, SET sorted.

    Context tags keep their form, because only the schema knows whether they are strings or sets.
    """
    if element.tag & 0xC0 == 0 and element.tag & 0x1F in _STRINGS:
        return _string_to_der(element)
    if not element.constructed:
        return der.tlv(element.tag, element.content)
    parts = [to_der(child) for child in element.children()]
    return der.tlv(element.tag, *(sorted(parts) if element.tag == der.SET else parts))


def _string_to_der(element: Element) -> bytes:
    tag = element.tag & ~der.CONSTRUCTED
    if not element.constructed:
        return der.tlv(tag, element.content)
    if tag != der.BIT_STRING:
        return der.tlv(tag, *_segments(element, tag))
    pieces = _segments(element, tag)
    unused = bytes(pieces[-1][:1]) if pieces else b"\x00"
    return der.tlv(tag, unused, *(piece[1:] for piece in pieces))


def _segments(element: Element, tag: int) -> list[memoryview]:
    """Segments carry the tag of the whole or, in strings of characters, OCTET STRING (§8.23.6)."""
    found: list[memoryview] = []
    for child in element.children():
        if child.tag & ~der.CONSTRUCTED not in (tag, der.OCTET_STRING):
            raise MalformedMessage("ASN.1 string with a segment of another type")
        found += _segments(child, tag) if child.constructed else [child.content]
    return found


@final
class _Walk:
    """One buffer being read: its budget, and the ends of indefinite elements already found."""

    __slots__ = ("_elements", "_ends", "_limits", "_segments", "octets", "view")

    def __init__(self, data: Buffer, limits: Limits) -> None:
        self.octets = data
        self.view = memoryview(data)
        self._limits = limits
        self._elements = limits.ber_elements
        self._segments = limits.ber_segments
        self._ends: dict[int, int] = {}

    def element(self, position: int, end: int, depth: int) -> Element:
        """The element at ``position``."""
        self._enter(depth)
        return self._element(position, end, depth)

    def children(self, position: int, end: int, depth: int) -> list[Element]:
        """All elements from ``position`` to ``end``; common ones without a call for each."""
        found: list[Element] = []
        octets, last = self.octets, end - 2
        if position < end:
            self._enter(depth)
        while position < end:
            tag, first = octets[position], octets[position + 1] if position <= last else _LONG
            size = first - _LONG if first > _LONG else 0
            start = position + 2 + size
            stop = start + (int.from_bytes(octets[position + 2 : start], "big") if size else first)
            usual = first != _LONG and size <= MAX_LENGTH_OCTETS and tag in _COMMON
            if not usual or stop > end or not self._elements:
                found.append(self._element(position, end, depth))
                position = found[-1].end
            else:
                self._elements -= 1
                found.append(Element(self, depth, tag, position, start, stop, stop))
                position = stop
        return found

    def _element(self, position: int, end: int, depth: int) -> Element:
        tag, start, length = self._header(position, end)
        self._count(tag)
        if length != _INDEFINITE:
            stop = start + length
            return Element(self, depth, tag, position, start, stop, stop)
        stop = self._end_of_contents(start, end, depth)
        return Element(self, depth, tag, position, start, stop, stop + 2)

    def first(self, position: int) -> Element:
        end = len(self.view)
        tag, start, length = self._header(position, end)
        if not tag & der.CONSTRUCTED:
            raise MalformedMessage("ASN.1 primitive where a structure belongs")
        return self.element(start, end if length == _INDEFINITE else start + length, 2)

    def segments(self, position: int, end: int, depth: int) -> list[memoryview]:
        found: list[memoryview] = []
        short: list[memoryview] = []
        for content in self.strings(position, end, depth):
            if len(content) < SHORT_SEGMENT:
                short.append(content)
            if short and (len(content) >= SHORT_SEGMENT or len(short) == SHORT_SEGMENTS):
                found.append(memoryview(b"".join(short)))
                short = []
            if len(content) >= SHORT_SEGMENT:
                found.append(content)
        return [*found, memoryview(b"".join(short))] if short else found

    def strings(self, position: int, end: int, depth: int) -> Iterator[memoryview]:
        """The primitive OCTET STRINGs from ``position`` to ``end``, also of nested ones."""
        if position < end:
            self._enter(depth + 1)
        while position < end:
            tag, start, length = self._header(position, end)
            self._count(tag)
            if tag == der.OCTET_STRING:
                position = start + length
                yield self.view[start:position]
                continue
            if tag != _CONSTRUCTED_OCTETS:
                raise MalformedMessage("ASN.1 octet string with a segment of another type")
            stop = start + length
            if length == _INDEFINITE:
                stop = self._end_of_contents(start, end, depth + 1)
            yield from self.strings(start, stop, depth + 1)
            position = stop if length != _INDEFINITE else stop + 2

    def _enter(self, depth: int) -> None:
        if depth > self._limits.ber_depth:
            raise LimitExceeded("ASN.1 nested too deeply", limit="ber_depth")

    def _count(self, tag: int) -> None:
        """Every visit of an element counts, so that the budget bounds work and memory."""
        if tag & ~der.CONSTRUCTED == der.OCTET_STRING:
            self._segments -= 1
            if self._segments < 0:
                raise LimitExceeded("too many octet string segments", limit="ber_segments")
            return
        self._elements -= 1
        if self._elements < 0:
            raise LimitExceeded("too many ASN.1 elements", limit="ber_elements")

    def _end_of_contents(self, position: int, end: int, depth: int) -> int:
        """Where the end-of-contents of an indefinite element stands whose content begins here."""
        first = position
        known = self._ends.get(first)
        if known is not None:
            return known
        view = self.view
        too_deep = depth >= self._limits.ber_depth
        while True:
            if position + 2 > end:
                raise MalformedMessage("ASN.1 end-of-contents missing")
            if view[position] == 0 and view[position + 1] == 0:
                break
            if too_deep:
                self._enter(depth + 1)
            tag, position, length = self._header(position, end)
            self._count(tag)
            if length != _INDEFINITE:
                position += length
            else:
                position = self._end_of_contents(position, end, depth + 1) + 2
        self._ends[first] = position
        return position

    def _header(self, position: int, end: int) -> tuple[int, int, int]:
        """Tag, where the content begins, its length or ``_INDEFINITE``."""
        view = self.view
        if position + 2 > end:
            raise MalformedMessage("ASN.1 element cut off")
        tag = view[position]
        length = view[position + 1]
        if tag == 0 or tag & 0x1F == 0x1F:
            raise MalformedMessage(f"ASN.1 tag {tag:#04x} not expected anywhere")
        start = position + 2
        if length < _LONG:
            if start + length > end:
                raise MalformedMessage("ASN.1 element longer than what holds it")
            return tag, start, length
        return (tag, *self._long_length(start, length & 0x7F, tag, end))

    def _long_length(self, position: int, size: int, tag: int, end: int) -> tuple[int, int]:
        if size == 0:
            if not tag & der.CONSTRUCTED:
                raise MalformedMessage("ASN.1 primitive of indefinite length")
            return position, _INDEFINITE
        start = position + size
        if size > MAX_LENGTH_OCTETS or start > end:
            raise MalformedMessage("ASN.1 length field too long")
        length = int.from_bytes(self.view[position:start], "big")
        if start + length > end:
            raise MalformedMessage("ASN.1 element longer than what holds it")
        return start, length


@lru_cache(maxsize=1024)
def _dotted(content: bytes) -> str:
    if not content or content[-1] & 0x80 or len(content) > MAX_OID_OCTETS:
        raise MalformedMessage("ASN.1 OBJECT IDENTIFIER without end")
    arcs: list[int] = []
    value, fresh = 0, True
    for octet in content:
        if fresh and octet == 0x80:
            raise MalformedMessage("ASN.1 OBJECT IDENTIFIER with a padded arc")
        value = value << 7 | octet & 0x7F
        fresh = not octet & 0x80
        if fresh:
            arcs.append(value)
            value = 0
    first = min(arcs[0] // 40, 2)
    return ".".join(map(str, (first, arcs[0] - 40 * first, *arcs[1:])))


_UTC_TIME = pattern(rb"(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?()(Z|[+-]\d{4})\Z")
_GENERALIZED_TIME = pattern(
    rb"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?(?:[.,](\d{1,12}))?(Z|[+-]\d{4})\Z"
)


def _moment(text: bytes, *, short: bool) -> datetime:
    match = (_UTC_TIME if short else _GENERALIZED_TIME).match(text)
    if match is None:
        raise MalformedMessage("ASN.1 time in no known form")
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
    if short:
        year += 1900 if year >= 50 else 2000
    micro = int((match[7] or b"0").ljust(6, b"0")[:6])
    try:
        local = datetime(year, month, day, hour, minute, second, micro, tzinfo=_zone(match[8]))
        return local.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise MalformedMessage("ASN.1 time that no calendar has") from error


def _zone(text: bytes) -> timezone:
    if text == b"Z":
        return UTC
    offset = timedelta(hours=int(text[1:3]), minutes=int(text[3:5]))
    return timezone(-offset if text[:1] == b"-" else offset)
