"""Outgoing mail through the whole flow, with next hops that refuse, fail and remember."""

import logging
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from siegel.base.errors import KeyUnavailable, SiegelError
from siegel.base.keys import EmptyKeyring
from siegel.flows import outbound
from siegel.mime.parse import parse_message
from siegel.smime.open import open_message
from siegel.store.queries import journal
from siegel.transport.submission import Receipt
from tests.flows.office import (
    ALICE,
    BOB,
    DANA,
    HUBER,
    UNKNOWN,
    Hop,
    Office,
    mail,
    refusal,
    signed_bytes,
)
from tests.world import WORLD, Person

PETRA, CARLA_ENCRYPT = WORLD.person("petra"), WORLD.person("carla_encrypt")
PLAIN = b"Hallo"
SIGNED = b"multipart/signed"
ENCRYPTED = b"application/pkcs7-mime; smime-type=enveloped-data"


def types(office: Office) -> list[bytes]:
    found = []
    for sent in office.out.sent:
        header = sent.content.partition(b"\r\n\r\n")[0]
        found.append(next((t for t in (SIGNED, ENCRYPTED) if t in header), b"plain"))
    return found


@pytest.mark.requirement("A46", "A75")
def test_signs_what_its_own_address_sends(office: Office) -> None:
    assert office.send(mail(ALICE.address, UNKNOWN), ALICE.address, UNKNOWN).code == 250
    assert types(office) == [SIGNED]


@pytest.mark.requirement("A89")
def test_each_account_signs_with_the_certificate_of_its_own_address(office: Office) -> None:
    for person in (ALICE, BOB):
        office.send(mail(person.address, UNKNOWN), person.address, UNKNOWN)
        opened = open_message(parse_message(office.out.sent[-1].content), EmptyKeyring())
        certificate = opened.signed_layers[0].signers[0].certificate
        assert certificate is not None
        assert certificate.der == person.certificate_der


@pytest.mark.requirement("A58", "A15")
def test_named_recipients_share_a_copy_and_each_bcc_gets_his_own(office: Office) -> None:
    office.partner(HUBER)
    office.partner(DANA)
    raw = mail(ALICE.address, HUBER.address, extra=f"Bcc: <{DANA.address}>\r\n")
    reply = office.send(raw, ALICE.address, HUBER.address, DANA.address, BOB.address)
    assert reply.code == 250
    assert [sent.recipients for sent in office.out.sent] == [
        (HUBER.address,),
        (DANA.address,),
        (BOB.address,),
    ]
    assert types(office) == [ENCRYPTED] * 3
    assert not any(b"Bcc:" in sent.content for sent in office.out.sent)


