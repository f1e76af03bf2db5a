"""Incoming mail through the whole flow: opened for the entitled, judged, kept, learned from."""

import email
import email.policy
from collections.abc import Callable
from email.message import EmailMessage

import pytest
from cryptography.hazmat.primitives.hashes import SHA256

from siegel.base.address import EmailAddress
from siegel.flows import deciding, importing
from siegel.store.queries import (
    accounts,
    alerts,
    candidates,
    certificates,
    journal,
    judgements,
    messages,
    pending,
)
from siegel.transport.envelope import Ret
from tests.flows.office import (
    ALICE,
    BOB,
    HUBER,
    UNKNOWN,
    Office,
    encrypted_bytes,
    mail,
    refusal,
    signed_by,
    signed_bytes,
)
from tests.peers.mime import text_entity
from tests.peers.openssl import OpenSSL
from tests.world import WORLD, Person

ALICE_ADDRESS = EmailAddress.parse(ALICE.address)


def parsed(content: bytes) -> EmailMessage:
    found = email.message_from_bytes(content, policy=email.policy.default)
    assert isinstance(found, EmailMessage)
    return found


def from_huber(text: str = "Guten Tag", subject: str = "Anfrage", to: str = ALICE.address) -> bytes:
    return mail(HUBER.address, to, text=text, subject=subject)


def delivered(office: Office) -> EmailMessage:
    return parsed(office.into.sent[-1].content)


def known_for(address: str) -> list[str]:
    rows = candidates.for_addresses([EmailAddress.parse(address)])
    return [row.fingerprint for found in rows.values() for row in found if not row.pending]


@pytest.mark.requirement("A44", "A62", "A79", "A80", "B39", "A88")
def test_the_first_signed_mail_teaches_the_certificate_for_everybody(office: Office) -> None:
    assert (
        office.receive(signed_bytes(HUBER, from_huber()), HUBER.address, ALICE.address).code == 250
    )
    assert delivered(office)["X-Siegel-Summary"] == "verified"
    # the partner store belongs to the organisation: Bob can write encrypted, too
    office.send(mail(BOB.address, HUBER.address), BOB.address, HUBER.address)
    # his program announced AES-GCM in the same mail
    assert b"smime-type=authEnveloped-data" in office.out.sent[0].content


@pytest.mark.requirement("A19")
def test_signed_mail_is_delivered_octet_for_octet_below_our_fields(office: Office) -> None:
    raw = signed_bytes(HUBER, from_huber())
    office.receive(raw, HUBER.address, ALICE.address)
    assert office.into.sent[0].content.endswith(raw)


@pytest.mark.requirement("A65", "A22", "B20")
def test_a_copy_is_opened_only_for_those_whose_key_it_names(office: Office) -> None:
    raw = encrypted_bytes(signed_by(HUBER, from_huber("nur Alice")), ALICE)
    assert office.receive(raw, HUBER.address, ALICE.address, BOB.address).code == 250
    readers = {sent.recipients: sent.content for sent in office.into.sent}
    assert set(readers) == {(ALICE.address,), (BOB.address,)}
    assert b"nur Alice" in readers[ALICE.address,]
    assert b"nur Alice" not in readers[BOB.address,]
    assert readers[BOB.address,].endswith(raw)


def test_bounces_of_opened_mail_must_not_carry_it_home(office: Office) -> None:
    raw = encrypted_bytes(signed_by(HUBER, from_huber()), ALICE)
    office.receive(raw, HUBER.address, ALICE.address)
    assert office.into.sent[0].options.ret is Ret.HEADERS


@pytest.mark.requirement("A66")
def test_without_the_key_the_original_passes_untouched_and_is_kept(office: Office) -> None:
    carla = WORLD.person("dana")
    raw = encrypted_bytes(signed_by(HUBER, from_huber()), carla)
    office.receive(raw, HUBER.address, ALICE.address)
    assert office.into.sent[0].content.endswith(raw)
    assert "encryption_closed" in delivered(office)["X-Siegel-Reasons"]
    stored = messages.received_by(ALICE.address)
    assert messages.raw(stored[0].sha256) == raw


