"""Base64 in both directions, judged by the standard library."""

import base64
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from siegel.base import b64
from siegel.base.errors import MalformedMessage

LENGTHS = (0, 1, 2, 3, 56, 57, 58, 114, b64.BLOCK - 1, b64.BLOCK, b64.BLOCK + 1, 3 * b64.BLOCK + 5)


def octets(length: int) -> bytes:
    return bytes((i * 7 + i // 251) % 256 for i in range(length))


@pytest.mark.parametrize("length", LENGTHS)
def test_lines_are_those_of_the_standard_library_with_crlf(length: int) -> None:
    expected = base64.encodebytes(octets(length)).replace(b"\n", b"\r\n")
    assert b"".join(b64.encode_lines([octets(length)])) == expected


@settings(max_examples=25)
@given(st.lists(st.binary(max_size=200)), st.integers(1, 2))
def test_how_the_content_is_cut_into_chunks_does_not_matter(parts: list[bytes], big: int) -> None:
    parts.append(octets(big * b64.BLOCK - 100))
    parts.append(b"tail" * 100)
    whole = b"".join(parts)
    assert b"".join(b64.encode_lines(parts)) == b"".join(b64.encode_lines([whole]))
    assert b"".join(b64.encode_lines(map(memoryview, parts))) == b"".join(b64.encode_lines(parts))


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize(("width", "line_end"), [(76, b"\r\n"), (64, b"\n"), (60, b"\r\n")])
@pytest.mark.parametrize("tail", [b"", b"\r\n", b"\n\n  \r\n"])
def test_any_line_length_and_line_end_is_read(
    length: int, width: int, line_end: bytes, tail: bytes
) -> None:
    text = base64.b64encode(octets(length))
    lines = line_end.join(text[i : i + width] for i in range(0, len(text), width)) + tail
    for form in (lines, bytearray(lines), memoryview(lines)):
        assert b64.decode(form) == octets(length)


@given(st.binary(max_size=400), st.lists(st.integers(0, 500), max_size=8))
def test_irregular_lines_are_read(content: bytes, cuts: list[int]) -> None:
    text = base64.b64encode(content)
    places = [0, *sorted(cuts), len(text)]
    assert b64.decode(b" \r\n".join(text[a:b] for a, b in pairwise(places))) == content


@pytest.mark.parametrize("content", [b"a", b"ab"])
def test_missing_padding_is_forgiven(content: bytes) -> None:
    assert b64.decode(base64.b64encode(content).rstrip(b"=")) == content


GOOD = base64.encodebytes(octets(301)).replace(b"\n", b"\r\n")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(b"QUJD!", id="fail/letter outside of the alphabet"),
        pytest.param(b"QUJDR", id="fail/one letter left over"),
        pytest.param(b"QQ==QUJD", id="fail/padding in the middle"),
        pytest.param(b"QUJD\x00", id="fail/NUL"),
        pytest.param("QÜJD".encode(), id="fail/not ASCII"),
        pytest.param(GOOD.replace(b"\r\n", b"##", 1), id="fail/garbage for a line end"),
        pytest.param(b"*" + GOOD[1:], id="fail/garbage in regular lines"),
        pytest.param(b"=" + GOOD[1:], id="fail/padding in regular lines"),
        pytest.param(b"*==" + GOOD[3:], id="fail/garbage and padding in regular lines"),
        pytest.param(GOOD + b"QUJD", id="fail/text after the end"),
        pytest.param(GOOD + b"-" * 10, id="fail/dashes after the end"),
    ],
)
def test_what_is_no_base64_is_malformed(text: bytes) -> None:
    with pytest.raises(MalformedMessage):
        b64.decode(text)


@given(st.binary(max_size=300))
def test_arbitrary_octets_decode_or_are_malformed(text: bytes) -> None:
    try:
        content = b64.decode(text)
    except MalformedMessage:
        return
    stripped = text.translate(None, b"\r\n \t")
    assert content == base64.b64decode(stripped + b"=" * (-len(stripped) % 4), validate=True)


@pytest.mark.parametrize("length", LENGTHS)
def test_a_buffer_of_ones_own_holds_the_same(length: int) -> None:
    text = base64.encodebytes(octets(length)).replace(b"\n", b"\r\n")
    anew = b64.decode_anew(text)
    assert isinstance(anew, bytearray)
    assert anew == octets(length)
    irregular = b64.decode_anew(b" " + text)
    assert irregular == octets(length)


WHOLE_LINES = base64.encodebytes(octets(57 * 5)).replace(b"\n", b"\r\n")


@pytest.mark.parametrize(
    ("block", "found"),
    [
        pytest.param(WHOLE_LINES, True, id="ok/whole lines"),
        pytest.param(b"QUJD\r\n" * 9, True, id="ok/short lines"),
        pytest.param(WHOLE_LINES[:-2], False, id="fail/last line without end"),
        pytest.param(WHOLE_LINES.replace(b"\r\n", b"\n"), False, id="fail/line feeds alone"),
        pytest.param(WHOLE_LINES.replace(b"\r\n", b"\r\r\n", 1), False, id="fail/one line longer"),
        pytest.param(b"\r" + WHOLE_LINES[1:], False, id="fail/bare CR"),
        pytest.param(WHOLE_LINES[:90] + b"\n" + WHOLE_LINES[91:], False, id="fail/bare LF"),
        pytest.param(b"." + WHOLE_LINES[1:], False, id="fail/other letter"),
        pytest.param(b"\xc3" + WHOLE_LINES[1:], False, id="fail/8 bit"),
        pytest.param(b"QQ==\r\n" * 9, False, id="fail/padding"),
        pytest.param(b"text\r\nof\r\n", False, id="fail/text"),
        pytest.param(b"\r\n" * 9, True, id="ok/empty lines"),
        pytest.param(b"", False, id="fail/nothing"),
    ],
)
def test_lines_of_base64_are_recognised(block: bytes, found: bool) -> None:
    assert b64.is_lines(block) is found


@given(st.lists(st.sampled_from([b"QUJD", b"\r\n", b"\n", b"\r", b" ", b"=", b"\0"])).map(b"".join))
def test_what_counts_as_lines_of_base64_is_safe(block: bytes) -> None:
    if b64.is_lines(block):
        assert not block.translate(None, b"QUJD\r\n")
        assert block.count(b"\r\n") == block.count(b"\r") == block.count(b"\n")
