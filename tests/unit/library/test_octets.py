"""Whatever holds octets goes in, and what comes out need not be put together by anybody."""

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import siegel
from siegel.base.limits import DEFAULT
from siegel.library.octets import BLOCK, Source, Written, chunks_of, gathered
from tests.unit.smime.mails import MAIL, NOW, key

SMALL = replace(DEFAULT, message_size=1000)
FORMS: dict[str, Callable[[bytes], Source]] = {
    "bytes": bytes,
    "bytearray": bytearray,
    "memoryview": memoryview,
    "list": lambda data: [data[:10], memoryview(data)[10:]],
    "generator": lambda data: (data[i : i + 7] for i in range(0, len(data), 7)),
    "file": io.BytesIO,
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_the_same_message(form: str) -> None:
    opened = siegel.open_message(FORMS[form](MAIL))
    assert opened.payload.exact == MAIL


@given(st.lists(st.binary(max_size=30)))
def test_chunks_are_gathered_in_their_order(chunks: list[bytes]) -> None:
    assert bytes(gathered(iter(chunks), DEFAULT)) == b"".join(chunks)
    assert bytes(Written(chunks)) == b"".join(chunks)
    assert len(Written(chunks)) == sum(map(len, chunks))


def test_a_buffer_is_not_copied() -> None:
    assert gathered(MAIL, DEFAULT) is MAIL
    assert [*chunks_of(MAIL)] == [MAIL]


@pytest.mark.parametrize("view", [False, True], ids=["ok/bytearray", "ok/memoryview"])
def test_what_was_opened_or_signed_stays_when_its_owner_uses_the_buffer_again(view: bool) -> None:
    buffer = bytearray(MAIL)
    source = memoryview(buffer) if view else buffer
    opened = siegel.open_message(source)
    signed = siegel.sign(source, siegel.Keys([key("alice")]), at=NOW)
    before = bytes(signed)
    buffer[:] = bytes(len(buffer))
    assert opened.payload.exact == MAIL
    assert bytes(signed) == before


class Endless:
    """A file that never ends, and counts what was asked of it."""

    def __init__(self) -> None:
        self.taken = 0

    def read(self, size: int, /) -> bytes:
        self.taken += size
        return bytes(size)


def test_a_limit_stops_reading_before_more_is_taken() -> None:
    endless = Endless()
    with pytest.raises(siegel.LimitExceeded):
        siegel.open_message(endless, limits=SMALL)
    assert endless.taken == BLOCK


@pytest.mark.parametrize("form", FORMS)
def test_every_form_has_the_same_limit(form: str) -> None:
    with pytest.raises(siegel.LimitExceeded):
        siegel.open_message(FORMS[form](MAIL + bytes(1000)), limits=SMALL)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("From: a@b.example\r\n\r\n", "not text"),
        (io.StringIO("From: a@b.example\r\n\r\n"), "not str"),
        (["From: a@b.example"], "not str"),
        (Path("mail.eml"), "not PosixPath"),
        (7, "not int"),
        (None, "not NoneType"),
    ],
    ids=["fail/str", "fail/text-file", "fail/list-of-str", "fail/path", "fail/int", "fail/none"],
)
def test_what_holds_no_octets_is_a_type_error(source: Source, words: str) -> None:
    with pytest.raises(TypeError, match=words):
        siegel.open_message(source)


def test_what_was_written_goes_into_a_file(tmp_path: Path) -> None:
    written = Written([b"eins ", memoryview(b"zwei "), bytearray(b"drei")])
    with (tmp_path / "out").open("wb") as file:
        assert written.write_to(file) == 14
    assert (tmp_path / "out").read_bytes() == bytes(written) == b"eins zwei drei"
    assert repr(written) == "Written(14 octets)"


def test_a_moment_without_an_offset_is_refused() -> None:
    opened = siegel.open_message(MAIL)
    with pytest.raises(ValueError, match="offset"):
        siegel.judge(opened, anchors=(), at=NOW.replace(tzinfo=None))
