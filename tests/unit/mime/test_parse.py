"""The tree of parts, with offsets, over what mail really looks like."""

import email
import email.policy
import re
import sys
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siegel.base.errors import LimitExceeded, MalformedMessage, SiegelError
from siegel.base.limits import Limits
from siegel.mime.delimiters import delimiters
from siegel.mime.message import Part
from siegel.mime.parse import parse_entity, parse_header, parse_message
from tests.unit.mime.samples import ENTITIES, foreign_mail, multipart, put_together, walk
from tests.work import Run, grows_in_proportion

MIXED = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
HEAD = b"From: alice@example.org\r\n"


def tree(part: Part) -> list[tuple[str, str]]:
    return [(inner.path, inner.media) for inner in walk(part)]


def bodies(raw: bytes) -> list[bytes]:
    return [bytes(child.exact) for child in parse_entity(raw).children]


@pytest.mark.requirement("A19")
@given(ENTITIES)
def test_the_slices_put_together_are_the_input(raw: bytes) -> None:
    assert put_together(parse_entity(raw)) == raw


@given(st.binary(max_size=300))
def test_any_octets_parse_or_are_no_message(raw: bytes) -> None:
    assert put_together(parse_entity(raw)) == raw
    try:
        message = parse_message(raw)
    except MalformedMessage:
        return
    assert put_together(message.root) == raw


@pytest.mark.requirement("A19")
def test_the_slices_of_all_foreign_mail_put_together_are_the_file(corpora: Path) -> None:
    parsed = 0
    for path in foreign_mail(corpora):
        raw = path.read_bytes()
        assert put_together(parse_entity(raw)) == raw, path
        try:
            message = parse_message(raw)
        except (MalformedMessage, LimitExceeded):  # pictures and licences lie there, too
            continue
        assert put_together(message.root) == raw, path
        parsed += 1
    assert parsed > 400


def test_foreign_mail_without_defects_has_the_parts_that_python_sees(corpora: Path) -> None:
    """Python takes the field groups of message/* for messages, which they are not."""
    compared = 0
    for path in foreign_mail(corpora):
        if path.suffix != ".eml":
            continue
        raw = path.read_bytes()
        theirs = list(email.message_from_bytes(raw).walk())
        kinds = [part.get_content_type() for part in theirs]
        groups = any(kind.startswith("message/") and kind != "message/rfc822" for kind in kinds)
        if groups or any(part.defects for part in theirs):
            continue
        ours = list(walk(parse_message(raw).root))
        if [part.media for part in ours] == kinds:
            compared += 1
        else:
            assert path.name == "000.eml", path  # two delimiters on end: we see the empty part
    assert compared > 150


@pytest.mark.parametrize("linesep", ["\r\n", "\n"])
def test_mail_written_by_python_reads_with_the_same_content(linesep: str) -> None:
    made = EmailMessage(policy=email.policy.SMTP.clone(linesep=linesep))
    made["From"] = "Jürgen Groß <juergen@example.org>"
    made.set_content("Grüße\n.\nFrom hier\n")
    made.add_alternative("<p>Grüße</p>\n", subtype="html")
    made.add_attachment(bytes(range(256)) * 9, "application", "pdf", filename="Prüfung.pdf")
    inner = EmailMessage()
    inner.set_content("inner\n")
    made.add_attachment(inner)
    root = parse_message(made.as_bytes()).root
    assert tree(root) == [
        ("", "multipart/mixed"),
        ("1", "multipart/alternative"),
        ("1.1", "text/plain"),
        ("1.2", "text/html"),
        ("2", "application/pdf"),
        ("3", "message/rfc822"),
        ("3.1", "text/plain"),
    ]
    assert root.children[1].decoded() == bytes(range(256)) * 9
    assert root.children[1].filename == "Prüfung.pdf"
    text = root.children[0].children[0].decoded().decode()
    assert text.replace("\r\n", "\n") == "Grüße\n.\nFrom hier\n"