@pytest.mark.requirement("A87", "C6")
def test_old_keys_open_old_mail_after_a_renewal(office: Office) -> None:
    office.key(WORLD.person("alice_rekeyed"))
    raw = encrypted_bytes(signed_by(HUBER, from_huber("alte Post")), ALICE)
    office.receive(raw, HUBER.address, ALICE.address)
    assert b"alte Post" in office.into.sent[0].content


def test_a_key_opens_mail_addressed_to_its_renewed_certificate(office: Office) -> None:
    """Same key, new certificate: found by the public key."""
    renewed = WORLD.person("alice_renewed")
    office.partner(renewed)
    raw = encrypted_bytes(signed_by(HUBER, from_huber("selber Schlüssel")), renewed)
    office.receive(raw, HUBER.address, ALICE.address)
    assert delivered(office)["X-Siegel-Summary"] == "confidential"


@pytest.mark.requirement("A5", "A18", "C8")
@pytest.mark.parametrize(
    ("signer", "claimed", "state"),
    [
        pytest.param("huber", HUBER.address, "linked", id="ok/own-address"),
        pytest.param("bob", HUBER.address, "nothing", id="fail/foreign-address"),
        pytest.param("ursula", None, "pending", id="fail/unknown-root"),
        pytest.param("emil", None, "nothing", id="fail/expired"),
        pytest.param("willi", None, "pending", id="fail/wrong-usage"),
        pytest.param("mallory", ALICE.address, "pending", id="fail/other-authority"),
    ],
)
def test_only_a_signature_that_counts_links_a_certificate(
    office: Office, signer: str, claimed: str | None, state: str
) -> None:
    person = WORLD.person(signer)
    sender = claimed or person.address
    before = known_for(sender)
    office.receive(signed_bytes(person, mail(sender, BOB.address)), sender, BOB.address)
    mark = _fingerprint(person)
    assert (mark in known_for(sender)) is (state == "linked" or mark in before)
    waiting = {row.fingerprint for row in pending.pending_for(EmailAddress.parse(sender))}
    assert (mark in waiting) is (state == "pending")


def _fingerprint(person: Person) -> str:
    return person.certificate.fingerprint(SHA256()).hex()


def test_a_forged_signed_mail_does_not_replace_a_partners_key(office: Office) -> None:
    office.receive(signed_bytes(HUBER, from_huber()), HUBER.address, ALICE.address)
    before = known_for(HUBER.address)
    forged = signed_bytes(BOB, from_huber()).replace(b"Guten", b"Bose ")
    office.receive(forged, HUBER.address, ALICE.address)
    office.receive(signed_bytes(BOB, from_huber(subject="x")), HUBER.address, ALICE.address)
    assert known_for(HUBER.address) == before


@pytest.mark.requirement("C8")
def test_a_new_key_of_a_known_partner_raises_an_alert(office: Office) -> None:
    """Alice's two keys, as an office sees them that is not hers."""
    accounts.set_active(ALICE_ADDRESS, False)
    first, second = sorted(
        (ALICE, WORLD.person("alice_rekeyed")), key=lambda p: p.certificate.not_valid_before_utc
    )
    for number, person in enumerate((first, second)):
        raw = mail(person.address, BOB.address, subject=str(number))
        office.receive(signed_bytes(person, raw), person.address, BOB.address)
    raised = [(alert.address, alert.current) for alert in alerts.open_alerts()]
    assert raised == [(ALICE_ADDRESS, _fingerprint(second))]
    assert journal.read(action="certificate.key_change")


def test_mail_from_outside_only_proposes_certificates_of_our_own_people(office: Office) -> None:
    """Whoever got a certificate for Alice's address must not read what her colleagues write."""
    foreign = WORLD.person("alice_rekeyed")
    office.receive(
        signed_bytes(foreign, mail(ALICE.address, BOB.address)), ALICE.address, BOB.address
    )
    assert _fingerprint(foreign) not in known_for(ALICE.address)
    assert [row.fingerprint for row in pending.pending_for(ALICE_ADDRESS)] == [
        _fingerprint(foreign)
    ]


