"""The certificate of an organisation: it stands for people only where an administrator says so,
never looks like a person's own, never signs here, and receives by rule."""

import email
import email.policy

import pytest

from siegel.base.address import EmailAddress
from siegel.base.errors import Conflict, MalformedAddress, NotFound
from siegel.flows import binding
from siegel.flows.certificates import one
from siegel.pki.certificate import parse_certificate
from siegel.store.queries import candidates, certificates, journal, judgements, messages, pending
from tests.flows.office import (
    ALICE,
    BOB,
    DANA,
    HUBER,
    Office,
    encrypted_bytes,
    mail,
    signed_by,
    signed_bytes,
)
from tests.unit.smime import mails
from tests.world import WORLD

GATEWAY = DANA
"""Her certificate plays that of the school's gateway, which names none of the teachers."""
TEACHER = "teacher@school.example"
FINGERPRINT = parse_certificate(GATEWAY.certificate_der).fingerprint


def bound(office: Office, name: str = "school.example") -> None:
    office.partner(GATEWAY)
    binding.bind(FINGERPRINT, name, why="Vertrag", by="test", at=office.at)


def from_teacher(to: str = ALICE.address) -> bytes:
    return signed_bytes(GATEWAY, mail(TEACHER, to))


def arrived(office: Office) -> dict[str, str]:
    content = office.into.sent[-1].content
    return dict(email.message_from_bytes(content, policy=email.policy.default).items())


def sent_to_teacher(office: Office, address: str = TEACHER) -> bytes:
    office.out.sent.clear()
    office.send(mail(BOB.address, address), BOB.address, address)
    return office.out.sent[0].content


@pytest.mark.requirement("A5", "A18")
def test_without_a_binding_it_is_another_s_signature(office: Office) -> None:
    office.partner(GATEWAY)
    office.receive(from_teacher(), TEACHER, ALICE.address)
    assert arrived(office)["X-Siegel-Summary"] == "unprotected"
    assert arrived(office)["X-Siegel-Reasons"] == "signer_address_differs"


@pytest.mark.requirement("A5", "A18", "A26")
@pytest.mark.parametrize("name", ["school.example", "SCHOOL.example", TEACHER])
def test_what_it_signed_counts_and_is_labelled_everywhere(office: Office, name: str) -> None:
    bound(office, name)
    office.receive(from_teacher(), TEACHER, ALICE.address)
    fields = arrived(office)
    assert fields["X-Siegel-Summary"] == "verified"
    assert fields["X-Siegel-Reasons"] == "signed_by_organisation"
    result = fields["Authentication-Results"]
    assert "smime=pass" in result
    assert "signed_by_organisation" in result
    assert GATEWAY.address in result
    assert TEACHER not in result
    (entry,) = journal.read(action="inbound.verified")
    assert entry.reasons == ("signed_by_organisation",)
    assert "signed_by_organisation" in entry.detail["findings"]
    stored = messages.received_by(ALICE.address)[0]
    (judgement,) = judgements.history(stored.sha256)
    assert judgement.verdicts["signers"][0]["bound_by"] == "administration"


def test_an_opened_mail_says_so_in_its_tag(office: Office) -> None:
    bound(office)
    raw = encrypted_bytes(signed_by(GATEWAY, mail(TEACHER, ALICE.address)), ALICE)
    office.receive(raw, TEACHER, ALICE.address)
    assert arrived(office)["Subject"].startswith("[Vertraulich: Zertifikat der Organisation] ")


@pytest.mark.parametrize("sender", ["teacher@mail.school.example", "huber@evilschool.example"])
def test_it_stands_for_nobody_outside_of_the_domain(office: Office, sender: str) -> None:
    bound(office)
    office.receive(signed_bytes(GATEWAY, mail(sender, ALICE.address)), sender, ALICE.address)
    assert arrived(office)["X-Siegel-Summary"] == "unprotected"


