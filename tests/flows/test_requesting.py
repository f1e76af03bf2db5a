"""Requests to authorities outside, and answers in whatever form they come."""

import os
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7

from siegel.base.errors import Conflict, MalformedMessage
from siegel.ca import authority as making
from siegel.ca import names
from siegel.ca.authority import Issuer, Places
from siegel.ca.names import Organisation
from siegel.ca.profiles import LeafProfile
from siegel.flows import (
    accounts,
    authorities,
    authority_upkeep,
    importing,
    issuing,
    requesting,
)
from siegel.flows.certificates import one
from siegel.flows.issuing import Order
from siegel.flows.requesting import Wanted
from siegel.pki import key_generation
from siegel.pki.certificate import Certificate
from siegel.pki.issuer_keys import issuer_key
from siegel.pki.key_generation import KeyChoice
from siegel.pki.request import parse_request
from siegel.pki.verdict import PathStatus
from siegel.policy.reasons import Obstacle
from siegel.store.authority_rows import RequestRow
from siegel.store.queries import keys
from tests.flows.office import Office, mail
from tests.flows.workshop import EVA, OTTO, PLAN, made_authority, workshop_of

pytestmark = pytest.mark.django_db(transaction=True)


class Outside:
    """An authority somewhere else: a root and an issuing authority below it."""

    def __init__(self, office: Office) -> None:
        self.at = office.at
        root_key, self.key = (issuer_key(key_generation.generate(KeyChoice.P_256)) for _ in "ab")
        places = Places(crl="http://ca.example/a.crl", issuer="http://ca.example/a.cer")
        elsewhere = Organisation(name="Elsewhere CA")
        self.root = making.create_root(
            root_key, names.authority_name("Elsewhere Root", elsewhere),
            serial=1, days=4000, at=self.at,
        )  # fmt: skip
        self.above = Issuer(certificate=self.root, key=root_key, places=places)
        self.issuing = making.create_issuing(
            self.above, self.key.public_key(), names.authority_name("Elsewhere 1", elsewhere),
            ["office.example"], serial=2, days=3000, at=self.at,
        )  # fmt: skip
        self.issuer = Issuer(certificate=self.issuing, key=self.key, places=places)

    def certify(self, row: RequestRow) -> Certificate:
        asked = parse_request(row.der)
        return making.issue_leaf(
            self.issuer, asked.public_key, LeafProfile(), names.mailbox_name(EVA), asked.addresses,
            serial=making.new_serial(os.urandom), at=self.at,
        )  # fmt: skip

    def certify_authority(self, row: RequestRow, serial: int = 3) -> Certificate:
        asked = parse_request(row.der)
        assert asked.is_ca
        return making.create_issuing(
            self.above, asked.public_key, names.authority_name("Amt", Organisation(name="Amt")),
            ["office.example"], serial=serial, days=2000, at=self.at,
        )  # fmt: skip


def packed(form: str, *certificates: Certificate) -> bytes:
    parsed = [each.parsed for each in certificates]
    if form == "der":
        return certificates[0].der
    if form == "p7b":
        return pkcs7.serialize_certificates(parsed, Encoding.DER)
    if form == "p7b-pem":
        return pkcs7.serialize_certificates(parsed, Encoding.PEM)
    return b"".join(each.public_bytes(Encoding.PEM) for each in parsed)


def asked(office: Office, **wanted: object) -> RequestRow:
    accounts.create(EVA, "", by="test", at=office.at)
    order = replace(Wanted(address=EVA, key=KeyChoice.P_256), **wanted)  # type: ignore[arg-type]
    return requesting.create(order, workshop_of(office), by="test", at=office.at)


@pytest.mark.requirement("B21", "A23")
@pytest.mark.parametrize("form", ["pem", "der", "p7b", "p7b-pem"])
def test_an_answer_in_any_form_finds_its_key(office: Office, form: str) -> None:
    row, outside = asked(office), Outside(office)
    parsed = parse_request(row.der)
    assert [a.spelling for a in parsed.addresses] == [EVA.spelling]
    made = outside.certify(row)
    data = packed(form, made, outside.issuing, outside.root)
    done = requesting.answer(data, workshop_of(office), by="test", at=office.at)
    assert done.certificates == (made,)
    assert requesting.listing() == ()
    assert len(requesting.listing(answered=True)) == 1
    assert one(made.fingerprint, at=office.at).row.has_private_key
    assert keys.accounts_of(made.spki_sha256) == (EVA,)


def test_the_chain_may_stand_in_front(office: Office) -> None:
    row, outside = asked(office), Outside(office)
    made = outside.certify(row)
    data = packed("pem", outside.root, outside.issuing, made)
    done = requesting.answer(data, workshop_of(office), by="test", at=office.at)
    assert done.certificates == (made,)
    assert set(done.chain) == {outside.root, outside.issuing}
    authorities.trust_root(outside.root, by="test", at=office.at)
    assert one(made.fingerprint, at=office.at).signing == ()
    office.send(mail(str(EVA), "huber@school.example"), str(EVA), "huber@school.example")
    assert b"multipart/signed" in office.out.sent[-1].content


def test_an_ordinary_import_finds_the_waiting_key_as_well(office: Office) -> None:
    row, outside = asked(office), Outside(office)
    made = outside.certify(row)
    importing.import_file(made.der, None, None, by="test", at=office.at)
    assert requesting.listing() == ()
    assert keys.accounts_of(made.spki_sha256) == (EVA,)


