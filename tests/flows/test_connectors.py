"""Ways to a certificate: an order, a ticket, and what becomes of it."""

import pytest

from siegel.ca.names import Organisation, PersonName
from siegel.ca.profiles import LeafProfile
from siegel.flows import accounts, requesting
from siegel.flows.connectors import ByHand, Connector, ConnectorKind, InHouse
from siegel.flows.issuing import Order
from siegel.pki.classes import ValidationType
from siegel.pki.key_generation import KeyChoice
from siegel.pki.request import parse_request
from siegel.policy.tickets import Standing, TicketReason
from siegel.store.queries import requests
from tests.flows.office import Office
from tests.flows.test_requesting import Outside
from tests.flows.workshop import EVA, made_authority, workshop_of

pytestmark = pytest.mark.django_db(transaction=True)
ORDER = Order(address=EVA, key=KeyChoice.P_256)


@pytest.mark.requirement("B34", "A24")
def test_our_own_authority_makes_the_certificate_at_once(office: Office) -> None:
    made_authority(office)
    accounts.create(EVA, "", by="test", at=office.at)
    way: Connector = InHouse(workshop=workshop_of(office))
    first = way.request(ORDER, by="test", at=office.at)
    told = way.status(first, at=office.at)
    assert (first.kind, told.standing) == (ConnectorKind.IN_HOUSE, Standing.ISSUED)
    second = way.request(ORDER, by="test", at=office.at)
    assert way.status(second, at=office.at).certificate not in (None, told.certificate)


def test_a_request_by_hand_waits_is_withdrawn_and_takes_a_late_answer(office: Office) -> None:
    accounts.create(EVA, "", by="test", at=office.at)
    way: Connector = ByHand(workshop=workshop_of(office))
    ticket = way.request(ORDER, by="test", at=office.at)
    assert way.status(ticket, at=office.at).reason is TicketReason.REQUEST_OPEN
    requesting.withdraw(ticket.number, by="test", at=office.at)
    assert way.status(ticket, at=office.at).standing is Standing.FAILED
    assert requesting.listing() == ()
    made = Outside(office).certify(requests.get(ticket.number))
    requesting.answer(made.der, workshop_of(office), by="test", at=office.at)
    told = way.status(ticket, at=office.at)
    assert (told.standing, told.certificate) == (Standing.ISSUED, made.fingerprint)


@pytest.mark.parametrize(
    ("validation", "shown"),
    [
        (ValidationType.MAILBOX, ["eva.ernst@office.example"]),
        (ValidationType.ORGANISATION, ["amt"]),
        (ValidationType.SPONSOR, ["eva", "ernst", "amt"]),
    ],
)
def test_the_request_names_what_the_profile_wants(
    office: Office, validation: ValidationType, shown: list[str]
) -> None:
    accounts.create(EVA, "", by="test", at=office.at)
    way = ByHand(workshop=workshop_of(office), organisation=Organisation(name="Amt"))
    order = Order(
        address=EVA,
        person=PersonName(given_name="Eva", surname="Ernst"),
        profile=LeafProfile(validation=validation),
        key=KeyChoice.P_256,
    )
    ticket = way.request(order, by="test", at=office.at)
    subject = parse_request(requests.get(ticket.number).der).subject.lower()
    assert all(word in subject for word in shown), subject
