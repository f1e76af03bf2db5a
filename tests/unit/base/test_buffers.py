"""Searching in large buffers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siegel.base.buffers import find

PIECES = st.lists(
    st.sampled_from([b"=_mark", b"=_", b"=", b"_mark", b"k", b"y" * 40_000, b"=" * 120])
).map(b"".join)


@given(PIECES, st.integers(0, 9), st.integers(0, 9), st.integers(0, 5))
def test_a_needle_is_found_where_the_plain_search_finds_it(
    raw: bytes, start: int, cut: int, rare: int
) -> None:
    end = max(len(raw) - cut, 0)
    assert find(raw, b"=_mark", start, end, rare=rare) == raw.find(b"=_mark", start, end)


@pytest.mark.parametrize("place", [0, 1, 70_000, 139_994])
def test_a_needle_is_found_at_every_place_of_a_large_buffer(place: int) -> None:
    raw = bytearray(140_000)
    raw[place : place + 6] = b"=_mark"
    assert find(raw, b"=_mark", 0, len(raw)) == place
    assert find(raw, b"=_mark", 0, len(raw), rare=1) == place
