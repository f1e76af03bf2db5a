"""Reading BER: every form, every limit, no exception but ours."""

import os
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from asn1crypto import core
from hypothesis import given
from hypothesis import strategies as st

from siegel.base import ber, der
from siegel.base.errors import LimitExceeded, MalformedMessage
from siegel.base.limits import Limits
from tests.work import Run, grows_in_proportion, steps_in_proportion

END = b"\x00\x00"


def indefinite(tag: int, *parts: bytes) -> bytes:
    return bytes((tag, 0x80)) + b"".join(parts) + END


def test_elements_are_slices_of_the_buffer() -> None:
    data = bytearray(b"junk" + der.sequence(der.integer(5), der.octet_string(b"abc")) + b"rest")
    element = ber.read(data, 4)
    assert (element.start, element.end) == (4, len(data) - 4)
    number, octets = element.children()
    assert number.integer() == 5
    assert bytes(octets.content) == b"abc"
    assert octets.raw == der.octet_string(b"abc")
    data[octets.end - 1] = ord("d")
    assert octets.joined() == b"abd"


def test_an_indefinite_element_ends_at_its_end_of_contents() -> None:
    inner = indefinite(0x30, der.integer(1), indefinite(0x31, der.null()))
    data = indefinite(0x30, inner, der.integer(2)) + b"rest"
    element = ber.read(data)
    assert element.raw == data[:-4]
    assert element.content == data[2:-6]
    assert [child.raw for child in element.children()] == [inner, der.integer(2)]
    assert [child.tag for child in element.children()[0].children()] == [2, 0x31]


STRINGS = {
    "primitive": der.octet_string(b"abcdef"),
    "empty": der.octet_string(b""),
    "segments": der.tlv(0x24, der.octet_string(b"abc"), der.octet_string(b"def")),
    "empty segments": indefinite(0x24, der.octet_string(b""), der.octet_string(b"abcdef")),
    "nested": indefinite(
        0x24,
        der.octet_string(b"a"),
        der.tlv(0x24, der.octet_string(b"bc"), indefinite(0x24, der.octet_string(b"d"))),
        der.octet_string(b"ef"),
    ),
    "implicit tag": indefinite(0xA0, der.octet_string(b"abc"), der.octet_string(b"def")),
    "nothing": indefinite(0x24),
}


@pytest.mark.parametrize("form", STRINGS)
def test_octet_strings_in_every_form_are_joined(form: str) -> None:
    expected = b"" if form in ("empty", "nothing") else b"abcdef"
    assert ber.read(STRINGS[form]).joined() == expected


@given(st.lists(st.binary(max_size=5000), max_size=40))
def test_segments_of_any_size_keep_their_order(parts: list[bytes]) -> None:
    data = indefinite(0x24, *map(der.octet_string, parts))
    assert ber.read(data).joined() == b"".join(parts)


def test_short_segments_are_put_together_and_long_ones_are_not_copied() -> None:
    long = der.octet_string(bytes(5000))
    segments = ber.read(indefinite(0x24, *[der.octet_string(b"ab")] * 700, long)).octets()
    assert [len(segment) for segment in segments] == [512, 512, 376, 5000]


MALFORMED = {
    "fail/nothing": b"",
    "fail/tag alone": b"\x30",
    "fail/content cut off": b"\x04\x05abc",
    "fail/child longer than parent": b"\x30\x03\x04\x05abcde",
    "fail/length of length missing": b"\x30\x82\x01",
    "fail/length of nine octets": b"\x04\x89" + bytes(8) + b"\x01a",
    "fail/reserved length": b"\x04\xff" + bytes(127),
    "fail/primitive of indefinite length": b"\x04\x80ab\x00\x00",
    "fail/no end-of-contents": b"\x30\x80\x02\x01\x01",
    "fail/half an end-of-contents": b"\x30\x80\x02\x01\x01\x00",
    "fail/end-of-contents beyond the parent": b"\x30\x02\x30\x80\x00\x00",
    "fail/end-of-contents in a definite structure": b"\x30\x02\x00\x00",
    "fail/tag of several octets": b"\x1f\x81\x01\x00",
    "fail/tag of several octets, inside": b"\x30\x80\xbf\x81\x01\x00\x00\x00",
}


