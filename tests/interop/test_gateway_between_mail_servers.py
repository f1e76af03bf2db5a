"""The main job with real servers: Postfix → Siegel → Postfix → Dovecot → IMAP, and the way out.

The partner is played by OpenSSL and gpgsm; what they say about our mail is the verdict.
"""

import email
import email.policy
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.peers.gpgsm import Gpgsm
from tests.peers.installation import Hops, Installation
from tests.peers.mailstack import MailStack
from tests.peers.mime import cms_of, mail, multipart_signed, pkcs7_mime, split_signed, text_entity
from tests.peers.openssl import OpenSSL
from tests.peers.process import Child
from tests.world import WORLD

pytestmark = pytest.mark.interop

ALICE, BOB, HUBER = (WORLD.person(name) for name in ("alice", "bob", "huber"))
UNKNOWN = "unbekannt@nirgends.example"


@pytest.fixture(scope="module")
def stack() -> Iterator[MailStack]:
    with MailStack(dkim=True) as running:
        yield running


@pytest.fixture(scope="module")
def office(stack: MailStack, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    ports = stack.ports
    hops = Hops(
        outbound_port=ports.outbound_filter,
        inbound_port=ports.inbound_filter,
        outbound_hop=f"smtp://127.0.0.1:{ports.outbound_reinject}",
        inbound_hop=f"smtp://127.0.0.1:{ports.inbound_reinject}",
    )
    installation = Installation(tmp_path_factory.mktemp("office"), hops)
    installation.trust_root()
    installation.add_person(ALICE)
    installation.add_person(BOB)
    return installation


@pytest.fixture(scope="module", autouse=True)
def gateway(office: Installation) -> Iterator[Child]:
    with office.running() as child:
        yield child


@pytest.fixture(autouse=True)
def fresh(stack: MailStack) -> None:
    stack.wait_for_empty_queue()
    stack.empty()


def text(subject: str, sender: str = ALICE.address, *recipients: str, extra: str = "") -> bytes:
    entity = text_entity("Grüße aus dem Amt\r\nFrom hier  \r\n.\r\n")
    whole = mail(entity, sender=sender, recipients=recipients or (HUBER.address,), subject=subject)
    return extra.encode() + whole


def parsed(raw: bytes) -> EmailMessage:
    found = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(found, EmailMessage)
    return found


def body(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def learn_huber(stack: MailStack, openssl: OpenSSL) -> bytes:
    """Frau Huber writes signed, with OpenSSL; the mail as it arrives at Alice's."""
    signed = openssl.sign(text_entity("Guten Tag"), HUBER)
    message = _with_header(signed, "erste Mail", HUBER.address, ALICE.address)
    stack.arrive(HUBER.address, [ALICE.address], message)
    return stack.wait_for_mail(ALICE.address, lambda one: b"erste Mail" in one)


def _with_header(smime: bytes, subject: str, sender: str, recipient: str) -> bytes:
    # Postfix adds Date and Message-ID where they are missing
    top = (
        f"From: <{sender}>\r\nTo: <{recipient}>\r\nSubject: {subject}\r\n"
        f"Date: Sat, 21 Nov 2026 12:00:00 +0100\r\nMessage-ID: <{hash(smime):x}@test.example>\r\n"
    )
    return top.encode() + smime.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


@pytest.mark.requirement("A1", "A46", "A48", "A49", "A50", "A75", "A20")
def test_every_mail_leaves_signed_and_openssl_verifies_it(
    stack: MailStack, openssl: OpenSSL
) -> None:
    stack.submit(ALICE.address, [UNKNOWN], text("hinaus", ALICE.address, UNKNOWN))
    received = stack.outside.wait_for(lambda one: b"hinaus" in one.content)
    verified = openssl.verify(received.content, WORLD.root)
    assert verified.signers == (ALICE.certificate,)
    assert "Grüße aus dem Amt" in body(parsed(verified.content))
    assert stack.dkim_verifies(received.content), "DKIM signs after S/MIME"
    assert parsed(received.content).get_content_type() == "multipart/signed"


@pytest.mark.requirement("A2", "A5", "A6", "A21", "A44", "A59", "A62", "A65", "A79")
def test_a_partners_first_signed_mail_is_verified_and_teaches_her_certificate(
    stack: MailStack, office: Installation, openssl: OpenSSL
) -> None:
    delivered = parsed(learn_huber(stack, openssl))
    assert delivered["X-Siegel-Summary"] == "verified"
    assert "smime=pass" in delivered["Authentication-Results"]
    known = office.json("certificate", "list", "--address", HUBER.address)
    assert [one["source"] for one in known] == ["harvested"]
    assert known[0]["encryption_obstacles"] == []


@pytest.mark.requirement("A7", "A14", "A15", "A16", "A57", "A58", "A60", "A64", "A80")
def test_the_answer_leaves_signed_and_encrypted_and_she_alone_can_read_it(
    stack: MailStack, openssl: OpenSSL
) -> None:
    learn_huber(stack, openssl)
    stack.submit(ALICE.address, [HUBER.address], text("geheime Antwort"))
    received = stack.outside.wait_for(lambda one: b"geheime Antwort" in one.content)
    assert "Grüße".encode() not in received.content
    assert parsed(received.content).get_content_type() == "application/pkcs7-mime"
    for reader in (HUBER, ALICE):
        opened = openssl.decrypt(received.content, reader)
        verified = openssl.verify(opened, WORLD.root)
        assert verified.signers == (ALICE.certificate,)
        assert "Grüße aus dem Amt" in body(parsed(verified.content))
    with pytest.raises(Exception, match=r"."):
        openssl.decrypt(received.content, BOB)


@pytest.mark.requirement("A1", "A11")
def test_gpgsm_reads_and_verifies_our_mail(stack: MailStack, openssl: OpenSSL) -> None:
    learn_huber(stack, openssl)
    stack.submit(ALICE.address, [HUBER.address], text("für gpgsm"))
    received = stack.outside.wait_for(
        lambda one: "für gpgsm" in str(parsed(one.content)["Subject"])
    )
    with Gpgsm() as gpgsm:
        gpgsm.trust(WORLD.root)
        gpgsm.import_certificate(ALICE)
        gpgsm.import_key(HUBER)
        opened = gpgsm.decrypt(cms_of(received.content))
        signed = parsed(opened)
        assert signed.get_content_type() == "multipart/signed"
    verified = openssl.verify(opened, WORLD.root)
    assert verified.signers == (ALICE.certificate,)


@pytest.mark.requirement("A2", "A11")
def test_gpgsm_verifies_our_signature_and_we_verify_hers(stack: MailStack) -> None:
    stack.submit(ALICE.address, [UNKNOWN], text("an gpgsm", ALICE.address, UNKNOWN))
    received = stack.outside.wait_for(lambda one: b"an gpgsm" in one.content)
    entity, signature = split_signed(received.content)
    with Gpgsm() as gpgsm:
        gpgsm.trust(WORLD.root)
        gpgsm.import_certificate(ALICE)
        gpgsm.import_key(HUBER)
        assert gpgsm.verify(signature, entity).status.says("GOODSIG")
        hers = gpgsm.sign(text_entity("von gpgsm"), HUBER)
    message = mail(
        multipart_signed(text_entity("von gpgsm"), hers),
        sender=HUBER.address,
        recipients=(ALICE.address,),
        subject="gpgsm signiert",
    )
    stack.arrive(HUBER.address, [ALICE.address], message)
    raw = stack.wait_for_mail(ALICE.address, lambda one: b"gpgsm signiert" in one)
    assert parsed(raw)["X-Siegel-Summary"] == "verified"


@pytest.mark.requirement("A65", "A66", "B20", "A22")
def test_encrypted_mail_from_openssl_is_opened_verified_and_marked(
    stack: MailStack, openssl: OpenSSL
) -> None:
    signed = openssl.sign(text_entity("streng vertraulich"), HUBER)
    encrypted = openssl.encrypt(signed, ALICE, HUBER)
    message = _with_header(
        encrypted, "zu öffnen".encode("ascii", "replace").decode(), HUBER.address, ALICE.address
    )
    stack.arrive(HUBER.address, [ALICE.address], message)
    delivered = parsed(stack.wait_for_mail(ALICE.address, lambda one: b"ffnen" in one))
    assert delivered["X-Siegel-Summary"] == "confidential"
    assert body(delivered).strip() == "streng vertraulich"
    assert str(delivered["Subject"]).startswith("[Vertraulich]")


@pytest.mark.requirement("B19", "A17")
def test_encrypted_mail_without_signature_from_gpgsm_is_opened_but_not_trusted(
    stack: MailStack,
) -> None:
    html = (
        b"Content-Type: text/html; charset=utf-8\r\n\r\n"
        b'<p>Text</p><img src="http://tracker.example/?a"><img src="http://tracker.example/?b'
    )
    with Gpgsm() as gpgsm:
        gpgsm.trust(WORLD.root)
        gpgsm.import_certificate(ALICE)
        encrypted = gpgsm.encrypt(html, ALICE)
    message = mail(
        pkcs7_mime(encrypted, "enveloped-data"),
        sender=HUBER.address,
        recipients=(ALICE.address,),
        subject="nur verschluesselt",
    )
    stack.arrive(HUBER.address, [ALICE.address], message)
    raw = stack.wait_for_mail(ALICE.address, lambda one: b"nur verschluesselt" in one)
    delivered = parsed(raw)
    assert delivered["X-Siegel-Summary"] == "encrypted_unverified"
    content = delivered.get_body(("html",))
    assert content is not None
    shown = str(content.get_content())
    assert "<p>Text</p>" in shown
    assert "<img" not in shown, "the open tag at the end is text, and so are its letters"
    assert "tracker.example/?a" not in shown


@pytest.mark.requirement("A6", "A19")
def test_a_changed_mail_is_delivered_and_said_to_be_changed(
    stack: MailStack, openssl: OpenSSL
) -> None:
    signed = openssl.sign(text_entity("Bitte 100 Euro"), HUBER)
    forged = signed.replace(b"100 Euro", b"900 Euro")
    assert forged != signed
    stack.arrive(
        HUBER.address,
        [ALICE.address],
        _with_header(forged, "gefaelscht", HUBER.address, ALICE.address),
    )
    delivered = parsed(stack.wait_for_mail(ALICE.address, lambda one: b"gefaelscht" in one))
    assert delivered["X-Siegel-Summary"] == "unprotected"
    assert "smime=fail" in delivered["Authentication-Results"]
    assert "signature_broken" in delivered["X-Siegel-Reasons"]


@pytest.mark.requirement("A58", "A52")
def test_one_recipient_without_certificate_means_signed_only_for_all(
    stack: MailStack, openssl: OpenSSL
) -> None:
    learn_huber(stack, openssl)
    message = text("an zwei", ALICE.address, HUBER.address, UNKNOWN)
    stack.submit(ALICE.address, [HUBER.address, UNKNOWN], message)
    received = stack.outside.wait_for(lambda one: b"an zwei" in one.content)
    assert parsed(received.content).get_content_type() == "multipart/signed"


@pytest.mark.requirement("B6")
def test_the_wish_of_the_writer_is_fulfilled_or_refused_never_ignored(
    stack: MailStack, openssl: OpenSSL
) -> None:
    learn_huber(stack, openssl)
    wish = "X-Siegel-Protect: encrypt\r\n"
    stack.submit(ALICE.address, [UNKNOWN], text("Wunsch eins", ALICE.address, UNKNOWN, extra=wish))
    bounce = stack.wait_for_mail(ALICE.address, lambda one: b"Wunsch eins" in one)
    assert b"5.7.1" in bounce
    assert UNKNOWN.encode() in bounce
    stack.submit(ALICE.address, [HUBER.address], text("Wunsch zwei", extra=wish))
    received = stack.outside.wait_for(lambda one: b"Wunsch zwei" in one.content)
    assert parsed(received.content).get_content_type() == "application/pkcs7-mime"
    assert b"X-Siegel-Protect" not in received.content
    assert not [one for one in stack.outside.received if b"Wunsch eins" in one.content]


@pytest.mark.requirement("A58")
def test_a_bcc_recipient_gets_a_copy_of_his_own(stack: MailStack, openssl: OpenSSL) -> None:
    learn_huber(stack, openssl)
    message = text("mit Blindkopie", ALICE.address, HUBER.address)
    stack.submit(ALICE.address, [HUBER.address, BOB.address], message)
    outside = stack.outside.wait_for(lambda one: b"mit Blindkopie" in one.content)
    inside = stack.wait_for_mail(BOB.address, lambda one: b"mit Blindkopie" in one)
    assert outside.recipients == (HUBER.address,)
    structure = openssl.structure(cms_of(outside.content))
    assert f"{BOB.certificate.serial_number:X}" not in structure.upper()
    assert parsed(inside)["X-Siegel-Summary"] == "confidential"


@pytest.mark.requirement("A83")
def test_list_mail_is_signed_and_never_encrypted(stack: MailStack, openssl: OpenSSL) -> None:
    learn_huber(stack, openssl)
    listed = text("Rundbrief", extra="List-Id: <rundbrief.office.example>\r\n")
    stack.submit(ALICE.address, [HUBER.address], listed)
    received = stack.outside.wait_for(lambda one: b"Rundbrief" in one.content)
    assert parsed(received.content).get_content_type() == "multipart/signed"


def test_what_a_mail_program_has_signed_passes_octet_for_octet(
    stack: MailStack, openssl: OpenSSL
) -> None:
    own = openssl.sign(text_entity("selbst signiert"), ALICE)
    message = _with_header(own, "fertig", ALICE.address, HUBER.address)
    stack.submit(ALICE.address, [HUBER.address], message)
    received = stack.outside.wait_for(lambda one: b"fertig" in one.content)
    assert received.content.endswith(message.partition(b"\r\n\r\n")[2])


def test_nobody_is_signed_for_in_another_persons_name(stack: MailStack) -> None:
    stack.submit(BOB.address, [UNKNOWN], text("falscher Name", ALICE.address, UNKNOWN))
    received = stack.outside.wait_for(lambda one: b"falscher Name" in one.content)
    assert parsed(received.content).get_content_type() == "text/plain"


def test_a_private_key_does_not_leave(stack: MailStack, office: Installation) -> None:
    key = ALICE.p12("geheim", "modern")
    message = EmailMessage(policy=email.policy.SMTP)
    message["From"], message["To"], message["Subject"] = ALICE.address, UNKNOWN, "Anhang Schluessel"
    message.set_content("anbei")
    message.add_attachment(key, maintype="application", subtype="pdf", filename="brief.pdf")
    stack.submit(ALICE.address, [UNKNOWN], message.as_bytes())
    bounce = stack.wait_for_mail(ALICE.address, lambda one: b"Anhang Schluessel" in one)
    assert b"5.7.1" in bounce
    refused = office.json("journal", "--action", "outbound.refused")
    assert refused[0]["reasons"] == ["private_key_attached"]


@pytest.mark.requirement("B6")
def test_internal_mail_is_encrypted_on_wish_and_opened_on_its_way_in(stack: MailStack) -> None:
    wish = "X-Siegel-Protect: encrypt\r\n"
    message = text("intern geheim", ALICE.address, BOB.address, extra=wish)
    stack.submit(ALICE.address, [BOB.address], message)
    delivered = parsed(stack.wait_for_mail(BOB.address, lambda one: b"intern geheim" in one))
    assert delivered["X-Siegel-Summary"] == "confidential"
    assert "Grüße aus dem Amt" in body(delivered)


def test_ciphertext_for_one_stays_closed_for_another(stack: MailStack, openssl: OpenSSL) -> None:
    """Somebody sends a stolen message, encrypted for Alice, to Bob."""
    stolen = openssl.encrypt(openssl.sign(text_entity("nur für Alice"), HUBER), ALICE)
    message = _with_header(stolen, "umgeleitet", HUBER.address, BOB.address)
    stack.arrive(HUBER.address, [BOB.address], message)
    delivered = parsed(stack.wait_for_mail(BOB.address, lambda one: b"umgeleitet" in one))
    assert delivered.get_content_type() == "application/pkcs7-mime"
    assert "encryption_closed" in delivered["X-Siegel-Reasons"]


def test_forged_marks_from_outside_are_taken_away(stack: MailStack) -> None:
    forged = (
        "Authentication-Results: siegel.office.example; smime=pass\r\n"
        "X-Siegel-Summary: confidential\r\n"
    )
    message = text("[Vertraulich] angeblich", HUBER.address, ALICE.address, extra=forged)
    stack.arrive(HUBER.address, [ALICE.address], message)
    delivered = parsed(stack.wait_for_mail(ALICE.address, lambda one: b"angeblich" in one))
    assert delivered.get_all("X-Siegel-Summary") == ["unprotected"]
    assert "smime=pass" not in str(delivered.get_all("Authentication-Results"))
    assert "Vertraulich" not in str(delivered["Subject"])


def test_signed_mail_arrives_octet_for_octet_below_our_fields(
    stack: MailStack, openssl: OpenSSL
) -> None:
    signed = openssl.sign(text_entity("unverändert"), HUBER)
    message = _with_header(signed, "oktettgetreu", HUBER.address, ALICE.address)
    stack.arrive(HUBER.address, [ALICE.address], message)
    delivered = stack.wait_for_mail(ALICE.address, lambda one: b"oktettgetreu" in one)
    assert delivered.endswith(message)


def test_the_journal_says_why(stack: MailStack, office: Installation) -> None:
    stack.submit(ALICE.address, [UNKNOWN], text("warum", ALICE.address, UNKNOWN))
    stack.outside.wait_for(lambda one: b"warum" in one.content)
    entry = office.json("journal", "--address", UNKNOWN, "--limit", "1")[0]
    assert entry["action"] == "outbound.sign"
    assert entry["detail"]["recipients"] == {UNKNOWN: ["no_certificate"]}


def test_no_plain_file_and_no_secret_is_left_in_the_log(office: Installation) -> None:
    log = (office.folder / "log").read_text("utf-8")
    assert "outbound decided" in log
    for secret in ("streng vertraulich", "Grüße aus dem Amt", "geheime Antwort"):
        assert secret not in log


def test_folders_hold_no_plain_key(office: Installation, tmp_path: Path) -> None:
    pkcs8 = ALICE.pkcs8
    for file in office.folder.rglob("*"):
        if file.is_file():
            assert pkcs8[-64:] not in file.read_bytes(), file