def test_offsets_show_header_and_body() -> None:
    raw = b"From: a@example.org\r\nSubject: x\r\n y\r\n\r\nbody"
    root = parse_message(raw).root
    assert bytes(root.header) == b"From: a@example.org\r\nSubject: x\r\n y\r\n\r\n"
    assert bytes(root.body) == b"body"
    assert [(f.name, f.value) for f in root.fields] == [
        ("From", "a@example.org"),
        ("Subject", "x y"),
    ]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param(
            multipart(b"b", b"mixed", [b"\r\none", b"\r\ntwo"]),
            [b"\r\none", b"\r\ntwo"],
            id="ok/two",
        ),
        pytest.param(
            multipart(b"b", b"mixed", [b"\r\none"]).replace(b"\r\n", b"\n"),
            [b"\none"],
            id="ok/bare-lf",
        ),
        pytest.param(
            multipart(b"b", b"mixed", [b"\r\none"], b"pre\r\n"), [b"\r\none"], id="ok/preamble"
        ),
        pytest.param(
            multipart(b"b", b"mixed", [b"\r\none"], close=b"-- \t"),
            [b"\r\none"],
            id="ok/blanks-after-close",
        ),
        pytest.param(
            MIXED + b"--b \t\r\n\r\none\r\n--b--", [b"\r\none"], id="ok/blanks-after-open"
        ),
        pytest.param(
            multipart(b"b", b"mixed", [b"\r\n--bb\r\n--b--x\r\n --b\r\n--"]),
            [b"\r\n--bb\r\n--b--x\r\n --b\r\n--"],
            id="ok/near-delimiters",
        ),
        pytest.param(
            multipart(b"b", b"mixed", [b"\r\none\r\n"]), [b"\r\none\r\n"], id="ok/own-line-end"
        ),
        pytest.param(multipart(b"b", b"mixed", [b""]), [b""], id="ok/empty-part"),
        pytest.param(
            MIXED + b"--b\r\n--b\r\n\r\none\r\n--b--",
            [b"", b"\r\none"],
            id="ok/two-delimiters-on-end",
        ),
        pytest.param(
            MIXED + b"--b\r\n\r\none\r\n--b--\r\n--b\r\n\r\nlate\r\n--b--",
            [b"\r\none"],
            id="ok/nothing-after-close-counts",
        ),
        pytest.param(
            b'Content-Type: multipart/mixed; boundary="b "\r\n\r\n--b\r\n\r\none\r\n--b--',
            [b"\r\none"],
            id="ok/blank-at-end-of-boundary",
        ),
        pytest.param(
            b"Content-Type: multipart/mixed; boundary*=us-ascii'en'b%5F\r\n\r\n"
            b"--b_\r\n\r\none\r\n--b_--",
            [b"\r\none"],
            id="ok/rfc2231-boundary",
        ),
    ],
)
def test_a_multipart_is_split_at_its_delimiter_lines(raw: bytes, expected: list[bytes]) -> None:
    entity = parse_entity(raw)
    assert entity.boundary_ok
    assert [bytes(child.exact) for child in entity.children] == expected


@pytest.mark.parametrize(
    ("raw", "parts"),
    [
        pytest.param(MIXED + b"--b\r\n\r\none\r\n", 1, id="fail/no-close"),
        pytest.param(MIXED + b"--b--\r\n", 0, id="fail/only-close"),
        pytest.param(MIXED + b"text\r\n", 0, id="fail/no-delimiter"),
        pytest.param(
            b"Content-Type: multipart/mixed\r\n\r\n--b\r\n\r\n--b--\r\n", 0, id="fail/no-boundary"
        ),
        pytest.param(
            b'Content-Type: multipart/mixed; boundary=""\r\n\r\n--\r\n\r\n----\r\n',
            0,
            id="fail/empty-boundary",
        ),
        pytest.param(
            "Content-Type: multipart/mixed; boundary=ü\r\n\r\n--ü\r\n\r\n--ü--".encode(),
            0,
            id="fail/boundary-not-ascii",
        ),
        pytest.param(b"Content-Type: multipart/mixed; boundary=b", 0, id="fail/header-only"),
    ],
)
def test_a_broken_multipart_says_so(raw: bytes, parts: int) -> None:
    entity = parse_entity(raw)
    assert not entity.boundary_ok
    assert len(entity.children) == parts


