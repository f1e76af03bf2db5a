"""Canonical lines, and lines that every server passes on."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siegel.mime.canonical import canonical, is_canonical, is_mail_safe
from tests.unit.mime.samples import rude_server

LINES = st.lists(
    st.sampled_from(
        [b"\r\n", b"\n", b"\r", b"From ", b".", b" ", b"\t", b"x", b"\xc3", b"\0", b"y" * 998]
    )
).map(b"".join)
BLOCK = 57 * 1024  # the size in which the code looks at large buffers


@pytest.mark.requirement("A19")
@given(LINES)
def test_canonical_is_what_has_neither_a_bare_cr_nor_a_bare_lf(raw: bytes) -> None:
    assert is_canonical(raw) == (re.search(rb"\r(?!\n)|(?<!\r)\n", raw) is None)


@given(LINES)
def test_canonicalising_ends_every_line_with_crlf_and_changes_nothing_else(raw: bytes) -> None:
    made = bytes(canonical(raw))
    assert made == re.sub(rb"(?<!\r)\n", b"\r\n", raw)
    assert bytes(canonical(made)) == made


def test_canonical_bytes_are_returned_themselves() -> None:
    raw = memoryview(b"one\r\ntwo\r\n")
    assert canonical(raw) is raw


@pytest.mark.parametrize("shift", range(-3, 4))
@pytest.mark.parametrize("fault", [b"\n", b"\r", b"\rx\n", b"\n\r"])
def test_a_bare_line_end_is_found_at_every_place_of_a_block(fault: bytes, shift: int) -> None:
    good = (b"x" * 76 + b"\r\n") * 2000
    assert is_canonical(good)
    place = BLOCK + shift
    assert not is_canonical(good[:place] + b"yy" + fault + b"yy" + good[place:])


@pytest.mark.parametrize("shift", range(-3, 4))
def test_a_line_end_split_between_two_blocks_is_whole(shift: int) -> None:
    assert is_canonical(b"x" * (BLOCK + shift) + b"\r\n" + b"y" * BLOCK)


@pytest.mark.requirement("A19")
@given(LINES)
def test_safe_lines_are_exactly_those_that_a_rude_server_leaves_alone(raw: bytes) -> None:
    assert is_mail_safe(raw) == (rude_server(raw) == raw)


@pytest.mark.parametrize(
    "fault",
    [b"\xfc", b"\0", b"x \r\n", b"x\t\r\n", b"\r\n.\r\n", b"\r\nFrom x", b"\n", b"\r", b"z" * 999],
)
@pytest.mark.parametrize("place", [0, BLOCK - 40, BLOCK, 3 * BLOCK])
def test_what_servers_change_is_found_anywhere_in_a_large_body(fault: bytes, place: int) -> None:
    line = b"QUJD" * 19 + b"\r\n"
    good = line * (4 * BLOCK // len(line))
    assert is_mail_safe(good)
    assert is_mail_safe(memoryview(good))
    start = place // len(line) * len(line)
    assert not is_mail_safe(good[:start] + fault + b"\r\n" + good[start:])


@pytest.mark.parametrize("end", [b" ", b"\t", b"\r\n.", b"\r\nFrom ", b"\r"])
def test_the_last_line_counts_even_without_its_end(end: bytes) -> None:
    assert is_mail_safe(b"x")
    assert not is_mail_safe(b"x" + end)
