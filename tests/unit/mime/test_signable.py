"""What is signed survives the way; what it says is what it said. Python's parser is the judge."""

import email
import itertools
import re
from collections.abc import Iterator
from email.message import Message as PythonMessage
from pathlib import Path

import pytest
from hypothesis import given

from siegel.base.errors import SiegelError
from siegel.mime.canonical import canonical, is_mail_safe, is_signable, signable
from siegel.mime.message import Part
from siegel.mime.parse import parse_entity, parse_message
from tests.unit.mime.samples import ENTITIES, foreign_mail, multipart, rude_server, walk
from tests.work import Run, grows_in_proportion

SEALED = {"multipart/signed", "multipart/encrypted", "application/pkcs7-mime", "message/partial"}


def counter() -> "Iterator[bytes]":
    return (number.to_bytes(16, "big") for number in itertools.count(1))


def made_signable(raw: bytes) -> bytes:
    numbers = counter()
    return signable(parse_entity(raw), rng=lambda size: next(numbers)[-size:])


def leaves(part: Part) -> list[tuple[str, bytes]]:
    """Media type and content of every leaf.

    Text and message/* with canonical line ends; the latter are fields, and the blanks at the end
    of a field mean nothing.
    """
    if part.children:
        return [leaf for child in part.children for leaf in leaves(child)]
    content = part.decoded()
    if part.content_type.type == "message":
        content = b"\n".join(line.rstrip(b" \t\r") for line in content.split(b"\n"))
    lines = part.content_type.type in ("text", "message") and b"\0" not in content
    return [(part.media, bytes(canonical(content)) if lines else content)]


def is_splittable(root: Part) -> bool:
    return all(part.children for part in walk(root) if part.is_multipart)


def headers_are_unreadable(root: Part) -> bool:
    """Broken lines, which may be dropped, and message/* bodies that are no fields."""
    return any(
        any(not field.name for field in part.fields)
        or (part.content_type.type == "message" and not part.children)
        for part in walk(root)
    )


@pytest.mark.requirement("A19")
@given(ENTITIES)
def test_a_signed_entity_passes_a_server_that_changes_all_it_may(raw: bytes) -> None:
    signed = made_signable(raw)
    if not headers_are_unreadable(parse_entity(raw)):
        assert rude_server(signed) == signed


@given(ENTITIES)
def test_the_content_of_every_leaf_stays(raw: bytes) -> None:
    before, after = parse_entity(raw), parse_entity(made_signable(raw))
    if is_splittable(before) and not headers_are_unreadable(before):
        assert leaves(after) == leaves(before)
        assert [part.media for part in walk(after)] == [part.media for part in walk(before)]


@given(ENTITIES)
def test_what_is_signable_is_not_touched_again(raw: bytes) -> None:
    signed = made_signable(raw)
    assert made_signable(signed) == signed


@given(ENTITIES)
def test_composite_parts_are_7bit_afterwards(raw: bytes) -> None:
    for part in walk(parse_entity(made_signable(raw))):
        if part.is_multipart or part.children:
            assert part.transfer_encoding in ("7bit", "base64" if not part.children else "7bit")


@pytest.mark.requirement("A19")
def test_all_foreign_mail_becomes_signable_with_its_content(corpora: Path) -> None:
    safe = 0
    for path in foreign_mail(corpora):
        raw = path.read_bytes()
        try:
            root = parse_message(raw).root
        except SiegelError:
            continue
        signed = signable(root)
        if any(part.media in SEALED for part in walk(root)):
            continue
        if is_splittable(root):
            assert leaves(parse_message(signed).root) == leaves(root), path
        safe += rude_server(signed) == signed
        assert signable(parse_message(signed).root) == signed, path
    assert safe > 350


@pytest.mark.requirement("A19")
def test_safe_entities_come_back_as_the_same_object() -> None:
    raw = multipart(b"b", b"mixed", [b"\r\ntext", b"Content-Type: a/b\r\n\r\n=20"], b"safe\r\n")
    assert made_signable(raw) is raw


