"""The message made of what somebody wrote: every field as it was meant, and none that was not."""

from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from siegel.base.address import EmailAddress
from siegel.flows.composing import Composed, Named, Text, compose, media_type_of
from siegel.flows.drafts import Upload
from siegel.mime.fields import addresses, decode_words
from siegel.mime.parse import parse_message
from siegel.policy.wish import Wish
from tests.flows.office import ALICE, HUBER, UNKNOWN, Office

ALICES = Named(address=EmailAddress.parse(ALICE.address), name="Bürgerbüro, „Süd“")
HUBERS = Named(address=EmailAddress.parse(HUBER.address), name="Petra Huber")
KNOWN = {
    "from", "to", "cc", "subject", "date", "message-id", "mime-version", "content-type",
    "content-transfer-encoding", "in-reply-to", "references", "x-siegel-protect",
}  # fmt: skip
ANYTHING = st.text(st.characters(codec="utf-8"), max_size=80)
EVIL = st.sampled_from(
    ["\r\nBcc: x@evil.example", "\nX: y", "\r\n\r\nBody", "\0", "a" * 3000, "\x85X: y"]
)
WILD = st.one_of(ANYTHING, EVIL, st.tuples(ANYTHING, EVIL, ANYTHING).map("".join))


def _made(office: Office, **fields: object) -> Composed:
    text = Text(sender=ALICES, to=[HUBERS], **fields)  # type: ignore[arg-type]  # as each test says
    return compose(text, office.site, at=office.at)


def _read(raw: bytes) -> EmailMessage:
    found = message_from_bytes(raw, policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


def test_text_arrives_as_it_was_written(office: Office) -> None:
    text = "Grüße\n\nFrom hier\n.\n-- \nein Name   \nЖ und 漢\n"
    found = _read(_made(office, subject="Übung für Ärzte", text=text).raw)

    assert found["subject"] == "Übung für Ärzte"
    assert found.get_content().replace("\r\n", "\n") == text
    assert found["from"].addresses[0].display_name == "Bürgerbüro, „Süd“"
    assert found["message-id"].endswith("@office.example>")


def test_a_message_to_blind_recipients_alone_names_nobody(office: Office) -> None:
    made = compose(Text(sender=ALICES, to=[], subject="x"), office.site, at=office.at)
    assert b"Bcc" not in made.raw
    assert b"undisclosed-recipients:;" in made.raw


def test_lines_are_short_and_seven_bit(office: Office) -> None:
    made = _made(office, subject="ä" * 400, text="langes Wort " * 500 + "\n" + "x" * 5000)
    lines = made.raw.split(b"\r\n")
    assert max(map(len, lines)) <= 998
    assert made.raw.isascii()
    assert b"\n" not in made.raw.replace(b"\r\n", b"")


def test_an_answer_says_what_it_answers(office: Office) -> None:
    found = _read(_made(office, references=["<one@x>", "<two@x>"]).raw)
    assert found["in-reply-to"] == "<two@x>"
    assert found["references"] == "<one@x> <two@x>"


@pytest.mark.requirement("A51")
def test_files_keep_name_and_octets(office: Office) -> None:
    octets = bytes(range(256)) * 40
    upload = Upload(name="Übersicht 2026; „Süd“.pdf", media_type="application/pdf", octets=octets)
    (file,) = _read(_made(office, text="x", files=[upload]).raw).iter_attachments()
    assert file.get_filename() == "Übersicht 2026; „Süd“.pdf"
    assert file.get_content() == octets


def test_no_file_passes_for_a_part_of_ours() -> None:
    assert media_type_of("multipart/mixed; boundary=x") == "application/octet-stream"
    assert media_type_of("message/rfc822") == "application/octet-stream"
    assert media_type_of("text/csv; charset=utf-8") == "text/csv"


@settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(subject=WILD, name=WILD, text=WILD, file=WILD, kind=WILD, octets=st.binary(max_size=60))
def test_nothing_that_is_typed_becomes_a_header_field(
    office: Office, subject: str, name: str, text: str, file: str, kind: str, octets: bytes
) -> None:
    message = Text(
        sender=Named(address=ALICES.address, name=name),
        to=[Named(address=HUBERS.address, name=name), Named(address=EmailAddress.parse(UNKNOWN))],
        subject=subject,
        text=text,
        files=[Upload(name=file, media_type=kind, octets=octets)],
        wish=Wish.ENCRYPT,
    )
    made = compose(message, office.site, at=office.at)

    found = parse_message(made.raw, limits=office.site.limits)
    assert {field.lower for field in found.fields} <= KNOWN
    assert len(found.get_all("Subject")) == 1
    assert [each.address for each in addresses(found, "To")] == [
        HUBERS.address,
        EmailAddress.parse(UNKNOWN),
    ]
    assert [each.address for each in addresses(found, "From")] == [ALICES.address]
    own, attached = found.root.children
    assert own.media == "text/plain"
    assert {field.lower for field in attached.fields} <= {
        "content-type", "content-disposition", "content-transfer-encoding",
    }  # fmt: skip
    assert attached.decoded() == octets
    assert max(map(len, made.raw.split(b"\r\n"))) <= 998


@settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(text=ANYTHING)
def test_any_subject_is_read_as_it_was_written(office: Office, text: str) -> None:
    made = _made(office, subject=text)
    found = parse_message(made.raw, limits=office.site.limits).get("Subject")
    assert found is not None
    assert decode_words(found.value).split() == text.translate(CONTROLS).split()


CONTROLS = {number: " " for number in (*range(32), 127, 0x85, 0x2028, 0x2029)}