def test_the_parent_is_split_first_when_boundaries_resemble_each_other() -> None:
    inner = multipart(b"b", b"alternative", [b"\r\none", b"\r\ntwo"])
    root = parse_entity(multipart(b"bb", b"mixed", [inner, b"\r\nthree"]))
    assert [path for path, _ in tree(root)] == ["", "1", "1.1", "1.2", "2"]
    assert all(part.boundary_ok for part in walk(root))


def test_an_inner_multipart_that_is_not_closed_ends_with_its_parent() -> None:
    inner = b"Content-Type: multipart/mixed; boundary=in\r\n\r\n--in\r\n\r\none"
    root = parse_entity(multipart(b"out", b"mixed", [inner, b"\r\ntwo"]))
    assert [bytes(child.exact) for child in root.children] == [inner, b"\r\ntwo"]
    assert not root.children[0].boundary_ok
    assert bytes(root.children[0].children[0].body) == b"one"


def test_delimiters_are_found_among_many_hyphens() -> None:
    body = b"\r\n" + b"- -- --b- \r\n--bc\r\n" * 2000
    assert bodies(multipart(b"b", b"mixed", [body, b"\r\nend"])) == [body, b"\r\nend"]


def test_paths_are_imap_sections() -> None:
    embedded = b"Content-Type: message/rfc822\r\n\r\n" + HEAD
    inner = embedded + multipart(b"in", b"mixed", [b"\r\nx", embedded + b"\r\ny"])
    root = parse_message(HEAD + multipart(b"out", b"mixed", [b"\r\nz", inner])).root
    assert tree(root) == [
        ("", "multipart/mixed"),
        ("1", "text/plain"),
        ("2", "message/rfc822"),
        ("2", "multipart/mixed"),
        ("2.1", "text/plain"),
        ("2.2", "message/rfc822"),
        ("2.2.1", "text/plain"),
    ]
    assert tree(parse_entity(bytes(root.exact), path="1/"))[1] == ("1/1", "text/plain")


def test_parts_of_a_digest_are_messages_by_default() -> None:
    root = parse_entity(multipart(b"b", b"digest", [b"\r\n" + HEAD + b"\r\nx"]))
    assert [media for _, media in tree(root)] == [
        "multipart/digest",
        "message/rfc822",
        "text/plain",
    ]
    assert root.children[0].children[0].fields[0].value == "alice@example.org"


def test_an_encoded_message_is_not_looked_into() -> None:
    entity = parse_entity(
        b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\nRnJvbTog"
    )
    assert entity.children == ()


def test_a_body_part_may_begin_without_header() -> None:
    part = parse_entity(multipart(b"b", b"mixed", [b"Just text\r\n\r\nmore"])).children[0]
    assert (bytes(part.header), bytes(part.body)) == (b"", b"Just text\r\n\r\nmore")


def test_a_field_after_a_broken_line_is_still_seen() -> None:
    message = parse_message(b"From: a@example.org\r\nbroken line\r\nFrom : b@example.org\r\n\r\n")
    assert [field.value for field in message.get_all("from")] == ["a@example.org", "b@example.org"]
    assert [field.name for field in message.fields] == ["From", "", "From"]