@given(ENTITIES)
def test_it_can_be_asked_before_whether_anything_needs_to_change(raw: bytes) -> None:
    entity = parse_entity(raw)
    slices = [entity.header, entity.body] if bytes(entity.header).endswith(b"\n") else [raw]
    assert is_signable(entity, slices) == (made_signable(raw) is raw)


def test_safe_parts_beside_unsafe_ones_stay_byte_exact() -> None:
    odd = b"X-Odd :  spaced\r\n\tfolded\r\ncontent-TYPE: Text/Plain\r\n\r\n=zz"
    signed = made_signable(multipart(b"b", b"mixed", [odd, "\r\nü".encode()], b"see\r\n"))
    assert bytes(parse_entity(signed).children[0].exact) == odd
    assert bytes(parse_entity(signed).preamble) == b"see"


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        pytest.param("Viele Grüße an alle Kollegen!".encode(), "quoted-printable", id="ok/8bit"),
        pytest.param(b"blank \r\n", "quoted-printable", id="ok/trailing-blank"),
        pytest.param(b"From here\r\n", "quoted-printable", id="ok/from"),
        pytest.param(b"a\r\n.\r\n", "quoted-printable", id="ok/dot"),
        pytest.param(b"a\nb\n", "quoted-printable", id="ok/bare-lf"),
        pytest.param(b"a\rb", "quoted-printable", id="ok/bare-cr"),
        pytest.param(b"x" * 999, "quoted-printable", id="ok/long-line"),
        pytest.param("Привет".encode(), "base64", id="ok/mostly-8bit"),
        pytest.param(b"a\0b", "base64", id="ok/nul"),
        pytest.param(b"plain\r\n", "7bit", id="ok/nothing-to-do"),
    ],
)
def test_text_is_encoded_readably_where_that_is_possible(body: bytes, encoding: str) -> None:
    raw = b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + body
    part = parse_entity(made_signable(raw))
    assert part.transfer_encoding == encoding
    assert part.decoded().replace(b"\r\n", b"\n") == body.replace(b"\r\n", b"\n")
    judged = email.message_from_bytes(bytes(part.exact)).get_payload(decode=True)
    assert judged == part.decoded()


@pytest.mark.parametrize("declared", ["8bit", "binary", "8BIT (x)"])
def test_a_declared_8bit_becomes_7bit_even_where_the_body_is_safe(declared: str) -> None:
    raw = f"Content-Transfer-Encoding: {declared}\r\nX: 1\r\n\r\nplain".encode()
    assert made_signable(raw) == b"Content-Transfer-Encoding: 7bit\r\nX: 1\r\n\r\nplain"


def test_a_dirty_declaration_is_read_and_written_as_the_same() -> None:
    part = parse_entity(b"Content-Transfer-Encoding: \xffbase64\r\0\r\n\r\naGVsbG8=\r\n")
    assert part.decoded() == b"hello"
    signed = signable(part)
    assert signed == b"Content-Transfer-Encoding: base64\r\n\r\naGVsbG8=\r\n"


@pytest.mark.parametrize(
    ("header", "content"),
    [
        (b"Content-Type: application/json\r\n", b"{\n}\n"),
        (b"Content-Type: text/plain; charset=utf-16\r\n", "a\r\nbü".encode("utf-16")),
        (b"Content-Type: text/plain; charset=UTF-16LE\r\n", "\u0a0d\u0d0a".encode("utf-16-le")),
    ],
)
def test_line_ends_of_what_is_no_text_are_left_alone(header: bytes, content: bytes) -> None:
    part = parse_entity(made_signable(header + b"\r\n" + content))
    assert (part.transfer_encoding, part.decoded()) == ("base64", content)


def test_base64_in_bad_lines_is_written_in_good_ones() -> None:
    raw = b"Content-Transfer-Encoding: base64\r\n\r\n" + b"QUJD" * 400 + b" \n"
    part = parse_entity(made_signable(raw))
    assert part.decoded() == b"ABC" * 400
    assert is_mail_safe(part.exact)