def walk(element: ber.Element) -> None:
    if element.constructed:
        for child in element.children():
            walk(child)


@pytest.mark.parametrize("case", MALFORMED)
def test_malformed_octets_are_refused(case: str) -> None:
    with pytest.raises(MalformedMessage):
        walk(ber.read(MALFORMED[case]))


WRONG: dict[str, Callable[[], object]] = {
    "fail/children of a primitive": lambda: ber.read(der.integer(1)).children(),
    "fail/another tag": lambda: ber.read(der.integer(1)).expect(der.OID),
    "fail/integer of a structure": lambda: ber.read(der.sequence()).integer(),
    "fail/integer without octets": lambda: ber.read(b"\x02\x00").integer(),
    "fail/string of something else": lambda: ber.read(der.tlv(0x24, der.integer(1))).octets(),
    "fail/OID without octets": lambda: ber.read(b"\x06\x00").oid(),
    "fail/OID without end": lambda: ber.read(b"\x06\x02\x2a\x86").oid(),
    "fail/OID with a padded arc": lambda: ber.read(b"\x06\x03\x2a\x80\x01").oid(),
    "fail/OID too long": lambda: ber.read(der.tlv(6, b"\x01" * 200)).oid(),
    "fail/first of a primitive": lambda: ber.first(der.integer(1)),
    "fail/first of nothing": lambda: ber.first(der.sequence()),
    "fail/time of another type": lambda: ber.read(der.integer(1)).time(),
    "fail/time of letters": lambda: ber.read(der.tlv(0x17, b"now")).time(),
    "fail/local time": lambda: ber.read(der.tlv(0x18, b"20260101000000")).time(),
    "fail/thirtieth of February": lambda: ber.read(der.tlv(0x17, b"260230000000Z")).time(),
    "fail/year beyond": lambda: ber.read(der.tlv(0x18, b"00010101000000+2359")).time(),
    "fail/string of mixed segments": lambda: ber.to_der(ber.read(der.tlv(0x2C, der.null()))),
}


@pytest.mark.parametrize("case", WRONG)
def test_values_of_another_kind_are_refused(case: str) -> None:
    with pytest.raises(MalformedMessage):
        WRONG[case]()


TIMES = {
    b"500101000000Z": datetime(1950, 1, 1, tzinfo=UTC),
    b"491231235959Z": datetime(2049, 12, 31, 23, 59, 59, tzinfo=UTC),
    b"2611211200Z": datetime(2026, 11, 21, 12, 0, tzinfo=UTC),
    b"261121120000+0100": datetime(2026, 11, 21, 11, 0, tzinfo=UTC),
    b"20500101000000Z": datetime(2050, 1, 1, tzinfo=UTC),
    b"99991231235959Z": datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC),
    b"20261121120000.25Z": datetime(2026, 11, 21, 12, 0, 0, 250000, tzinfo=UTC),
    b"20261121120000-0330": datetime(2026, 11, 21, 15, 30, tzinfo=UTC),
}


@pytest.mark.parametrize("text", TIMES, ids=bytes.decode)
def test_times_in_every_form_are_read(text: bytes) -> None:
    tag = der.GENERALIZED_TIME if text.startswith((b"20", b"99")) else der.UTC_TIME
    assert ber.read(der.tlv(tag, text)).time() == TIMES[text]


@given(st.integers())
def test_integers_are_those_of_asn1crypto(number: int) -> None:
    assert core.Integer.load(der.integer(number)).native == number
    assert der.integer(number) == core.Integer(number).dump()
    assert ber.read(der.integer(number)).integer() == number


arcs = st.lists(st.integers(0, 2**70), min_size=0, max_size=8)


@given(st.integers(0, 2), st.integers(0, 39), arcs)
def test_object_identifiers_are_those_of_asn1crypto(
    first: int, second: int, rest: list[int]
) -> None:
    dotted = ".".join(map(str, (first, second, *rest)))
    assert der.oid(dotted) == core.ObjectIdentifier(dotted).dump()
    assert ber.read(der.oid(dotted)).oid() == dotted


