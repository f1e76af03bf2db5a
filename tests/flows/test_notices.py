"""Mail of our own: signed where it can be, and what did not go out is not forgotten."""

from dataclasses import replace

from siegel.base.address import EmailAddress
from siegel.flows.notices import send_notice
from siegel.mime.parse import parse_message
from siegel.smime.recognise import Shape, shape
from siegel.store.queries import journal
from tests.flows.office import ALICE, BOB, Office, refusal

TO = EmailAddress.parse(BOB.address)
TEXT = "Guten Tag,\n\ndie Zertifikate „alt“ laufen ab.\n\nFrom here\n."


def writing_as(office: Office, address: str) -> Office:
    office.site = replace(office.site, notices_from=EmailAddress.parse(address))
    return office


def test_a_notice_of_a_sender_with_a_certificate_is_signed(office: Office) -> None:
    site = writing_as(office, ALICE.address).site
    assert send_notice(site, TO, "Läuft ab", TEXT, at=office.at)
    (sent,) = office.out.sent
    message = parse_message(sent.content)
    assert shape(message.root) is Shape.MULTIPART_SIGNED
    assert (sent.sender, sent.recipients) == (ALICE.address, (BOB.address,))
    assert (
        message.root.children[0].decoded(site.limits).decode()
        == TEXT.replace("\n", "\r\n") + "\r\n"
    )


def test_a_notice_of_a_sender_without_an_account_goes_out_plain(office: Office) -> None:
    site = writing_as(office, "siegel@office.example").site
    assert send_notice(site, TO, "Läuft ab\r\nBcc: x@y.example", TEXT, at=office.at)
    message = parse_message(office.out.sent[0].content)
    assert shape(message.root) is None
    assert message.get("Bcc") is None
    auto = message.get("Auto-Submitted")
    assert auto is not None
    assert auto.value.strip() == "auto-generated"


def test_a_notice_nobody_took_stands_in_the_journal(office: Office) -> None:
    site = writing_as(office, ALICE.address).site
    office.out.refuse[BOB.address] = refusal(550)
    assert not send_notice(site, TO, "x", "y", at=office.at)
    (entry,) = journal.read(action="notice.not_sent")
    assert entry.about == BOB.address
    assert entry.detail == {"answer": "550 5.1.1"}


def test_a_notice_without_a_sender_is_not_sent_and_says_so(office: Office) -> None:
    assert not send_notice(office.site, TO, "x", "y", at=office.at)
    assert not office.out.sent
    assert journal.read(action="notice.not_sent")[0].detail == {"answer": "no sender"}