def test_what_nobody_asked_for_is_not_taken(office: Office) -> None:
    asked(office)
    with pytest.raises(Conflict, match="no key here waits"):
        requesting.answer(
            packed("pem", Outside(office).issuing), workshop_of(office), by="test", at=office.at
        )
    with pytest.raises(MalformedMessage):
        requesting.answer(b"what?", workshop_of(office), by="test", at=office.at)
    assert len(requesting.listing()) == 1


def test_an_answer_without_the_address_says_so(office: Office) -> None:
    row, outside = asked(office), Outside(office)
    asked_key = parse_request(row.der).public_key
    made = making.issue_leaf(
        outside.issuer, asked_key, LeafProfile(), names.mailbox_name(OTTO), [OTTO],
        serial=77, at=office.at,
    )  # fmt: skip
    done = requesting.answer(made.der, workshop_of(office), by="test", at=office.at)
    assert done.without_address == (EVA,)


def test_a_key_that_cannot_sign_has_no_request(office: Office) -> None:
    with pytest.raises(Conflict, match="cannot sign a request"):
        asked(office, key=KeyChoice.X25519)


@pytest.mark.requirement("B34")
def test_an_authority_below_a_root_outside_works_after_the_answer(office: Office) -> None:
    row = authorities.create_below(PLAN, office.site.vault, by="test", at=office.at)
    accounts.create(EVA, "", by="test", at=office.at)
    with pytest.raises(Conflict, match="waits for its certificate"):
        issuing.enrol(
            Order(address=EVA, key=KeyChoice.P_256), row.name, workshop_of(office),
            by="test", at=office.at,
        )  # fmt: skip
    outside = Outside(office)
    certificate = outside.certify_authority(requesting.listing()[0])
    data = packed("p7b", outside.root, certificate)
    done = requesting.answer(data, workshop_of(office), by="test", at=office.at)
    assert done.authorities == (row.name,)
    authorities.trust_root(outside.root, by="test", at=office.at)
    made = issuing.enrol(
        Order(address=EVA, key=KeyChoice.P_256), None, workshop_of(office), by="test", at=office.at
    )
    state = one(made.certificate.fingerprint, at=office.at)
    assert state.path.status is PathStatus.VALID
    assert state.signing == ()


def test_an_authority_below_a_root_outside_is_renewed_by_a_request_with_its_key(
    office: Office,
) -> None:
    row = authorities.create_below(PLAN, office.site.vault, by="test", at=office.at)
    outside, tools = Outside(office), workshop_of(office)
    first = outside.certify_authority(requesting.listing()[0])
    requesting.answer(first.der, tools, by="test", at=office.at)
    with pytest.raises(Conflict, match="request its certificate outside"):
        authorities.renew(row.name, tools.vault, rng=tools.rng, by="test", at=office.at)
    certified = authorities.issuing_authority(None)
    again = authority_upkeep.request_again(certified, tools.vault, by="test", at=office.at)
    assert authorities.request_of(row) == again.der
    wanted = parse_request(again.der)
    assert (wanted.spki_sha256, wanted.subject) == (row.spki_sha256, first.subject)
    second = outside.certify_authority(again, serial=4)
    requesting.answer(second.der, tools, only=row.spki_sha256, by="test", at=office.at)
    renewed = authorities.issuing_authority(None)
    assert renewed.certificate == second
    assert requesting.listing() == ()


def test_an_answer_is_taken_for_the_key_it_was_brought_to_alone(office: Office) -> None:
    row, outside = asked(office), Outside(office)
    made = outside.certify(row)
    for other in ("0" * 64, ""):
        with pytest.raises(Conflict, match="no key here waits"):
            requesting.answer(made.der, workshop_of(office), only=other, by="test", at=office.at)
    assert len(requesting.listing()) == 1


def test_a_root_is_not_requested_outside(office: Office) -> None:
    created = made_authority(office)
    for row in (created.root, created.issuing):
        with pytest.raises(Conflict, match="no authority outside"):
            authority_upkeep.request_again(row, office.site.vault, by="test", at=office.at)


def test_an_answer_that_makes_no_authority_is_refused(office: Office) -> None:
    authorities.create_below(PLAN, office.site.vault, by="test", at=office.at)
    outside = Outside(office)
    row = requesting.listing()[0]
    asked_key = parse_request(row.der).public_key
    leaf = making.issue_leaf(
        outside.issuer, asked_key, LeafProfile(), names.mailbox_name(EVA), [EVA],
        serial=78, at=office.at,
    )  # fmt: skip
    with pytest.raises(Conflict, match="no certificate of an authority"):
        requesting.answer(leaf.der, workshop_of(office), by="test", at=office.at)
    assert len(requesting.listing()) == 1


def test_an_untrusted_answer_waits_for_the_decision(office: Office) -> None:
    row, outside = asked(office), Outside(office)
    made = outside.certify(row)
    data = packed("pem", made, outside.issuing, outside.root)
    requesting.answer(data, workshop_of(office), by="test", at=office.at)
    signing = one(made.fingerprint, at=office.at).signing
    assert signing is not None
    assert Obstacle.NOT_TRUSTED in signing
