"""``base.ber`` and ``base.der`` beside asn1crypto."""

from collections.abc import Callable
from datetime import UTC, datetime

from asn1crypto import core, parser
from hypothesis import given, settings
from hypothesis import strategies as st

from siegel.base import ber, der
from siegel.base.errors import LimitExceeded, MalformedMessage

MAX_LENGTH_FIELD = 8  # ours; a longer one announces more than any memory holds
MAX_INDEFINITE = 10  # asn1crypto's own limit for indefinite values inside one another

Tree = tuple[int, "bytes | list[Tree]"]

# BER of every form: definite lengths as short as can be or padded, indefinite ones, and junk
_tags = st.sampled_from([2, 4, 5, 6, 0x0C, 0x17, 0x80, 0x30, 0x31, 0x24, 0xA0, 0xA1, 0x7F, 0x1F, 0])
_octets = st.binary(max_size=12)


def _padded_length(number: int, padding: int) -> bytes:
    if number < 0x80 and padding == 0:
        return bytes([number])
    octets = number.to_bytes(max(1, (number.bit_length() + 7) // 8) + padding, "big")
    return bytes([0x80 | len(octets)]) + octets


def _definite(made: tuple[int, bytes, int]) -> bytes:
    tag, content, padding = made
    return bytes([tag]) + _padded_length(len(content), padding) + content


def _indefinite(made: tuple[int, bytes]) -> bytes:
    return bytes([made[0]]) + b"\x80" + made[1] + b"\0\0"


_values = st.recursive(
    st.tuples(_tags, _octets, st.sampled_from([0, 0, 0, 1, 3, 7, 8])).map(_definite),
    lambda inner: st.one_of(
        st.tuples(
            st.sampled_from([0x30, 0x31, 0xA0, 0x24]),
            st.lists(inner, max_size=4).map(b"".join),
            st.sampled_from([0, 0, 1]),
        ).map(_definite),
        st.tuples(
            st.sampled_from([0x30, 0x31, 0xA0, 0x24, 4]),
            st.lists(inner, max_size=4).map(b"".join),
        ).map(_indefinite),
    ),
    max_leaves=12,
)


@st.composite
def _broken(draw: st.DrawFn) -> bytes:
    octets = bytearray(draw(_values))
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(octets) - 1))
        octets[at] = draw(st.integers(0, 255))
    return bytes(octets[: len(octets) - draw(st.integers(0, 2))])


@settings(max_examples=800)
@given(st.one_of(_values, _broken(), st.binary(max_size=40)))
def test_both_read_the_same_tree_or_the_difference_has_a_name(data: bytes) -> None:
    mine, theirs = _ours(data), _theirs(data)

    if mine is None and theirs is not None:
        assert _only_theirs(theirs)
    elif theirs is None and mine is not None:
        assert _nesting(data) > MAX_INDEFINITE
    else:
        assert mine == theirs


def _ours(data: bytes) -> Tree | None:
    try:
        element = ber.read(data)
        return _our_tree(element) if element.end == len(data) else None
    except (MalformedMessage, LimitExceeded):
        return None


def _our_tree(element: ber.Element) -> Tree:
    if not element.constructed:
        return element.tag, bytes(element.content)
    return element.tag, [_our_tree(child) for child in element.children()]


def _theirs(data: bytes) -> Tree | None:
    try:
        tree, end = _their_tree(data)
    except ValueError:
        return None
    return tree if end == len(data) else None


def _their_tree(data: bytes) -> tuple[Tree, int]:
    kind, method, number, header, content, trailer = parser.parse(data)
    end = len(header) + len(content) + len(trailer)
    tag = kind << 6 | method << 5 | number
    if not method:
        return (_name(tag, number, header), content), end
    children: list[Tree] = []
    position = 0
    while position < len(content):
        child, size = _their_tree(content[position:])
        children.append(child)
        position += size
    return (_name(tag, number, header), children), end


_LONG_TAG, _LONG_LENGTH = -1, -2


def _name(tag: int, number: int, header: bytes) -> int:
    """The tag, or that there is something about it which only asn1crypto reads."""
    if number > 30:
        return _LONG_TAG
    if len(header) > 2 + MAX_LENGTH_FIELD:
        return _LONG_LENGTH
    return tag


def _only_theirs(tree: Tree) -> bool:
    """Tags above 30, an end-of-contents as a value, and length fields of more than eight octets."""
    tag, inside = tree
    if tag in (_LONG_TAG, _LONG_LENGTH, 0):
        return True
    return not isinstance(inside, bytes) and any(map(_only_theirs, inside))


def _nesting(data: bytes) -> int:
    return data.count(b"\x80")


@given(st.integers(-(1 << 2100), 1 << 2100))
def test_integers_are_written_and_read_alike(number: int) -> None:
    written = der.integer(number)

    assert written == core.Integer(number).dump()
    assert ber.read(written).integer() == number


_arcs = st.tuples(
    st.integers(0, 2), st.integers(0, 39), st.lists(st.integers(0, 1 << 70), max_size=6)
).map(lambda made: ".".join(map(str, (made[0], made[1], *made[2]))))


@given(_arcs)
def test_object_identifiers_are_written_and_read_alike(dotted: str) -> None:
    written = der.oid(dotted)

    assert written == core.ObjectIdentifier(dotted).dump()
    assert ber.read(written).oid() == core.ObjectIdentifier.load(written).dotted == dotted


_moments = st.integers(
    int(datetime(1950, 1, 1, tzinfo=UTC).timestamp()),
    int(datetime(2999, 12, 31, tzinfo=UTC).timestamp()),
).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


@given(_moments)
def test_times_are_written_and_read_alike(moment: datetime) -> None:
    written = der.time(moment)
    kind: Callable[[bytes], core.UTCTime | core.GeneralizedTime]
    kind = core.UTCTime.load if written[0] == der.UTC_TIME else core.GeneralizedTime.load

    assert kind(written).native == moment
    assert ber.read(written).time() == moment


@given(st.lists(st.binary(max_size=40), max_size=6))
def test_octet_strings_in_segments_have_the_same_content(segments: list[bytes]) -> None:
    inside = b"".join(der.octet_string(segment) for segment in segments)
    written = b"\x24\x80" + inside + b"\0\0"

    theirs = core.OctetString.load(written).native

    assert ber.read(written).joined() == (theirs or b"") == b"".join(segments)