def test_what_a_person_rejected_is_not_linked_when_its_root_is_trusted_later(
    office: Office,
) -> None:
    ursula = WORLD.person("ursula")
    raw = signed_bytes(ursula, mail(ursula.address, BOB.address))
    office.receive(raw, ursula.address, BOB.address)
    (waiting,) = pending.pending_for(EmailAddress.parse(ursula.address))
    pending.reject(waiting.id, by="test", at=office.at)
    office.trust(WORLD.unknown_root)
    office.receive(raw, ursula.address, BOB.address)
    assert known_for(ursula.address) == []


def test_protected_mail_is_kept_with_an_append_only_judgement(office: Office) -> None:
    raw = signed_bytes(HUBER, from_huber())
    office.receive(raw, HUBER.address, ALICE.address)
    stored = messages.received_by(ALICE.address)[0]
    judged = judgements.latest(stored.sha256)
    assert judged is not None
    assert judged.summary == "verified"
    assert judged.verdicts["signers"][0]["path"] == "valid"
    assert messages.raw(stored.sha256) == raw


def test_unprotected_mail_is_marked_and_not_kept(office: Office) -> None:
    raw = from_huber()
    office.receive(raw, HUBER.address, ALICE.address)
    assert office.into.sent[0].content.endswith(raw)
    assert delivered(office)["X-Siegel-Summary"] == "unprotected"
    assert messages.received_by(ALICE.address) == ()


@pytest.mark.requirement("A61", "A63")
def test_a_signature_without_certificate_is_verified_with_the_stored_one(
    office: Office, openssl: OpenSSL
) -> None:
    office.partner(HUBER)
    signed = openssl.sign(text_entity("ohne Zertifikat"), HUBER, extra=("-nocerts",))
    raw = f"From: <{HUBER.address}>\r\nTo: <{ALICE.address}>\r\n".encode() + signed
    raw = raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    # its authority's certificate did not come along either: known from elsewhere
    for der in HUBER.chain:
        importing.import_file(der, None, None, by="test", at=office.at)
    office.later(days=365)  # OpenSSL signs with the real clock
    office.receive(raw, HUBER.address, ALICE.address)
    assert delivered(office)["X-Siegel-Summary"] == "verified"


@pytest.mark.requirement("B19", "A17")
def test_encrypted_without_signature_is_opened_but_loses_every_outward_reference(
    office: Office, openssl: OpenSSL
) -> None:
    html = (
        b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n"
        b"--x\r\nContent-Type: text/html\r\n\r\n<b>Text</b><img src='http://evil.example/a'>"
        b"<a href=http://evil.example>x</a>\r\n"
        b"--x\r\nContent-Type: text/plain\r\n\r\nAnhang\r\n--x--\r\n"
    )
    encrypted = openssl.encrypt(html, ALICE)
    raw = f"From: <{HUBER.address}>\r\nTo: <{ALICE.address}>\r\nSubject: x\r\n".encode() + encrypted
    raw = raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    office.receive(raw, HUBER.address, ALICE.address)
    message = delivered(office)
    assert message["X-Siegel-Summary"] == "encrypted_unverified"
    shown = message.get_body(("html",))
    assert shown is not None
    assert "<b>Text</b>" in shown.get_content()
    assert "evil.example" not in shown.get_content()
    assert "Anhang" in str(message)


def test_inner_header_fields_without_header_protection_never_come_out(office: Office) -> None:
    inner = mail(
        HUBER.address,
        ALICE.address,
        extra="Content-Type: text/plain\r\nContent-Description: x\r\n",
    )
    raw = encrypted_bytes(signed_by(HUBER, inner), ALICE)
    office.receive(raw, HUBER.address, ALICE.address)
    message = delivered(office)
    assert [str(value) for value in message.get_all("From", [])] == [HUBER.address]
    assert message.get_all("Message-ID") == ["<Betreff@test.example>"]