def test_an_encoding_that_nobody_knows_keeps_its_octets() -> None:
    raw = b"Content-Transfer-Encoding: x-uuencode\r\n\r\nbegin 644 a\n#0V%T \n`\nend"
    assert made_signable(raw) == raw.replace(b"\n", b"\r\n").replace(b"\r\r", b"\r")


def test_an_encoded_delimiter_stays_encoded() -> None:
    leaf = b"Content-Transfer-Encoding: quoted-printable\r\n\r\n=2D-b\r\n=2D-b--\r\n\xc3\xa4"
    entity = parse_entity(made_signable(multipart(b"b", b"mixed", [leaf])))
    assert [child.decoded() for child in entity.children] == ["--b\r\n--b--\r\nä".encode()]


def test_an_embedded_message_is_made_safe_all_the_way_down() -> None:
    inner = (
        "From: Jürgen Groß <juergen@example.org>\r\nTo: a@example.org, Ünal <u@example.org>\r\n"
        "Subject: Grüße an alle, die schon so lange auf diese Nachricht warten müssen –"
        " wirklich\r\n"
        "Received: from x (Größe)\r\n by y\r\nMIME-Version: 1.0\r\n"
        'Content-Type: text/plain; charset=utf-8; name="ü.txt"\r\n'
        "Content-Transfer-Encoding: 8bit\r\n\r\nGrüße\r\n"
    )
    head = "Content-Type: message/rfc822\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    signed = made_signable((head + inner).encode())
    assert rude_server(signed) == signed
    assert parse_entity(signed).transfer_encoding == "7bit"
    judged = email.message_from_bytes(signed, policy=email.policy.default).get_content()
    assert isinstance(judged, PythonMessage)
    assert str(judged["From"]) == "Jürgen Groß <juergen@example.org>"
    assert str(judged["To"]) == "a@example.org, Ünal <u@example.org>"
    assert str(judged["Subject"]).startswith(
        "Grüße an alle, die schon so lange auf diese Nachricht"
    )
    assert str(judged["Subject"]).endswith("warten müssen – wirklich")
    assert judged.get_filename() == "ü.txt"
    assert judged.get_payload(decode=True) == "Grüße\r\n".encode()


@pytest.mark.parametrize(
    "field",
    ["From: jürgen@example.org", "To: Jürgen", "Cc: Gruß: a@example.org;", "Message-ID: <ü@x>"],
)
def test_an_embedded_header_that_needs_utf8_makes_the_message_global(field: str) -> None:
    inner = f"{field}\r\nSubject: ü\r\n\r\nGrüße".encode()
    part = parse_entity(made_signable(b"Content-Type: message/rfc822\r\n\r\n" + inner))
    assert (part.media, part.transfer_encoding) == ("message/global", "base64")
    assert part.decoded() == inner


def test_parameters_above_ascii_are_written_as_rfc_2231() -> None:
    name = "Übersicht über alle Prüfungen des vergangenen Jahres und die Ergebnisse.pdf"
    raw = f'Content-Disposition: attachment; filename="{name}"\r\n\r\nx'.encode()
    signed = made_signable(raw)
    assert is_mail_safe(signed)
    assert max(map(len, signed.split(b"\r\n"))) <= 78
    assert parse_entity(signed).filename == name
    assert email.message_from_bytes(signed).get_filename() == name


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        (
            "Content-Disposition: ;\n filename=ü",
            "Content-Disposition: attachment; filename*=utf-8''%C3%BC",
        ),
        ("Content-Disposition: inline (ü); x=1", "Content-Disposition: inline; x=1"),
        ("Content-Type: ü/x; name=y", "Content-Type: text/plain; name=y"),
        ("Content-Type: " + "x" * 1200, "Content-Type: text/plain"),
        ("X-" + "y" * 1200 + ": z", None),
        ("X-Text: " + "z" * 1200, "X-Text: =?utf-8?q?" + "z" * 56 + "?="),
    ],
)
def test_fields_that_fit_no_line_or_no_alphabet_become_what_readers_make_of_them(
    field: str, expected: str | None
) -> None:
    signed = made_signable(f"{field}\r\nX-Last: 1\r\n\r\n.".encode())
    assert is_mail_safe(signed)
    if expected is not None:
        assert signed.decode("ascii").startswith(expected + "\r\n")
    assert b"X-Last: 1\r\n" in signed


