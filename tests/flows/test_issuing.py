"""The in-house authority at work: certificates for accounts, used by the gateway at once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from siegel.base.address import EmailAddress
from siegel.base.errors import Conflict, NotFound
from siegel.base.secret import Secret
from siegel.ca.crl import RevocationReason
from siegel.ca.names import PersonName
from siegel.ca.profiles import KeyUse, LeafProfile
from siegel.flows import accounts, authorities, exporting, issuing
from siegel.flows.certificates import one
from siegel.flows.issuing import Enrolled, Order, Step, Workshop
from siegel.pki.classes import ValidationType
from siegel.pki.key_generation import KeyChoice
from siegel.pki.pkcs12 import Flavour
from siegel.pki.verdict import PathStatus, RevocationStatus
from siegel.policy.reasons import Obstacle
from siegel.store import models
from siegel.store.queries import authorities as authority_rows
from siegel.store.queries import certificates, issued, journal, keys
from tests.flows.office import Office, mail
from tests.flows.workshop import EVA, OTTO, PLAN, made_authority, workshop_of

pytestmark = pytest.mark.django_db(transaction=True)


OF_ISSUING = (Step.KEY_KEPT, Step.SERIAL_RESERVED, Step.SIGNED, Step.WRITTEN, Step.ISSUED)


class Killed(Exception):
    """Stands for a kill in a test within one process."""


def enrol(
    office: Office, address: EmailAddress = EVA, workshop: Workshop | None = None, **order: object
) -> Enrolled:
    wanted = replace(Order(address=address, key=KeyChoice.P_256), **order)  # type: ignore[arg-type]
    used = workshop or workshop_of(office)
    return issuing.enrol(wanted, None, used, by="test", at=office.at)


def staffed(office: Office) -> None:
    made_authority(office)
    for address in (EVA, OTTO):
        accounts.create(address, "", by="test", at=office.at)


def killing(office: Office, step: Step) -> Workshop:
    def passes(found: Step) -> None:
        if found is step:
            raise Killed

    return replace(workshop_of(office), passes=passes)


@pytest.mark.requirement("B34", "B11", "B21", "A27")
def test_one_call_gives_an_account_a_certificate_that_signs_its_mail(office: Office) -> None:
    staffed(office)
    done = enrol(office)
    state = one(done.certificate.fingerprint, at=office.at)
    assert state.path.status is PathStatus.VALID
    assert state.path.revocation is RevocationStatus.GOOD
    assert (state.signing, state.encryption) == ((), ())
    assert state.row.source == "issued"
    office.send(mail(str(EVA), "huber@school.example"), str(EVA), "huber@school.example")
    assert journal.read(action="outbound.sign", limit=1)


@pytest.mark.requirement("A23")
def test_two_of_us_write_to_each_other_encrypted_with_certificates_of_the_house(
    office: Office,
) -> None:
    staffed(office)
    enrol(office, EVA)
    enrol(office, OTTO)
    raw = mail(str(EVA), str(OTTO), text="Nur für Otto", extra="X-Siegel-Protect: encrypt\r\n")
    office.send(raw, str(EVA), str(OTTO))
    protected = office.out.sent[-1].content
    assert b"Nur f" not in protected
    office.receive(protected, str(EVA), str(OTTO))
    assert b"Nur f" in office.into.sent[-1].content
    assert journal.read(action="inbound.confidential", limit=1)


def test_the_certificate_has_the_address_in_exactly_the_spelling_that_was_ordered(
    office: Office,
) -> None:
    staffed(office)
    done = enrol(office)
    assert [a.spelling for a in done.certificate.addresses] == ["Eva.Ernst@office.example"]


@pytest.mark.requirement("A25", "A26")
def test_a_person_is_named_within_the_organisation(office: Office) -> None:
    staffed(office)
    done = enrol(
        office,
        person=PersonName(given_name="Eva", surname="Ernst"),
        profile=LeafProfile(validation=ValidationType.SPONSOR),
    )
    assert done.certificate.person == "Eva Ernst"
    assert done.certificate.organisation == "Landratsamt Musterstadt"


def test_ordering_twice_makes_one_certificate(office: Office) -> None:
    staffed(office)
    first, again = enrol(office), enrol(office)
    assert (first.new, again.new) == (True, False)
    assert again.certificate == first.certificate


@pytest.mark.requirement("A24")
@pytest.mark.parametrize("address", ["eva@elsewhere.example", "eva@notoffice.example"])
def test_nobody_is_certified_outside_of_the_domains(office: Office, address: str) -> None:
    staffed(office)
    foreign = EmailAddress.parse(address)
    accounts.create(foreign, "", by="test", at=office.at)
    with pytest.raises(Conflict, match="proved control"):
        enrol(office, foreign)


def test_without_an_account_there_is_no_certificate(office: Office) -> None:
    made_authority(office)
    with pytest.raises(NotFound, match="no account"):
        enrol(office)
    assert not models.PrivateKey.objects.filter(enrolments__isnull=False).exists()


def test_an_authority_of_ours_is_trusted_by_a_decision_only(office: Office) -> None:
    created = made_authority(office, trust=False)
    accounts.create(EVA, "", by="test", at=office.at)
    done = enrol(office)
    before = one(done.certificate.fingerprint, at=office.at)
    assert before.signing is not None
    assert Obstacle.NOT_TRUSTED in before.signing
    assert created.root.certificate is not None
    authorities.trust_root(created.root.certificate, by="test", at=office.at)
    assert one(done.certificate.fingerprint, at=office.at).signing == ()


@pytest.mark.requirement("B44")
def test_a_revoked_certificate_is_on_the_list_and_out_of_use_at_once(office: Office) -> None:
    created = made_authority(office)
    accounts.create(EVA, "", by="test", at=office.at)
    done = enrol(office)
    numbers = [authority_rows.last_list(created.issuing.id)]
    issuing.revoke(
        done.certificate.fingerprint,
        RevocationReason.KEY_COMPROMISE,
        workshop_of(office),
        by="test",
        at=office.at,
    )
    numbers.append(authority_rows.last_list(created.issuing.id))
    assert [row and row.number for row in numbers] == [1, 2]
    state = one(done.certificate.fingerprint, at=office.at)
    assert state.path.revocation is RevocationStatus.REVOKED
    assert state.signing is not None
    assert Obstacle.REVOKED in state.signing
    with pytest.raises(Conflict, match="already"):
        issuing.revoke(
            done.certificate.fingerprint,
            RevocationReason.SUPERSEDED,
            workshop_of(office),
            by="test",
            at=office.at,
        )
    after = enrol(office)
    assert after.new
    assert one(after.certificate.fingerprint, at=office.at).signing == ()


@pytest.mark.parametrize("step", OF_ISSUING)
def test_work_that_broke_off_is_finished_with_the_same_key(office: Office, step: Step) -> None:
    staffed(office)
    with pytest.raises(Killed):
        enrol(office, workshop=killing(office, step))
    kept = set(models.Enrolment.objects.values_list("key_id", flat=True))
    done = enrol(office)
    assert {done.certificate.spki_sha256} == kept
    assert models.Enrolment.objects.count() == 1
    serials = [row.serial for row in models.SerialNumber.objects.all()]
    assert len(serials) == len(set(serials))


def test_a_revocation_that_broke_off_left_nothing(office: Office) -> None:
    created = made_authority(office)
    accounts.create(EVA, "", by="test", at=office.at)
    done = enrol(office)
    for step in (Step.REVOKED, Step.LISTED):
        with pytest.raises(Killed):
            issuing.revoke(
                done.certificate.fingerprint,
                RevocationReason.SUPERSEDED,
                killing(office, step),
                by="test",
                at=office.at,
            )
    assert issued.revoked_by(created.issuing.id) == ()
    last = authority_rows.last_list(created.issuing.id)
    assert last is not None
    assert last.number == 1


def test_an_authority_of_the_same_name_is_refused_and_leaves_nothing(office: Office) -> None:
    made_authority(office)
    keys = models.PrivateKey.objects.count()
    with pytest.raises(Conflict, match="already"):
        made_authority(office)
    assert models.PrivateKey.objects.count() == keys


def test_an_authority_for_a_foreign_domain_is_refused(office: Office) -> None:
    with pytest.raises(Conflict, match="no domain of this organisation"):
        made_authority(office, plan=replace(PLAN, domains=("school.example",)))


@pytest.mark.requirement("B34")
def test_domains_of_others_are_named_on_purpose_and_stand_in_the_certificate(
    office: Office,
) -> None:
    plan = replace(PLAN, domains=("office.example",), further=("Schule.example",))
    created = made_authority(office, plan=plan)
    assert created.issuing.domains == ("office.example", "schule.example")
    accounts.create(EmailAddress.parse("eva@schule.example"), "", by="test", at=office.at)
    with pytest.raises(Conflict, match="nobody has proved control"):
        enrol(office, EmailAddress.parse("eva@schule.example"))
    for whole_country in ("de", "example"):
        with pytest.raises(Conflict, match="not the domain of one organisation"):
            made_authority(office, plan=replace(plan, name="Amt", further=(whole_country,)))


@pytest.mark.requirement("A87")
def test_what_is_over_does_not_count_as_a_certificate(office: Office) -> None:
    staffed(office)
    first = enrol(office)
    office.later(days=731)
    second = enrol(office)
    assert second.new
    assert second.certificate != first.certificate
    assert second.certificate.not_after - second.certificate.not_before == timedelta(
        days=730, seconds=-1
    )


@pytest.mark.requirement("A29")
def test_the_key_of_an_authority_never_leaves(office: Office) -> None:
    created = made_authority(office)
    for row in (created.root, created.issuing):
        assert row.certificate is not None
        stored = certificates.get(row.certificate.fingerprint)
        assert stored.has_private_key
        assert not exporting.may_leave(stored)
        with pytest.raises(NotFound, match="not handed out"):
            exporting.export_key(
                stored.fingerprint,
                Flavour.MODERN,
                Secret("Grüße aus Roth im Sommer"),
                Secret("Grüße aus Roth im Sommer"),
                office.site.vault,
                by="test",
                at=office.at,
            )
        assert keys.accounts_of(row.spki_sha256) == ()


@pytest.mark.requirement("B11")
@pytest.mark.parametrize(
    ("signing", "encryption"),
    [
        (KeyChoice.P_256, KeyChoice.X25519),
        (KeyChoice.ED25519, KeyChoice.BRAINPOOL_P256),
        (KeyChoice.RSA_2048, KeyChoice.RSA_2048),
    ],
)
def test_separate_keys_for_signing_and_encryption_work_together(
    office: Office, signing: KeyChoice, encryption: KeyChoice
) -> None:
    staffed(office)
    for address in (EVA, OTTO):
        for use, key in ((KeyUse.SIGNING, signing), (KeyUse.ENCRYPTION, encryption)):
            assert enrol(office, address, profile=LeafProfile(use=use), key=key).new
            assert not enrol(office, address, profile=LeafProfile(use=use), key=key).new
    raw = mail(str(EVA), str(OTTO), text="Getrennt", extra="X-Siegel-Protect: encrypt\r\n")
    office.send(raw, str(EVA), str(OTTO))
    office.receive(office.out.sent[-1].content, str(EVA), str(OTTO))
    assert b"Getrennt" in office.into.sent[-1].content
    assert journal.read(action="inbound.confidential", limit=1)


def test_a_revoked_authority_issues_nothing_and_its_certificates_count_no_more(
    office: Office,
) -> None:
    created = made_authority(office)
    accounts.create(EVA, "", by="test", at=office.at)
    done = enrol(office)
    assert created.issuing.certificate is not None
    assert created.root.certificate is not None
    reason, tools = RevocationReason.CA_COMPROMISE, workshop_of(office)
    with pytest.raises(Conflict, match="distrust it"):
        issuing.revoke(created.root.certificate.fingerprint, reason, tools, by="test", at=office.at)
    issuing.revoke(created.issuing.certificate.fingerprint, reason, tools, by="test", at=office.at)
    state = one(done.certificate.fingerprint, at=office.at)
    assert state.path.revocation is RevocationStatus.REVOKED
    with pytest.raises(NotFound, match="0 authorities"):
        enrol(office)
    with pytest.raises(Conflict, match="is revoked"):
        authorities.issuing_authority(created.issuing.name)