@pytest.mark.parametrize(
    "header",
    [
        b"Content-Type: text/html\r\nContent-Type: text/plain\r\n",
        b"Content-Type: multipart/mixed; boundary=a; boundary=b\r\n",
        b"Content-Type: multipart/signed; protocol=a; protocol*=utf-8''b\r\n",
        b"Content-Transfer-Encoding: base64\r\ncontent-transfer-encoding: 7bit\r\n",
        b"Content-Type: multipart/mixed; boundary=a\r\nContent-Transfer-Encoding: base64\r\n",
        b"Content-Type: text/html\r\nno field\r\n",
        b"Content-Type : text/html\r\n",
        b"Content-Type: multipart/mixed; boundary=a (; boundary=b)\r\n",
        b'Content-Type: multipart/mixed; boundary=a; name="x; boundary=b"\r\n',
        b"Content-Type: multipart/mixed; boundary*0=a; boundary*1=b\r\n",
        b"Content-Type: multipart/mixed; boundary=a; boundary\x0b=b\r\n",
        b"Content-Type: text/html\r\nSubject: a\rContent-Type: text/plain\r\n",
        b"Content-Type: text/html\r\nSubject: a\r\r\n",
    ],
)
def test_contradictions_make_a_part_ambiguous_and_the_first_counts(header: bytes) -> None:
    part = parse_entity(header + b"\r\n")
    assert part.ambiguous
    assert part.media != "text/plain" or part.transfer_encoding == "base64"


def test_a_harmless_repetition_is_not_ambiguous() -> None:
    header = b"Content-Type: text/html; charset=a; charset=b\r\n"
    assert not parse_entity(header + header + b"\r\n").ambiguous
    assert not parse_entity(b"From mailbox\r\n" + header + b"\r\n").ambiguous


@pytest.mark.parametrize(
    "boundary", [b"my_boundary=1", b"=_boundary", b'"a;b=c"', b'"a=b" (a comment)']
)
def test_a_boundary_with_odd_characters_is_one_boundary(boundary: bytes) -> None:
    header = b"Content-Type: multipart/mixed;\r\n boundary=" + boundary + b"\r\n\r\n"
    assert not parse_entity(header).ambiguous


@pytest.mark.parametrize(
    "raw", [b"", b"\r\n", b"\r\nFrom: a@example.org\r\n", b"\x00\xff", b"just text\r\n\r\nmore"]
)
def test_what_has_no_header_field_is_no_message(raw: bytes) -> None:
    with pytest.raises(MalformedMessage):
        parse_message(raw)
    with pytest.raises(MalformedMessage):
        parse_header(raw)


@pytest.mark.parametrize(
    ("limits", "raw"),
    [
        pytest.param(Limits(message_size=40), HEAD + b"\r\n" + b"x" * 40, id="fail/message_size"),
        pytest.param(Limits(header_size=40), HEAD + b"X: " + b"y" * 40, id="fail/header_size"),
        pytest.param(
            Limits(header_fields=3), HEAD + b"X: 1\r\n" * 3 + b"\r\n", id="fail/header_fields"
        ),
        pytest.param(
            Limits(mime_parts=3), HEAD + multipart(b"b", b"mixed", [b""] * 3), id="fail/mime_parts"
        ),
        pytest.param(
            Limits(mime_depth=2),
            HEAD
            + multipart(
                b"1", b"mixed", [multipart(b"2", b"mixed", [multipart(b"3", b"mixed", [b""])])]
            ),
            id="fail/mime_depth",
        ),
        pytest.param(
            Limits(mime_depth=2),
            HEAD + b"Content-Type: message/rfc822\r\n\r\n" * 3,
            id="fail/messages-in-messages",
        ),
    ],
)
def test_every_limit_ends_the_parsing(limits: Limits, raw: bytes) -> None:
    with pytest.raises(LimitExceeded):
        parse_message(raw, limits=limits)
    assert parse_message(raw).root.boundary_ok


def test_the_header_of_a_message_beyond_the_limits_is_readable() -> None:
    raw = HEAD + multipart(b"b", b"mixed", [b""] * 9)
    message = parse_header(raw, limits=Limits(mime_parts=3))
    assert message.get("FROM") is not None
    assert message.root.children == ()
    assert bytes(message.root.exact) == raw


def test_a_million_delimiters_end_at_the_limit() -> None:
    with pytest.raises(LimitExceeded):
        parse_message(HEAD + multipart(b"b", b"mixed", [b""] * 300_000))


def test_a_memoryview_and_a_bytearray_parse_like_bytes() -> None:
    raw = HEAD + multipart(b"b", b"mixed", [b"\r\none"])
    for buffer in (bytearray(raw), memoryview(raw)):
        assert tree(parse_message(buffer).root) == tree(parse_message(raw).root)