@pytest.mark.parametrize(
    "forged",
    [
        "X-Siegel-Summary: confidential",
        "x-SIEGEL-summary: confidential",
        "Authentication-Results: siegel.office.example; smime=pass",
        "AUTHENTICATION-RESULTS:\r\n SIEGEL.office.example/1 (x); smime=pass",
        "Subject: [Vertraulich] x",
        "Subject: =?utf-8?q?=5BVertraulich=5D_x?=",
        "Subject: [Ｖertraulich] x",
    ],
)
def test_what_only_we_may_say_is_taken_away_from_others(office: Office, forged: str) -> None:
    raw = f"From: <{HUBER.address}>\r\n{forged}\r\n\r\nx\r\n".encode()
    office.receive(raw, HUBER.address, ALICE.address)
    content = office.into.sent[0].content
    message = delivered(office)
    assert message.get_all("X-Siegel-Summary") == ["unprotected"]
    assert b"smime=pass" not in content
    assert "Vertraulich" not in str(message["Subject"] or "")


def test_a_tampered_mail_is_delivered_and_said_to_be_changed(office: Office) -> None:
    raw = signed_bytes(HUBER, from_huber()).replace(b"Guten Tag", b"Guten Weg")
    office.receive(raw, HUBER.address, ALICE.address)
    message = delivered(office)
    assert message["X-Siegel-Summary"] == "unprotected"
    assert "smime=fail" in message["Authentication-Results"]
    assert known_for(HUBER.address) == []


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda raw: raw[: len(raw) // 2], id="truncated"),
        pytest.param(lambda raw: raw.replace(b"MII", b"AAA"), id="garbled"),
        pytest.param(lambda raw: raw.replace(b"base64", b"x-nonsense"), id="encoding"),
    ],
)
def test_broken_protection_passes_untouched_and_is_named(
    office: Office, damage: Callable[[bytes], bytes]
) -> None:
    raw = damage(encrypted_bytes(signed_by(HUBER, from_huber()), ALICE))
    raw = raw if raw.endswith(b"\r\n") else raw + b"\r\n"
    assert office.receive(raw, HUBER.address, ALICE.address).code == 250
    assert office.into.sent[0].content.endswith(raw.partition(b"\r\n\r\n")[2])
    assert delivered(office)["X-Siegel-Summary"] != "confidential"


def test_one_recipient_refused_for_good_is_reported_to_the_sender(office: Office) -> None:
    office.into.refuse[UNKNOWN] = refusal(550)
    reply = office.receive(from_huber(), HUBER.address, ALICE.address, UNKNOWN)
    assert reply.code == 250
    assert office.into.sent[-1].recipients == (HUBER.address,)
    assert office.into.sent[-1].sender == ""


def test_the_journal_names_the_judgement_and_no_content(office: Office) -> None:
    raw = encrypted_bytes(signed_by(HUBER, from_huber("GEHEIMWORT")), ALICE)
    office.receive(raw, HUBER.address, ALICE.address)
    entry = journal.read(action="inbound.confidential")[0]
    assert entry.reasons == ("encrypted", "signature_counts")
    assert "GEHEIMWORT" not in repr(journal.read())


def test_a_distrusted_root_is_distrusted_at_once_and_old_judgements_stay(office: Office) -> None:
    office.receive(signed_bytes(HUBER, from_huber()), HUBER.address, ALICE.address)
    root = certificates.find("Landesamt Test Root")
    deciding.distrust(root[0].fingerprint, why="Vorfall", by="test", at=office.later(hours=1).at)
    office.receive(signed_bytes(HUBER, from_huber(subject="zwei")), HUBER.address, ALICE.address)
    assert delivered(office)["X-Siegel-Summary"] == "unprotected"
    first = judgements.latest(messages.received_by(ALICE.address)[-1].sha256)
    assert first is not None
    assert first.summary == "verified"
    office.send(mail(ALICE.address, HUBER.address), ALICE.address, HUBER.address)
    assert b"nveloped-data" not in office.out.sent[0].content
