"""Fields and multiparts that we write, read by Python's parser."""

import email
import email.policy
from email.header import decode_header, make_header

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siegel.mime import build
from siegel.mime.fields import addresses, decode_words, parse_content_type
from siegel.mime.parse import parse_entity, parse_message

TEXT = st.text(
    alphabet=st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"])
    | st.sampled_from(' üß,"()'),
    max_size=120,
)  # fmt: skip


def without_line_ends(field: bytes) -> str:
    assert field.endswith(b"\r\n")
    return field[:-2].replace(b"\r\n ", b" ").decode("ascii")


@given(TEXT)
def test_a_field_says_in_ascii_what_it_was_given(text: str) -> None:
    field = build.field("Subject", text)
    assert all(len(line) <= 78 or b" " not in line[9:] for line in field.split(b"\r\n"))
    value = without_line_ends(field).partition(":")[2]
    if "=?" not in text:
        assert decode_words(value).split() == text.split()
        assert str(make_header(decode_header(value.strip()))).split() == text.split()


@given(TEXT.filter(bool), st.integers(0, 40))
def test_encoded_words_are_short_and_split_no_character(text: str, used: int) -> None:
    words = build.encode_word(text, used=used).decode("ascii").split(" ")
    assert all(len(word) <= 75 for word in words)
    assert "".join(decode_words(word) for word in words) == text
    assert decode_words(" ".join(words)) == text


@pytest.mark.parametrize(
    "value", ["a\r\nBcc: x", "a\nBcc: x", "a\rBcc: x", "a\0b", "a\u2028Bcc: x\x85"]
)
def test_no_value_begins_a_field_of_its_own(value: str) -> None:
    for field in (
        build.field("Subject", value),
        b"Subject: " + build.phrase(value) + b"\r\n",
        build.parameters("Content-Type", "a/b", {"name": value}),
    ):
        parsed = email.message_from_bytes(field + b"\r\n")
        assert len(parsed.keys()) == 1
        assert field.isascii()
        assert b"\0" not in field


@given(TEXT.filter(lambda text: text.strip() == text and bool(text)))
def test_a_phrase_reads_back_as_the_name(text: str) -> None:
    raw = b"To: " + build.phrase(text) + b" <a@example.org>\r\n\r\n"
    found = addresses(parse_message(raw), "to")
    assert [str(mailbox.address) for mailbox in found] == ["a@example.org"]
    if "=?" not in text:
        assert found[0].display.split() == text.split()


@given(TEXT)
def test_parameters_read_back(text: str) -> None:
    field = build.parameters("Content-Disposition", "attachment", {"filename": text, "x": "1"})
    assert max(map(len, field.split(b"\r\n"))) <= 78
    value = field.decode("ascii").partition(":")[2].replace("\r\n", "")
    assert parse_content_type(value).params == {"filename": text, "x": "1"}


def test_parameters_read_back_with_python() -> None:
    name = 'Größe, „mit“ allem; was =stört" und so lang, dass eine Zeile nicht reicht.pdf'
    field = build.parameters("Content-Type", "application/pdf", {"name": name, "a": 'q"\\uoted'})
    parsed = email.message_from_bytes(field + b"\r\n")
    assert parsed.get_filename() == name
    assert parsed.get_param("a") == 'q"\\uoted'


@given(st.text(alphabet=st.sampled_from("ab ,<>"), max_size=300))
def test_folding_only_adds_line_ends_before_blanks(text: str) -> None:
    line = ("Name: " + text).encode("ascii")
    folded = build.fold(line)
    assert folded.replace(b"\r\n", b"") == line.rstrip(b" ")
    assert not any(line.strip() == b"" for line in folded.split(b"\r\n")[:-1])


def test_boundaries_come_from_the_given_randomness_and_cannot_occur_in_encoded_bodies() -> None:
    assert build.boundary(lambda size: b"\xab" * size) == "=_" + "ab" * 16
    assert build.boundary() != build.boundary()
    assert len(build.boundary()) <= 70


def test_a_multipart_is_built_around_raw_slices() -> None:
    first, second = b"Content-Type: a/b\n\n odd \r\n", memoryview(b"\r\ntext")
    chunks = build.multipart(
        "signed",
        [[first[:5], first[5:]], [second]],
        boundary="=_x",
        params={"protocol": "application/pkcs7-signature", "micalg": "sha-256"},
        fields=b"X-Field: 1\r\n",
    )
    assert chunks[5] is second
    entity = parse_entity(b"".join(chunks))
    assert [bytes(child.exact) for child in entity.children] == [first, bytes(second)]
    assert (bytes(entity.preamble), bytes(entity.epilogue)) == (b"", b"")
    assert entity.content_type.params["protocol"] == "application/pkcs7-signature"
    assert entity.fields[1].raw == b"X-Field: 1\r\n"
    assert email.message_from_bytes(b"".join(chunks)).get_boundary() == "=_x"
