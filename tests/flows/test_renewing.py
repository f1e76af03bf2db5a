"""Renewal with overlap, answers about revocation, tables of people."""

import base64

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from siegel.base.address import EmailAddress
from siegel.base.errors import Conflict
from siegel.ca.crl import RevocationReason
from siegel.ca.names import PersonName
from siegel.ca.profiles import KeyUse, LeafProfile
from siegel.flows import accounts, authorities, bulk_enrolment, issuing, responding
from siegel.flows.bulk_enrolment import Result
from siegel.flows.certificates import one
from siegel.flows.issuing import Enrolled, Order
from siegel.flows.staff_list import read_staff_list
from siegel.pki.certificate import Certificate
from siegel.pki.classes import ValidationType
from siegel.pki.key_generation import KeyChoice
from siegel.store import models
from siegel.store.queries import authorities as authority_rows
from siegel.store.queries import keys
from tests.flows.office import Office, mail
from tests.flows.workshop import EVA, OTTO, made_authority, workshop_of

pytestmark = pytest.mark.django_db(transaction=True)

SPONSOR = LeafProfile(validation=ValidationType.SPONSOR)


def staffed(office: Office) -> None:
    made_authority(office)
    for address in (EVA, OTTO):
        accounts.create(address, "", by="test", at=office.at)


def enrolled(office: Office, address: EmailAddress = EVA) -> Enrolled:
    person = PersonName(given_name="Eva", surname="Ernst")
    order = Order(address=address, person=person, profile=SPONSOR, key=KeyChoice.P_256)
    return issuing.enrol(order, None, workshop_of(office), by="test", at=office.at)


def renewed(office: Office, key: KeyChoice | None) -> Certificate:
    tools = workshop_of(office)
    done = issuing.renew(EVA, KeyUse.DUAL, None, tools, key=key, by="test", at=office.at)
    return done.certificate


@pytest.mark.requirement("A87", "B44")
@pytest.mark.parametrize("key", [None, KeyChoice.P_384])
def test_renewed_with_the_same_or_a_new_key_old_mail_stays_readable(
    office: Office, key: KeyChoice | None
) -> None:
    staffed(office)
    old = enrolled(office).certificate
    enrolled(office, OTTO)
    raw = mail(str(OTTO), str(EVA), text="Altes", extra="X-Siegel-Protect: encrypt\r\n")
    office.send(raw, str(OTTO), str(EVA))
    earlier = office.out.sent[-1].content
    office.later(days=700)
    new = renewed(office, key)
    assert new != old
    assert (new.spki_sha256 == old.spki_sha256) is (key is None)
    assert (new.person, new.subject) == (old.person, old.subject)
    assert [a.spelling for a in new.addresses] == [EVA.spelling]
    assert one(old.fingerprint, at=office.at).signing == ()  # overlap: still good
    office.later(days=60)
    assert one(new.fingerprint, at=office.at).signing == ()
    office.receive(earlier, str(OTTO), str(EVA))
    assert b"Altes" in office.into.sent[-1].content


def test_the_newest_certificate_signs_after_a_renewal(office: Office) -> None:
    staffed(office)
    enrolled(office)
    office.later(days=1)
    new = renewed(office, KeyChoice.P_384)
    office.send(mail(str(EVA), "huber@school.example"), str(EVA), "huber@school.example")
    assert keys.accounts_of(new.spki_sha256) == (EVA,)
    sent = office.out.sent[-1].content
    assert new.parsed.serial_number.to_bytes(16, "big").lstrip(b"\0") in _signature(sent)


def _signature(message: bytes) -> bytes:
    part = message.rpartition(b"smime.p7s")[2].partition(b"\r\n\r\n")[2]
    return base64.b64decode(b"".join(part.partition(b"\r\n--")[0].split()))


def test_there_must_be_something_to_renew(office: Office) -> None:
    staffed(office)
    with pytest.raises(Conflict, match="enrol it"):
        renewed(office, None)


def test_an_authority_is_renewed_with_its_key_and_what_it_issued_stays_good(
    office: Office,
) -> None:
    staffed(office)
    old = enrolled(office).certificate
    row = authority_rows.named("Landratsamt Issuing")
    office.later(days=300)
    tools = workshop_of(office)
    after = authorities.renew(row.name, tools.vault, rng=tools.rng, by="test", at=office.at)
    assert row.certificate is not None
    assert after.certificate is not None
    assert after.certificate.not_after > row.certificate.not_after
    assert after.spki_sha256 == row.spki_sha256
    assert one(old.fingerprint, at=office.at).signing == ()


