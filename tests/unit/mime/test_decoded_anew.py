"""A part decoded into a buffer of the caller's own: the same octets, and only once in memory."""

import tracemalloc

import pybase64
import pytest
from hypothesis import given
from hypothesis import strategies as st

from siegel.base.b64 import encode_lines
from siegel.base.errors import LimitExceeded
from siegel.base.limits import MIB, Limits
from siegel.mime.message import Part
from siegel.mime.parse import parse_entity


def part(encoding: str, body: bytes) -> Part:
    return parse_entity(b"Content-Transfer-Encoding: " + encoding.encode() + b"\r\n\r\n" + body)


@given(st.binary(max_size=400), st.sampled_from(["base64", "quoted-printable", "8bit", "x-odd"]))
def test_any_body_is_decoded_as_before(body: bytes, encoding: str) -> None:
    entity = part(encoding, body)
    anew = entity.decoded_anew()
    assert isinstance(anew, bytearray)
    assert anew == entity.decoded()


@given(st.binary(max_size=6000))
def test_regular_base64_is_decoded_as_before(content: bytes) -> None:
    entity = part("base64", b"".join(encode_lines([content])))
    assert entity.decoded_anew() == content
    loose = part("base64", b"! " + pybase64.b64encode(content))
    assert loose.decoded_anew() == loose.decoded() == content


def test_a_change_of_the_buffer_is_no_change_of_the_message() -> None:
    entity = part("binary", b"as it came")
    entity.decoded_anew()[:] = b"changed"
    assert bytes(entity.body) == b"as it came"


def test_the_limit_of_size_holds() -> None:
    with pytest.raises(LimitExceeded):
        part("base64", b"A" * 100).decoded_anew(Limits(message_size=99))


def test_regular_base64_is_held_once() -> None:
    content = bytes(4 * MIB)
    entity = part("base64", b"".join(encode_lines([content])))
    tracemalloc.start()
    try:
        assert len(entity.decoded_anew()) == len(content)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < len(content) * 1.05
