"""Moving the segments of a string together where they lie."""

from hypothesis import given
from hypothesis import strategies as st

from siegel.base import ber, der

PRIMITIVES = st.binary(max_size=40).map(der.octet_string)
STRINGS = st.recursive(
    PRIMITIVES,
    lambda inner: st.builds(
        lambda parts, definite: (
            der.tlv(0x24, *parts) if definite else b"\x24\x80" + b"".join(parts) + b"\x00\x00"
        ),
        st.lists(inner, max_size=5),
        st.booleans(),
    ),
    max_leaves=20,
)


@given(STRINGS, st.binary(max_size=20))
def test_segments_move_together_and_what_is_around_them_stays(string: bytes, before: bytes) -> None:
    first, last = der.octet_string(before), der.integer(5)
    buffer = bytearray(der.sequence(first, string, last))
    children = ber.read(buffer).children()
    expected = children[1].joined()
    start, stop = children[1].packed(buffer)
    assert buffer[start:stop] == expected
    assert (children[0].joined(), children[2].integer()) == (before, 5)


def test_one_piece_stays_where_it_is() -> None:
    buffer = bytearray(der.sequence(der.octet_string(b"whole")))
    before = bytes(buffer)
    start, stop = ber.read(buffer).children()[0].packed(buffer)
    assert buffer[start:stop] == b"whole"
    assert buffer == before