def test_delivery_reports_are_fields_and_never_encoded() -> None:
    body = "Reporting-MTA: dns; x \r\n\r\nDiagnostic-Code: smtp; 550 Empfänger\n Prüfung\r\n"
    head = b"Content-Type: message/delivery-status\r\n\r\n"
    part = parse_entity(made_signable(head + body.encode()))
    assert part.transfer_encoding == "7bit"
    groups = bytes(part.body).split(b"\r\n\r\n")
    assert groups[0] == b"Reporting-MTA: dns; x"
    assert re.match(rb"Diagnostic-Code: smtp; 550 =\?utf-8\?[qb]\?", groups[1])


@pytest.mark.requirement("A19")
@pytest.mark.parametrize(
    "media",
    [
        "multipart/signed; boundary=i",
        "multipart/encrypted; boundary=i",
        "application/pkcs7-mime",
        "message/partial",
    ],
)
def test_what_is_sealed_already_is_never_changed(media: str) -> None:
    sealed = f"Content-Type: {media}\r\n\r\n--i\r\n\r\nü \n--i\r\n\r\nx\r\n--i--".encode()
    assert made_signable(sealed) == sealed
    outer = parse_entity(made_signable(multipart(b"b", b"mixed", [sealed, b"\r\nblank "])))
    assert bytes(outer.children[0].exact) == sealed
    assert outer.children[1].transfer_encoding == "quoted-printable"


def test_a_multipart_that_nobody_can_split_becomes_one_with_a_part() -> None:
    raw = "Content-Type: multipart/related; type=x\r\nX: 1\r\n\r\nGrüße \r\n".encode()
    entity = parse_entity(made_signable(raw))
    assert entity.boundary_ok
    assert dict(entity.content_type.params) == {"type": "x", "boundary": "=_" + "0" * 31 + "1"}
    assert [child.decoded() for child in entity.children] == ["Grüße \r\n".encode()]


def test_unsafe_preambles_and_epilogues_go_and_delimiters_lose_their_blanks() -> None:
    raw = multipart(b"b", b"mixed", ["\r\nü".encode()], "größe\r\n".encode(), b"--  ") + b"end \r\n"
    signed = made_signable(raw)
    entity = parse_entity(signed)
    assert (bytes(entity.preamble), bytes(entity.epilogue)) == (b"", b"")
    assert rude_server(signed) == signed


def test_fields_in_bad_lines_keep_their_meaning() -> None:
    raw = b"X-Blank: a \r\n \t\r\n b\t\r\nX-Lf: c\nX-Long: " + b"word " * 300 + b"\r\n\r\nx"
    signed = made_signable(raw)
    assert rude_server(signed) == signed
    before, after = parse_entity(raw), parse_entity(signed)
    assert [field.value.split() for field in after.fields] == [
        field.value.split() for field in before.fields
    ]


def test_looking_at_a_safe_message_takes_linear_time() -> None:
    def made(size: int) -> Run:
        lines = (b"QUJD" * 19 + b"\r\n") * (size // 78)
        leaf = b"Content-Transfer-Encoding: base64\r\n\r\n" + lines
        entity = parse_entity(multipart(b"b", b"mixed", [leaf]))
        return lambda: _is_left_as_it_is(entity)

    assert grows_in_proportion(made, 2_000_000)


def _is_left_as_it_is(entity: Part) -> None:
    assert signable(entity) is entity.buffer