@pytest.mark.parametrize(
    ("filling", "size"),
    [
        pytest.param(b"QUJD" * 19 + b"\r\n", 1_000_000, id="ok/base64-of-25-mb"),
        pytest.param(b"-", 200_000, id="ok/hyphens"),
        pytest.param(b"\r\n--bc", 200_000, id="ok/begun-delimiters"),
        pytest.param(b"\r\n--b  \tx", 200_000, id="ok/delimiters-with-blanks-that-go-on"),
        pytest.param(b"From: a\r\n\r\n--b-\r\n", 200_000, id="ok/headers"),
    ],
)
def test_time_grows_with_the_size_and_no_faster(filling: bytes, size: int) -> None:
    def made(length: int) -> Run:
        raw = HEAD + multipart(b"b", b"mixed", [b"\r\n" + filling * (length // len(filling))])
        return lambda: _parsed_whole(raw)

    assert grows_in_proportion(made, size)


def _parsed_whole(raw: bytes) -> None:
    assert parse_message(raw).root.boundary_ok


@pytest.mark.parametrize(
    "filling",
    [b"a", b"a:", b"\n ", b" ", b"(", b'"', b"\\", b";", b"*0=", b"=?", b"=?a?q?", b"@", b"<"],
)
def test_hostile_headers_take_linear_time(filling: bytes) -> None:
    def made(size: int) -> Run:
        raw = b"From: " + filling * (size // len(filling))
        header = raw + b"\r\nContent-Type: a/b; " + raw[6 : size // 2] + b"\r\n\r\n"
        return lambda: _named_or_refused(header)

    assert grows_in_proportion(made, 25_000)


def _named_or_refused(header: bytes) -> None:
    try:
        root = parse_message(header).root
        assert root.filename is None or root.filename
    except SiegelError:
        pass


HYPHENS = st.lists(
    st.sampled_from(
        [b"\r\n", b"\n", b"--b", b"--", b"-", b" ", b"x", b"--bc", b"y" * 40_000, b"-" * 120]
    )
).map(b"".join)


@given(HYPHENS, st.integers(0, 3))
def test_delimiters_are_the_lines_that_a_regular_expression_finds(raw: bytes, start: int) -> None:
    """Also where hyphens are skipped to and where they are too many for that."""
    lines = re.compile(rb"(?:^|(?<=\n))--b(--)?[ \t]*(?:\r?\n|\Z)")
    expected = [(m.end() + start, bool(m[1])) for m in lines.finditer(raw)]
    found = delimiters(b"z" * start + raw, b"b", start, start + len(raw))
    assert [(each.after, each.closes) for each in found] == expected


def test_delimiters_are_found_behind_many_lines_that_begin_like_them() -> None:
    near = b"\r\n--bc" * 5000
    raw = near + b"\r\n--b\r\n1" + near + b"\r\n--b \n\n--b--" + near
    found = [
        (raw[each.begin : each.after], each.closes) for each in delimiters(raw, b"b", 0, len(raw))
    ]
    assert found == [
        (b"\r\n--b\r\n", False),
        (b"\r\n--b \n", False),
        (b"\n--b--\r\n", True),
    ]


def test_lines_that_only_begin_like_a_delimiter_cost_no_call_each() -> None:
    calls = 0

    def count(frame: object, event: str, argument: object) -> None:
        nonlocal calls
        calls += 1

    raw = HEAD + multipart(b"b", b"mixed", [b"\r\n" + b"\r\n--bc" * 100_000])
    sys.setprofile(count)
    try:
        parse_message(raw)
    finally:
        sys.setprofile(None)
    assert calls < 20_000


def test_a_boundary_of_two_lines_separates_nothing() -> None:
    head = b"Content-Type: multipart/mixed; boundary*=us-ascii''b%0Ac\r\n\r\n"
    part = parse_entity(head + b"--b\nc\r\n\r\n--b\nc--\r\n")
    assert not part.children
    assert not part.boundary_ok