def test_first_does_not_look_for_the_end() -> None:
    assert ber.first(b"\x30\x80" + der.integer(7) + b"no end").integer() == 7
    assert ber.first(der.sequence(der.integer(8))).integer() == 8


NORMAL = {
    "definite lengths": (indefinite(0x30, b"\x02\x81\x01\x05"), der.sequence(der.integer(5))),
    "sorted SET": (
        der.tlv(0x31, der.integer(2), der.integer(1)),
        b"\x31\x06\x02\x01\x01\x02\x01\x02",
    ),
    "octet string": (indefinite(0x24, der.octet_string(b"ab")), der.octet_string(b"ab")),
    "UTF8String": (
        der.tlv(0x2C, der.utf8_string("a"), der.octet_string(b"b")),
        der.utf8_string("ab"),
    ),
    "BIT STRING": (
        indefinite(0x23, der.bit_string(b"a"), der.tlv(3, b"\x04\xf0")),
        der.tlv(3, b"\x04a\xf0"),
    ),
    "BIT STRING of nothing": (indefinite(0x23), der.bit_string(b"")),
    "context tag": (indefinite(0xA0, der.null()), der.context(0, der.null())),
}


@pytest.mark.parametrize("case", NORMAL)
def test_small_elements_are_put_into_der(case: str) -> None:
    before, after = NORMAL[case]
    assert ber.to_der(ber.read(before)) == after
    assert ber.to_der(ber.read(after)) == after


def deep(levels: int) -> bytes:
    return b"\x30\x80" * levels + END * levels


LIMITED = {
    "ber_depth": (deep(33), Limits()),
    "ber_elements": (der.sequence(*[der.null()] * 9), Limits(ber_elements=9)),
    "ber_segments": (indefinite(0x24, *[der.octet_string(b"")] * 9), Limits(ber_segments=9)),
}


@pytest.mark.parametrize("name", LIMITED)
def test_limits_hold(name: str) -> None:
    data, limits = LIMITED[name]
    with pytest.raises(LimitExceeded) as error:
        walk(ber.read(data, limits=limits))
    assert error.value.params == {"limit": name}


def test_the_deepest_nesting_allowed_is_read() -> None:
    walk(ber.read(deep(32)))


def test_definite_nesting_is_limited_while_it_is_read() -> None:
    data = b""
    for _ in range(40):
        data = der.sequence(data)
    with pytest.raises(LimitExceeded):
        walk(ber.read(data))


@pytest.mark.parametrize("size", [1, 100, 1000])
def test_segments_are_read_in_linear_time(size: int) -> None:
    """Twice the segments are about twice the work, also deep inside."""

    def made(count: int) -> Run:
        data = b"\x30\x80" * 10 + indefinite(0x24, der.octet_string(bytes(size)) * count) + END * 10
        return lambda: _octets_deep_inside(data, size * count)

    assert steps_in_proportion(made, 1000)
    assert grows_in_proportion(made, 2500)


def _octets_deep_inside(data: bytes, expected: int) -> None:
    element = ber.read(data)
    for _ in range(10):
        (element,) = element.children()
    assert sum(map(len, element.octets())) == expected


@given(st.binary(max_size=200))
def test_arbitrary_octets_are_read_or_refused(data: bytes) -> None:
    try:
        element = ber.read(data)
        walk(element)
        ber.to_der(element)
    except (MalformedMessage, LimitExceeded):
        return
    assert 2 <= element.end <= len(data)


def nested(depth: int) -> st.SearchStrategy[bytes]:
    leaf = st.one_of(
        st.binary(max_size=300).map(der.octet_string),
        st.integers().map(der.integer),
        st.text(max_size=20).map(der.utf8_string),
        st.just(der.null()),
    )
    if depth == 0:
        return leaf
    inner = st.lists(nested(depth - 1), max_size=4)
    definite = inner.map(lambda parts: der.sequence(*parts))
    return st.one_of(leaf, definite, inner.map(lambda parts: indefinite(0x30, *parts)))