def question(
    certificate: Certificate, issuer: Certificate, digest: hashes.HashAlgorithm, nonce: bytes = b""
) -> bytes:
    builder = ocsp.OCSPRequestBuilder()
    builder = builder.add_certificate(certificate.parsed, issuer.parsed, digest)
    if nonce:
        builder = builder.add_extension(x509.OCSPNonce(nonce), critical=False)
    return builder.build().public_bytes(Encoding.DER)


@pytest.mark.parametrize(
    "digest",
    [hashes.SHA1(), hashes.SHA256()],
    ids=["sha1", "sha256"],
)
def test_the_responder_says_good_then_revoked(office: Office, digest: hashes.HashAlgorithm) -> None:
    staffed(office)
    made, row = enrolled(office).certificate, authority_rows.named("Landratsamt Issuing")
    assert row.certificate is not None
    asked = question(made, row.certificate, digest, b"n" * 32)
    tools = workshop_of(office)
    good = responding.respond(row.name, asked, tools, by="test", at=office.at)
    answer = ocsp.load_der_ocsp_response(good)
    assert answer.certificate_status is ocsp.OCSPCertStatus.GOOD
    assert answer.extensions.get_extension_for_class(x509.OCSPNonce).value.nonce == b"n" * 32
    issuing.revoke(
        made.fingerprint, RevocationReason.KEY_COMPROMISE, tools, by="test", at=office.at
    )
    revoked = ocsp.load_der_ocsp_response(
        responding.respond(row.name, asked, tools, by="test", at=office.at)
    )
    assert revoked.certificate_status is ocsp.OCSPCertStatus.REVOKED
    assert revoked.revocation_reason is x509.ReasonFlags.key_compromise
    assert models.OcspSigner.objects.count() == 1


def test_the_responder_gets_a_new_key_before_its_certificate_ends(office: Office) -> None:
    staffed(office)
    row, tools = authority_rows.named("Landratsamt Issuing"), workshop_of(office)
    first = responding.responder_of(row, tools, by="test", at=office.at)
    office.later(days=20)
    assert responding.responder_of(row, tools, by="test", at=office.at).certificate == (
        first.certificate
    )
    office.later(days=4)
    second = responding.responder_of(row, tools, by="test", at=office.at)
    assert second.certificate.spki_sha256 != first.certificate.spki_sha256


@pytest.mark.requirement("B11", "B21", "A92")
def test_fifty_people_of_a_table_get_their_certificates_and_a_report(office: Office) -> None:
    made_authority(office)
    people = [f"p{n}@office.example;Vorname{n};Nachname{n};nein" for n in range(48)]
    table = ["Adresse;Vorname;Nachname;Funktionspostfach", *people]
    table += ["info@office.example;;;ja", "wer@fremd.example;Wer;Fremd;", "kaputt;A;B;"]
    lines = read_staff_list("\r\n".join(table).encode("cp1252"))

    def run() -> list[bulk_enrolment.Outcome]:
        template = Order(address=EVA, key=KeyChoice.P_256)
        tools = workshop_of(office)
        return list(
            bulk_enrolment.enrol_many(
                lines, template, None, tools, create_accounts=True, by="test", at=office.at
            )
        )

    found = run()
    assert [one.result for one in found] == [Result.ISSUED] * 49 + [Result.FAILED] * 2
    assert "fremd.example" in found[-2].detail
    assert "not an e-mail address" in found[-1].detail
    assert not models.MailAccount.objects.filter(address="wer@fremd.example").exists()
    assert {one.result for one in run()} == {Result.THERE, Result.FAILED}
    assert models.SerialNumber.objects.filter(authority__kind="issuing").count() == 49
    report = bulk_enrolment.report(found).decode("utf-8-sig").splitlines()
    assert report[0] == "line,address,result,detail"
    assert len(report) == 52


def test_due_lists_are_issued_and_others_are_left(office: Office) -> None:
    made_authority(office)
    vault = office.site.vault
    assert authorities.issue_lists(None, vault, by="system:lists", at=office.at) == ()
    office.later(days=1)
    done = authorities.issue_lists(None, vault, by="system:lists", at=office.at)
    assert [(name, row.number) for name, row in done] == [("Landratsamt Issuing", 2)]
    office.later(days=30)
    done = authorities.issue_lists(None, vault, by="system:lists", at=office.at)
    assert {name for name, _ in done} == {"Landratsamt Issuing", "Landratsamt Root"}
