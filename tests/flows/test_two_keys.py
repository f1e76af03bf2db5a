"""Partners, and people of ours, who sign with one key and receive with another."""

from dataclasses import replace

import pytest

from siegel.base.address import EmailAddress
from siegel.flows import accounts
from siegel.flows.answering import answer, waiting
from siegel.pki.certificate import parse_certificate
from siegel.store.queries import candidates, journal
from tests.flows.office import ALICE, HUBER, Office, encrypted_bytes, mail, signed_by
from tests.flows.test_capabilities import announcing
from tests.spoof.making import person
from tests.unit.smime import mails
from tests.world import WORLD, Person
from tests.world.cast import Role, Usage

CARLA, CARLA_ENCRYPT = WORLD.person("carla"), WORLD.person("carla_encrypt")
FRIEDA, FRIEDA_ENCRYPT = WORLD.person("frieda_sign"), WORLD.person("frieda_encrypt")
_ROLE = Role(name="new", address=CARLA.address, subject="Carla Conrad")
NEW = person(replace(_ROLE, name="new_sign", usage=Usage.SIGN, key="frieda_sign"))
NEW_ENCRYPT = person(replace(_ROLE, name="new_encrypt", usage=Usage.ENCRYPT, key="frieda_encrypt"))
RENEWED = person(
    replace(_ROLE, name="renewed", usage=Usage.SIGN, key="frieda_sign", subject="C. C.")
)


def fingerprint(one: Person) -> str:
    return parse_certificate(one.certificate_der).fingerprint


def write(office: Office, signer: Person, prefers: Person | None = None) -> str:
    """A mail to Alice; the reasons it arrives with."""
    office.later(minutes=1)
    raw = announcing(signer, at=office.at, prefers=prefers)
    office.receive(raw, CARLA.address, ALICE.address)
    head = office.into.sent[-1].content.partition(b"\r\n\r\n")[0].decode()
    return head.partition("X-Siegel-Reasons: ")[2].partition("\r\n")[0]


def encrypted_to(office: Office) -> set[str]:
    """The certificates that a mail of Alice to Carla can be opened with."""
    office.out.sent.clear()
    office.send(mail(ALICE.address, CARLA.address), ALICE.address, CARLA.address)
    (layer,) = mails.opened(office.out.sent[0].content).encrypted_layers
    named = {recipient.identifier for recipient in layer.recipients}
    people = {"old": CARLA_ENCRYPT, "new": NEW_ENCRYPT}
    return {
        name
        for name, one in people.items()
        if parse_certificate(one.certificate_der).issuer_and_serial in named
    }


def changed(office: Office, rule: str) -> dict[str, int]:
    """Both keys of Carla are new; the number of each question by certificate."""
    office.rule("key_change", rule)
    assert write(office, CARLA, CARLA_ENCRYPT) == "signature_counts"
    assert waiting() == []
    assert write(office, NEW, NEW_ENCRYPT) == "signature_counts"
    asked = {one.fingerprint: one.number for one in waiting()}
    return {"sign": asked[fingerprint(NEW)], "encrypt": asked[fingerprint(NEW_ENCRYPT)]}


def reply(office: Office, number: int, *, accepted: bool) -> None:
    answer("change", number, accepted=accepted, by="test", at=office.at)


@pytest.mark.requirement("A79", "C8")
def test_a_change_of_both_keys_asks_about_both_and_the_rule_says_what_happens_meanwhile(
    office: Office,
) -> None:
    assert set(changed(office, "alert")) == {"sign", "encrypt"}
    assert encrypted_to(office) == {"old", "new"}
    office.rule("key_change", "hold")
    assert encrypted_to(office) == {"old"}


@pytest.mark.requirement("C8")
def test_an_accepted_key_is_used_and_its_signatures_count(office: Office) -> None:
    asked = changed(office, "hold")
    reply(office, asked["encrypt"], accepted=True)
    assert encrypted_to(office) == {"old", "new"}
    assert [one.number for one in waiting()] == [asked["sign"]], "only what was compared"
    reply(office, asked["sign"], accepted=True)
    assert write(office, NEW) == "signature_counts"
    assert waiting() == []


@pytest.mark.requirement("C8")
@pytest.mark.parametrize("which", ["sign", "encrypt"])
def test_who_refuses_one_of_the_keys_refuses_both_for_encryption_and_signatures(
    office: Office, which: str
) -> None:
    asked = changed(office, "alert")
    reply(office, asked[which], accepted=False)
    assert waiting() == []
    assert encrypted_to(office) == {"old"}
    assert write(office, NEW, NEW_ENCRYPT) == "signer_not_trusted"
    assert waiting() == [], "later mail does not bring them back"
    assert encrypted_to(office) == {"old"}
    assert write(office, CARLA) == "signature_counts"
    refused = journal.read(action="partner.change_refused")
    assert {entry.about for entry in refused} == {CARLA.address}
    noted = {entry.detail["fingerprint"] for entry in refused}
    assert noted == {fingerprint(NEW), fingerprint(NEW_ENCRYPT)}


@pytest.mark.requirement("C8")
def test_another_certificate_for_a_refused_key_is_refused_until_a_person_accepts_it(
    office: Office,
) -> None:
    reply(office, changed(office, "alert")["sign"], accepted=False)
    assert write(office, RENEWED) == "signer_not_trusted"
    (one,) = waiting()
    assert (one.kind, one.fingerprint) == ("certificate", fingerprint(RENEWED))
    answer(one.kind, one.number, accepted=True, by="test", at=office.at)
    assert write(office, RENEWED) == "signature_counts"


def test_a_signing_certificate_is_never_encrypted_to_though_nothing_else_is_known(
    office: Office,
) -> None:
    assert write(office, CARLA) == "signature_counts"
    office.send(mail(ALICE.address, CARLA.address), ALICE.address, CARLA.address)
    assert mails.opened(office.out.sent[0].content).encrypted_layers == ()
    address = EmailAddress.parse(CARLA.address)
    assert [one.fingerprint for one in candidates.for_addresses([address])[address]] == [
        fingerprint(CARLA)
    ]


@pytest.mark.requirement("A16", "A20")
def test_one_of_ours_signs_with_one_key_names_the_other_and_opens_the_answer(
    office: Office,
) -> None:
    accounts.create(EmailAddress.parse(FRIEDA.address), "", by="test", at=office.at)
    office.key(FRIEDA)
    office.key(FRIEDA_ENCRYPT)
    office.send(mail(FRIEDA.address, HUBER.address), FRIEDA.address, HUBER.address)
    (signer,) = mails.opened(office.out.sent[0].content).signed_layers[0].signers
    receives = parse_certificate(FRIEDA_ENCRYPT.certificate_der)
    assert signer.certificate == parse_certificate(FRIEDA.certificate_der)
    assert signer.encryption_key_preference in (
        receives.issuer_and_serial,
        receives.subject_key_identifier,
    )
    answered = encrypted_bytes(
        signed_by(HUBER, mail(HUBER.address, FRIEDA.address)), FRIEDA_ENCRYPT
    )
    office.receive(answered, HUBER.address, FRIEDA.address)
    assert b"X-Siegel-Summary: confidential" in office.into.sent[-1].content
