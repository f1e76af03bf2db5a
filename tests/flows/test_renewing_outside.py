"""A certificate from an authority outside is asked for anew; mail to the old one stays readable."""

import pytest

from siegel.base.errors import Conflict
from siegel.ca.crl import RevocationReason
from siegel.flows import accounts, issuing, renewing_certificates, requesting
from siegel.flows.authority_upkeep import trust_root
from siegel.flows.certificates import one
from siegel.flows.connectors import ConnectorKind
from siegel.flows.issuing import Order
from siegel.flows.renewing_certificates import Renewal
from siegel.flows.ways import Way
from siegel.pki.certificate import Certificate
from siegel.pki.key_generation import KeyChoice
from siegel.pki.request import parse_request
from siegel.store.authority_rows import RequestRow
from siegel.store.queries import requests
from tests.flows.office import ALICE, Office, mail
from tests.flows.test_requesting import Outside, asked, packed
from tests.flows.workshop import EVA, made_authority, workshop_of

pytestmark = pytest.mark.django_db(transaction=True)


def answered(office: Office, outside: Outside, row: RequestRow) -> Certificate:
    made = outside.certify(row)
    data = packed("pem", made, outside.issuing, outside.root)
    requesting.answer(data, workshop_of(office), by="test", at=office.at)
    return made


def by_hand(found: Renewal) -> Way:
    return next(way for way in found.ways if way.kind is ConnectorKind.BY_HAND)


def renewed(office: Office, old: Certificate, key: KeyChoice | None) -> RequestRow:
    found = renewing_certificates.renewal_of(old.fingerprint, directory="", at=office.at)
    ticket = renewing_certificates.renew(
        found, by_hand(found), key, workshop_of(office), by="test", at=office.at
    )
    return requests.get(ticket.number)


@pytest.mark.requirement("A87", "B44", "C6")
@pytest.mark.parametrize("key", [None, KeyChoice.P_384])
def test_mail_to_the_old_certificate_opens_after_the_new_one_came(
    office: Office, key: KeyChoice | None
) -> None:
    first, outside = asked(office), Outside(office)
    old = answered(office, outside, first)
    trust_root(outside.root, by="test", at=office.at)
    extra = "X-Siegel-Protect: encrypt\r\n"
    office.send(mail(ALICE.address, str(EVA), text="Altes", extra=extra), ALICE.address, str(EVA))
    earlier = office.out.sent[-1].content
    assert b"Altes" not in earlier
    office.later(days=300)
    second = renewed(office, old, key)
    assert parse_request(second.der).subject == parse_request(first.der).subject
    assert one(old.fingerprint, at=office.at).signing == ()  # in use until the new one comes
    new = answered(office, outside, second)
    assert (new.spki_sha256 == old.spki_sha256) is (key is None)
    office.receive(earlier, ALICE.address, str(EVA))
    assert b"Altes" in office.into.sent[-1].content


def test_the_old_certificate_is_no_answer_to_the_request_for_its_key(office: Office) -> None:
    outside = Outside(office)
    old = answered(office, outside, asked(office))
    office.later(days=300)
    renewed(office, old, None)
    with pytest.raises(Conflict, match="no key here waits"):
        requesting.answer(old.der, workshop_of(office), by="test", at=office.at)
    assert len(requesting.listing()) == 1


def test_a_key_that_was_lost_does_not_serve_again(office: Office) -> None:
    made_authority(office)
    accounts.create(EVA, "", by="test", at=office.at)
    tools = workshop_of(office)
    order = Order(address=EVA, key=KeyChoice.P_256)
    made = issuing.enrol(order, None, tools, by="test", at=office.at).certificate
    reason = RevocationReason.KEY_COMPROMISE
    issuing.revoke(made.fingerprint, reason, tools, by="test", at=office.at)
    found = renewing_certificates.renewal_of(made.fingerprint, directory="", at=office.at)
    assert not found.same_key
    assert [way.kind for way in found.ways if way.hindrance is None] == [ConnectorKind.BY_HAND]
    with pytest.raises(Conflict, match="may not serve again"):
        renewing_certificates.renew(found, by_hand(found), None, tools, by="test", at=office.at)


def test_certificates_of_others_and_of_authorities_are_not_renewed(office: Office) -> None:
    created = made_authority(office)
    assert created.issuing.certificate is not None
    with pytest.raises(Conflict, match="account of ours"):
        renewing_certificates.renewal_of(
            created.issuing.certificate.fingerprint, directory="", at=office.at
        )