def test_many_blind_copies_take_no_more_memory_than_two(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    for person in (HUBER, DANA, PETRA, CARLA_ENCRYPT):
        office.partner(person)
    submit, text = Hop.submit, "Hallo\r\n" * 200_000

    def forgetful(hop: Hop, *args: Any, **given: Any) -> Receipt:
        receipt = submit(hop, *args, **given)
        assert b"application/pkcs7-mime" in hop.sent.pop().content[:2000]
        return receipt

    monkeypatch.setattr(Hop, "submit", forgetful)

    def peak(*blind: Person) -> int:
        to = (HUBER.address, *(person.address for person in blind))
        tracemalloc.start()
        try:
            office.send(mail(ALICE.address, HUBER.address, text=text), ALICE.address, *to)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(DANA)  # what is remembered after the first mail is no part of it
    assert peak(DANA, BOB, PETRA, CARLA_ENCRYPT) < peak(DANA) + len(text)


def test_a_bcc_copy_refused_for_good_is_reported_before_the_250(office: Office) -> None:
    office.partner(HUBER)
    office.partner(DANA)
    office.out.refuse[DANA.address] = refusal(550)
    raw = mail(ALICE.address, HUBER.address, text="Geheimes")
    assert office.send(raw, ALICE.address, HUBER.address, DANA.address).code == 250
    report = office.out.sent[-1]
    assert (report.sender, report.recipients) == ("", (ALICE.address,))
    assert DANA.address.encode() in report.content
    assert b"message/delivery-status" in report.content
    assert b"Geheimes" not in report.content


def test_without_the_report_there_is_no_250_and_the_retry_sends_only_the_rest(
    office: Office,
) -> None:
    office.partner(HUBER)
    office.partner(DANA)
    office.out.refuse[DANA.address] = refusal(550)
    office.out.refuse[ALICE.address] = refusal(452)  # the report itself is not taken
    raw = mail(ALICE.address, HUBER.address)
    assert office.send(raw, ALICE.address, HUBER.address, DANA.address).code == 451
    office.out.refuse.clear()
    assert office.send(raw, ALICE.address, HUBER.address, DANA.address).code == 250
    assert [sent.recipients for sent in office.out.sent] == [(HUBER.address,), (DANA.address,)]


@pytest.mark.requirement("A16")
def test_what_one_recipient_got_encrypted_no_other_gets_readable_later(office: Office) -> None:
    office.partner(HUBER)
    office.partner(DANA)
    office.out.refuse[DANA.address] = refusal(452)
    raw = mail(ALICE.address, HUBER.address)
    assert office.send(raw, ALICE.address, HUBER.address, DANA.address).code == 451
    office.out.refuse.clear()
    office.rule("mode", "offered")  # or a certificate has ended: now the plan is to sign only
    assert office.send(raw, ALICE.address, HUBER.address, DANA.address).code == 250
    first, report = office.out.sent
    assert first.recipients == (HUBER.address,)
    assert report.recipients == (ALICE.address,)
    assert b"can no longer be encrypted to" in report.content


def test_a_next_hop_that_is_down_means_try_later_and_nothing_else(office: Office) -> None:
    office.out.fails = 1
    assert office.send(mail(ALICE.address, UNKNOWN), ALICE.address, UNKNOWN).code == 451
    assert office.out.sent == []


def test_refused_by_the_next_hop_for_everybody_is_said_at_once(office: Office) -> None:
    office.out.refuse[UNKNOWN] = refusal(550)
    reply = office.send(mail(ALICE.address, UNKNOWN), ALICE.address, UNKNOWN)
    assert (reply.code, reply.enhanced) == (550, "5.1.1")


def test_the_same_mail_sent_twice_on_purpose_goes_twice(office: Office) -> None:
    raw = mail(ALICE.address, UNKNOWN)
    for _ in range(2):
        assert office.send(raw, ALICE.address, UNKNOWN).code == 250
    assert len(office.out.sent) == 2


def test_a_retry_after_a_crash_is_answered_without_sending_again(office: Office) -> None:
    raw = mail(ALICE.address, UNKNOWN)
    assert office.send(raw, ALICE.address, UNKNOWN).code == 250
    # a new process: it does not know that the 250 has left
    office.site.transactions.__init__()  # type: ignore[misc]
    assert office.send(raw, ALICE.address, UNKNOWN).code == 250
    assert len(office.out.sent) == 1
    assert office.send(raw, ALICE.address, UNKNOWN).code == 250
    assert len(office.out.sent) == 2


@pytest.mark.requirement("C1")
@pytest.mark.parametrize("broken", ["sign", "encrypt", "signing_identity"])
def test_trouble_after_the_decision_never_becomes_a_plain_copy(
    office: Office, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    office.partner(HUBER)

    def fails(*args: object, **kwargs: object) -> None:
        raise KeyUnavailable("the token does not answer")

    monkeypatch.setattr(outbound, broken, fails)
    with pytest.raises(SiegelError):  # the gateway answers 451 to every exception
        office.send(mail(ALICE.address, HUBER.address), ALICE.address, HUBER.address)
    assert office.out.sent == []


@pytest.mark.requirement("A67", "A68", "A69")
@pytest.mark.parametrize(
    ("name", "obstacle"),
    [
        pytest.param("emil", "expired", id="fail/expired"),
        pytest.param("norbert", "not_yet_valid", id="fail/not-yet-valid"),
        pytest.param("willi", "wrong_usage", id="fail/wrong-usage"),
        pytest.param("sina", "wrong_usage", id="fail/sign-only"),
        pytest.param("ursula", "not_trusted", id="fail/unknown-root"),
        pytest.param("wanda", "weak_key", id="fail/rsa-1024"),
    ],
)
def test_an_unusable_certificate_means_signed_only_and_the_journal_says_why(
    office: Office, name: str, obstacle: str
) -> None:
    partner = WORLD.person(name)
    office.partner(partner)
    raw = mail(ALICE.address, partner.address)
    assert office.send(raw, ALICE.address, partner.address).code == 250
    assert types(office) == [SIGNED]
    entry = journal.read(action="outbound.sign")[0]
    assert obstacle in entry.detail["recipients"][partner.address]


@pytest.mark.requirement("A69")
def test_case_of_the_address_does_not_matter_but_everything_else_does(office: Office) -> None:
    gustav = WORLD.person("gustav")
    office.partner(gustav)
    for address in (gustav.address.lower(), gustav.address.upper()):
        office.out.sent.clear()
        assert office.send(mail(ALICE.address, address), ALICE.address, address).code == 250
        assert types(office) == [ENCRYPTED]
    office.out.sent.clear()
    tagged = gustav.address.lower().replace("@", "+tag@")
    assert office.send(mail(ALICE.address, tagged), ALICE.address, tagged).code == 250
    assert types(office) == [SIGNED]


@pytest.mark.requirement("A52")
def test_must_encrypt_refuses_with_reasons_instead_of_sending_in_clear(office: Office) -> None:
    office.rule("must_encrypt_domains", ["nirgends.example"])
    reply = office.send(mail(ALICE.address, UNKNOWN), ALICE.address, UNKNOWN)
    assert reply.code == 550
    assert UNKNOWN in reply.text
    assert "journal" in reply.text
    assert office.out.sent == []


def test_must_encrypt_without_own_certificate_is_refused_with_that_reason(office: Office) -> None:
    office.rule("must_encrypt_partners", [HUBER.address])
    office.partner(HUBER)
    reply = office.send(
        mail("info@office.example", HUBER.address), "info@office.example", HUBER.address
    )
    assert reply.code == 550
    assert office.out.sent == []


@pytest.mark.requirement("A60")
def test_offered_encryption_waits_for_the_wish(office: Office) -> None:
    office.rule("mode", "offered")
    office.partner(HUBER)
    office.send(mail(ALICE.address, HUBER.address), ALICE.address, HUBER.address)
    wish = mail(ALICE.address, HUBER.address, extra="Sensitivity: Company-Confidential\r\n")
    office.send(wish, ALICE.address, HUBER.address)
    assert types(office) == [SIGNED, ENCRYPTED]
    assert b"Sensitivity" not in office.out.sent[-1].content


def test_a_word_in_the_subject_is_a_wish_and_is_taken_out(office: Office) -> None:
    office.rule("mode", "offered")
    office.rule("subject_word", "geheim")
    office.partner(HUBER)
    raw = mail(ALICE.address, HUBER.address, subject="geheim Bescheid")
    office.send(raw, ALICE.address, HUBER.address)
    assert types(office) == [ENCRYPTED]
    assert b"Subject: Bescheid\r\n" in office.out.sent[0].content


@pytest.mark.requirement("A83")
@pytest.mark.parametrize(
    "sign",
    ["List-Id: <a.example>", "Precedence: bulk", "Auto-Submitted: auto-generated"],
)
def test_bulk_mail_is_signed_and_never_encrypted(office: Office, sign: str) -> None:
    office.partner(HUBER)
    raw = mail(ALICE.address, HUBER.address, extra=f"{sign}\r\n")
    assert office.send(raw, ALICE.address, HUBER.address).code == 250
    assert types(office) == [SIGNED]


@pytest.mark.parametrize(
    "header",
    [
        pytest.param(f"From: <{ALICE.address}>, <{BOB.address}>", id="fail/two-addresses"),
        pytest.param(f"From: <{ALICE.address}>\r\nFrom: <{BOB.address}>", id="fail/two-fields"),
        pytest.param("From: ", id="fail/empty"),
        pytest.param("From: Alice", id="fail/no-address"),
        pytest.param("X-Nothing: 1", id="fail/no-from"),
        pytest.param(f'From: "{ALICE.address}" <x@evil.example>', id="fail/display-name"),
    ],
)
def test_nothing_is_signed_without_one_clear_author(office: Office, header: str) -> None:
    raw = f"{header}\r\nTo: <{UNKNOWN}>\r\n\r\nHallo\r\n".encode()
    assert office.send(raw, ALICE.address, UNKNOWN).code == 250
    assert types(office) == [b"plain"]


def test_nobody_gets_a_signature_in_another_persons_name(office: Office) -> None:
    office.send(mail(ALICE.address, UNKNOWN), BOB.address, UNKNOWN)
    office.send(mail(ALICE.address, UNKNOWN), "", UNKNOWN)
    assert types(office) == [b"plain", b"plain"]


def test_mail_protected_by_its_program_passes_octet_for_octet(office: Office) -> None:
    raw = signed_bytes(ALICE, mail(ALICE.address, HUBER.address))
    office.partner(HUBER)
    assert office.send(raw, ALICE.address, HUBER.address).code == 250
    received, _, rest = office.out.sent[0].content.partition(b"From: ")
    assert received.startswith(b"Received: ")
    assert b"From: " + rest == raw


def test_loops_end(office: Office) -> None:
    hop = "Received: from a by b; Sat, 21 Nov 2026 12:00:00 +0000\r\n"
    raw = (hop * 31).encode() + mail(ALICE.address, UNKNOWN)
    assert office.send(raw, ALICE.address, UNKNOWN).code == 554
    assert office.out.sent == []


@pytest.mark.requirement("A87")
def test_the_newest_certificate_signs_after_a_renewal(office: Office) -> None:
    renewed = WORLD.person("alice_rekeyed")
    office.key(renewed)
    office.send(mail(ALICE.address, UNKNOWN), ALICE.address, UNKNOWN)
    opened = open_message(parse_message(office.out.sent[0].content), EmptyKeyring())
    signer = opened.signed_layers[0].signers[0]
    assert signer.certificate is not None
    newest = max((ALICE, renewed), key=lambda p: p.certificate.not_valid_before_utc)
    assert signer.certificate.der == newest.certificate_der


def test_the_number_of_queries_does_not_depend_on_the_number_of_recipients(
    office: Office,
) -> None:
    def queries(count: int) -> int:
        recipients = [f"r{number}@partner.example" for number in range(count)]
        raw = mail(ALICE.address, *recipients)
        with CaptureQueriesContext(connection) as captured:
            assert office.send(raw, ALICE.address, *recipients).code == 250
        return len(captured)

    office.send(mail(ALICE.address, UNKNOWN, subject="warm"), ALICE.address, UNKNOWN)
    assert queries(2) == queries(40)


@pytest.mark.parametrize("place", ["subject", "text", "extra"])
def test_the_log_and_the_journal_hold_no_content(
    office: Office, caplog: pytest.LogCaptureFixture, place: str
) -> None:
    canary = "KANARIENVOGEL"
    value = f"X-Note: {canary}\r\n" if place == "extra" else canary
    given: dict[str, str] = {place: value}
    office.partner(HUBER)
    with caplog.at_level(logging.DEBUG):
        office.send(mail(ALICE.address, HUBER.address, **given), ALICE.address, HUBER.address)
    assert canary not in caplog.text
    entry = journal.read(action="outbound.sign_and_encrypt")[0]
    if place != "subject":  # the Message-ID of these mails repeats the subject
        assert canary not in repr(entry)


def _broken() -> list[Callable[[], bytes]]:
    return [
        lambda: b"",
        lambda: b"\r\n",
        lambda: b"\x00\xff" * 500,
        lambda: b"From: <" + b"a" * 70_000 + b">\r\n\r\nx",
        lambda: b"A: b\r\n" * 5000 + b"\r\nx",
        lambda: mail(ALICE.address, HUBER.address).replace(
            b"\r\n\r\n", b"\r\nContent-Type: multipart/mixed; boundary=\r\n\r\n", 1
        ),
    ]


@pytest.mark.parametrize("make", _broken())
def test_broken_mail_is_answered_clearly_and_nothing_escapes(
    office: Office, make: Callable[[], bytes]
) -> None:
    reply = office.send(make(), ALICE.address, HUBER.address)
    assert reply.code in (250, 552, 554)