def test_a_person_s_own_signature_beside_it_is_what_is_shown(office: Office) -> None:
    bound(office)
    office.receive(signed_bytes(HUBER, mail(HUBER.address, ALICE.address)), "", ALICE.address)
    assert arrived(office)["X-Siegel-Reasons"] == "signature_counts"


def test_a_person_s_first_certificate_is_no_change_of_key(office: Office) -> None:
    bound(office)
    office.receive(signed_bytes(HUBER, mail(HUBER.address, ALICE.address)), "", ALICE.address)
    address = EmailAddress.parse(HUBER.address)
    rows = candidates.for_addresses([address])[address]
    assert [(row.bound, row.change_unconfirmed) for row in rows if not row.bound] == [
        (False, False)
    ]
    assert journal.read(action="certificate.key_change") == ()


@pytest.mark.requirement("A16", "A8")
def test_it_receives_only_by_rule_and_says_so(office: Office) -> None:
    bound(office)
    assert b"nveloped-data" not in sent_to_teacher(office)
    entry = journal.read(action="outbound.sign")[0]
    assert entry.detail["recipients"][TEACHER] == ["organisation_certificate_off"]
    office.rule("organisation_certificates", value=True)
    assert mails.opened(sent_to_teacher(office), "dana").encrypted_layers[0].opened
    entry = journal.read(action="outbound.sign_and_encrypt")[0]
    whys = entry.detail["copies"][0]["why"]
    assert {"reason": "organisation_certificate", "addresses": [TEACHER]} in whys


def test_who_has_a_certificate_of_his_own_gets_it_with_that_alone(office: Office) -> None:
    bound(office)
    office.partner(HUBER)
    office.rule("organisation_certificates", value=True)
    content = sent_to_teacher(office, HUBER.address)
    assert mails.opened(content, "huber").encrypted_layers[0].opened
    assert not mails.opened(content, "dana").encrypted_layers[0].opened


def test_its_word_does_not_make_a_key_a_person_s(office: Office) -> None:
    bound(office)
    office.receive(from_teacher(), TEACHER, ALICE.address)
    rows = candidates.for_addresses([EmailAddress.parse(TEACHER)])[EmailAddress.parse(TEACHER)]
    assert [row.bound for row in rows] == [True]
    assert pending.pending_for() == ()


def test_a_binding_taken_back_ends_both_and_leaves_the_old_judgement(office: Office) -> None:
    bound(office)
    office.rule("organisation_certificates", value=True)
    office.receive(from_teacher(), TEACHER, ALICE.address)
    binding.unbind(FINGERPRINT, "school.example", by="test", at=office.at)
    office.receive(from_teacher(), TEACHER, BOB.address)
    assert arrived(office)["X-Siegel-Summary"] == "unprotected"
    assert b"nveloped-data" not in sent_to_teacher(office)
    assert len(journal.read(action="inbound.verified")) == 1
    with pytest.raises(NotFound):
        binding.unbind(FINGERPRINT, "school.example", by="test", at=office.at)


def test_binding_is_journaled_and_shown_beside_the_certificate(office: Office) -> None:
    bound(office)
    (entry,) = journal.read(action="certificate.bound")
    assert (entry.actor, entry.about) == ("test", "school.example")
    assert entry.detail == {"fingerprint": FINGERPRINT}
    assert one(FINGERPRINT, at=office.at).to_json()["bound_by_administration"] == ["school.example"]


def test_what_needs_no_binding_or_cannot_have_one_is_refused(office: Office) -> None:
    bound(office)
    root = parse_certificate(WORLD.root.der).fingerprint
    for certificate, name, error in (
        (FINGERPRINT, "school.example", Conflict),
        (FINGERPRINT, GATEWAY.address, Conflict),
        (root, "school.example", Conflict),
        ("nobody", "school.example", NotFound),
        (FINGERPRINT, "a@b@c", MalformedAddress),
    ):
        with pytest.raises(error):
            binding.bind(certificate, name, why="", by="test", at=office.at)
    assert certificates.get(FINGERPRINT).bound == ("school.example",)
