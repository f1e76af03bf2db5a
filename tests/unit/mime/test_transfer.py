"""Transfer encodings, judged by Python's own codecs."""

import binascii
import quopri
import re
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siegel.base.errors import LimitExceeded
from siegel.base.limits import Limits
from siegel.mime import transfer
from siegel.mime.parse import parse_entity
from siegel.mime.transfer import (
    decode,
    decode_base64,
    decode_quoted_printable,
    encode_base64,
    encode_quoted_printable,
)
from tests.unit.mime.samples import rude_server
from tests.work import Run, grows_in_proportion

TEXT = st.lists(
    st.sampled_from(
        [b"From me", b".", b"a ", b"\t", b"--b", b"-" * 80, b"x" * 77, b"=", b"\xc3\xbc" * 30]
    )
    | st.binary(max_size=200).map(lambda line: line.replace(b"\r\n", b"")),
    max_size=8,
).map(b"\r\n".join)


@given(TEXT)
def test_quoted_printable_decodes_to_what_was_encoded(text: bytes) -> None:
    encoded = encode_quoted_printable(text)
    assert quopri.decodestring(encoded) == text
    assert decode_quoted_printable(encoded) == text


@pytest.mark.requirement("A19")
@given(TEXT)
def test_quoted_printable_passes_every_server_in_short_lines(text: bytes) -> None:
    encoded = encode_quoted_printable(text)
    assert rude_server(encoded) == encoded
    lines = encoded.split(b"\r\n")
    assert max(map(len, lines)) <= 76
    assert not any(line.startswith(b"--") for line in lines)


@given(st.binary(max_size=400))
def test_base64_decodes_to_what_was_encoded(raw: bytes) -> None:
    encoded = encode_base64(raw)
    assert binascii.a2b_base64(encoded) == raw
    assert decode_base64(encoded) == raw


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(b"aGVs\r\nbG8=\r\n", b"hello", id="ok/lines"),
        pytest.param(b"a G\tV*s!\nbG8=", b"hello", id="ok/junk"),
        pytest.param(b"aGVsbG8", b"hello", id="ok/no-padding"),
        pytest.param(b"aGVsbG8=\r\n-- \r\nlist footer", b"hello", id="ok/text-behind"),
        pytest.param(b"aGVsb", b"hel", id="ok/one-digit-too-many"),
        pytest.param(b"\xff\x00", b"", id="ok/nothing"),
        pytest.param(b"", b"", id="ok/empty"),
    ],
)
def test_base64_of_real_mail_decodes_as_readers_are_told_to(body: bytes, expected: bytes) -> None:
    assert decode(body, "base64") == expected
    assert decode(memoryview(body), "base64") == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(b"a=20b=\r\nc", b"a bc", id="ok/soft-break"),
        pytest.param(b"a \t\r\nb \n c ", b"a\r\nb\n c", id="ok/added-blanks"),
        pytest.param(b"a= \r\nb", b"ab", id="ok/blank-after-soft-break"),
        pytest.param(b"a=zz=4", b"a=zz=4", id="ok/bad-escape"),
        pytest.param(b"=c3=bc", b"\xc3\xbc", id="ok/small-letters"),
        pytest.param(b"a=", b"a", id="ok/at-the-end"),
    ],
)
def test_quoted_printable_of_real_mail_decodes(body: bytes, expected: bytes) -> None:
    assert decode(body, "quoted-printable") == expected


@pytest.mark.parametrize("encoding", ["7bit", "8bit", "binary", "x-unknown", ""])
def test_other_encodings_leave_the_body_as_it_is(encoding: str) -> None:
    assert decode(b"=41\xff", encoding) == b"=41\xff"


@given(st.binary(max_size=200), st.sampled_from(["base64", "quoted-printable"]))
def test_decoding_never_fails(body: bytes, encoding: str) -> None:
    assert len(decode(body, encoding)) <= len(body)


def test_the_declared_encoding_is_read_with_comment_and_case() -> None:
    part = parse_entity(b"Content-Transfer-Encoding: BASE64 (really)\r\n\r\naGVsbG8=")
    assert (part.transfer_encoding, part.decoded()) == ("base64", b"hello")
    with pytest.raises(LimitExceeded):
        part.decoded(Limits(message_size=3))


@given(st.lists(st.sampled_from([b" ", b"\t", b"\r", b"\n", b"=", b"=41", b"a"])).map(b"".join))
def test_lines_decode_the_same_one_by_one_and_many_at_a_time(raw: bytes) -> None:
    """Also where the octets are looked at in several goes."""
    whole = decode_quoted_printable(raw)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(transfer, "_LINES", 2)
        assert decode_quoted_printable(raw) == whole
    plain = re.sub(rb"[ \t]+(\r?)(\n|\Z)", rb"\1\2", raw)
    assert whole == binascii.a2b_qp(plain)


@pytest.mark.parametrize("line", [b"\n", b" \n", b"ab \r\n", b" "])
def test_many_short_lines_take_the_memory_of_their_octets(line: bytes) -> None:
    raw = b" \n" + line * (4_000_000 // len(line))
    tracemalloc.start()
    try:
        decode_quoted_printable(raw)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 3 * len(raw)


@pytest.mark.parametrize("filling", [b" ", b"\t\n", b"=", b" \r", b"=\r\n", b"-"])
def test_decoding_and_encoding_take_linear_time(filling: bytes) -> None:
    def made(size: int) -> Run:
        raw = filling * (size // len(filling)) + b"x \n"
        return lambda: (
            decode_quoted_printable(raw),
            decode_base64(raw),
            encode_quoted_printable(raw[: size // 3]),
        )

    assert grows_in_proportion(made, 120_000)