def structure(value: bytes) -> object:
    """A structure as asn1crypto sees it: tags and contents."""
    element = core.load(value) if value else None
    if isinstance(element, core.Sequence):
        return [structure(child.dump()) for child in _children(element)]
    assert element is not None
    return (element.tag, element.native)


def _children(element: core.Sequence) -> list[core.Asn1Value]:
    return [element[index] for index in range(len(element))]


def ours(element: ber.Element) -> object:
    if element.tag == der.SEQUENCE:
        return [ours(child) for child in element.children()]
    if element.tag == der.INTEGER:
        return (element.tag, element.integer())
    if element.tag == der.NULL:
        return (element.tag, None)
    octets = element.joined()
    return (element.tag, octets if element.tag == der.OCTET_STRING else octets.decode())


@given(nested(3))
def test_structures_are_those_of_asn1crypto(data: bytes) -> None:
    assert ours(ber.read(data)) == structure(data)
    normal = ber.to_der(ber.read(data))
    assert ours(ber.read(normal)) == ours(ber.read(data))
    assert b"\x30\x80" not in normal[:2]


def test_a_slice_of_a_file_is_read_like_octets() -> None:
    data = memoryview(os.urandom(10) + der.sequence(der.integer(1)))[10:]
    assert ber.read(data).children()[0].integer() == 1


def _octets(parts: tuple[int, bytes, bytes]) -> bytes:
    tag, length, content = parts
    return bytes((tag,)) + length + content


_TAGS = st.sampled_from([0x00, 0x02, 0x04, 0x05, 0x0C, 0x1F, 0x24, 0x30, 0x80, 0xA0, 0xBF])
_LENGTHS = st.sampled_from(
    [b"\x00", b"\x01", b"\x03", b"\x80", b"\x81\x02", b"\x82\x00\x01", b"\x89" + bytes(8) + b"\x01"]
)
_ELEMENTS = st.lists(st.tuples(_TAGS, _LENGTHS, st.binary(max_size=3)).map(_octets), max_size=6)


@given(_ELEMENTS.map(b"".join), st.integers(0, 8))
def test_children_are_what_reading_one_after_the_other_finds(inside: bytes, budget: int) -> None:
    limits = Limits(ber_elements=budget, ber_segments=budget)
    assert _outcome(lambda: _at_once(inside, limits)) == _outcome(lambda: _singly(inside, limits))


def _at_once(inside: bytes, limits: Limits) -> list[tuple[int, int, int]]:
    data = der.tlv(0x30, inside)
    return [(c.tag, c.start, c.end) for c in ber.read(data, limits=_one_more(limits)).children()]


def _singly(inside: bytes, limits: Limits) -> list[tuple[int, int, int]]:
    """Each with a budget of its own for what is inside; all together within ``limits``."""
    data = der.tlv(0x30, inside)
    position, found = len(data) - len(inside), []
    while position < len(data):
        element = ber.read(data, position)
        found.append((element.tag, element.start, element.end))
        position = element.end
    segments = [tag for tag, _, _ in found if tag in (0x04, 0x24)]
    if len(segments) > limits.ber_segments or len(found) - len(segments) > limits.ber_elements:
        raise LimitExceeded("too many")
    return found


def _one_more(limits: Limits) -> Limits:
    return Limits(ber_elements=limits.ber_elements + 1, ber_segments=limits.ber_segments)


def _outcome(read: Callable[[], list[tuple[int, int, int]]]) -> object:
    try:
        return read()
    except (MalformedMessage, LimitExceeded):
        return "refused"


@pytest.mark.parametrize(
    ("octets", "good"),
    [
        pytest.param(ber.MAX_INTEGER_OCTETS, True, id="ok/as long as allowed"),
        pytest.param(ber.MAX_INTEGER_OCTETS + 1, False, id="fail/longer"),
    ],
)
def test_integers_are_short_enough_to_be_printed(octets: int, good: bool) -> None:
    element = ber.read(der.tlv(der.INTEGER, b"\x7f" * octets))
    if good:
        assert str(element.integer())
    else:
        with pytest.raises(MalformedMessage):
            element.integer()
