"""The pages about keys, where an authority over ACME is configured."""

from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse

from siegel.flows import accounts, acme_orders
from siegel.flows.acme_desk import AcmeDesk
from siegel.flows.acme_offer import AcmeOffer
from siegel.policy.acme import AcmeReason
from siegel.store.queries import acme
from siegel.web import running
from tests.flows.acme_model import DIRECTORY, ModelAuthority
from tests.flows.office import Office
from tests.flows.workshop import EVA
from tests.web.conftest import SignIn
from tests.web.test_keys import ASKED, MANAGER, text

WAY = "acme:acme.ca.example"


@pytest.fixture
def client(sign_in: SignIn, office: Office) -> Client:
    office.site = replace(office.site, acme_directory=DIRECTORY)
    running.install(office.site)
    accounts.create(EVA, "Eva Ernst", by="test", at=office.at)
    return sign_in(MANAGER)


@pytest.mark.requirement("C7")
def test_a_certificate_is_ordered_and_nobody_hands_anything_in(client: Client) -> None:
    page = text(client.get(reverse("keys:new")))
    assert "acme.ca.example, von selbst (ACME)" in page
    page = text(client.post(reverse("keys:new"), {**ASKED, "way": WAY}, follow=True))
    assert "Das Zertifikat ist bestellt. Es kommt von selbst." in page
    assert "Wird gleich gestellt" in page
    assert "Als Text (.csr)" not in page
    assert acme.open_of(EVA) is not None
    assert "acme.ca.example" in text(client.get(reverse("keys:list")))


def test_one_order_at_a_time(client: Client) -> None:
    client.post(reverse("keys:new"), {**ASKED, "way": WAY})
    page = text(client.post(reverse("keys:new"), {**ASKED, "way": WAY}, follow=True))
    assert "open already" in page
    assert len(acme.all_rows()) == 1


def test_what_is_withdrawn_is_asked_no_further(client: Client, office: Office) -> None:
    client.post(reverse("keys:new"), {**ASKED, "way": WAY})
    order = acme.open_of(EVA)
    assert order is not None
    client.post(reverse("keys:withdraw", args=[order.id]))
    assert order.due_at is not None
    authority = ModelAuthority(certify=lambda _: b"")
    desk = AcmeDesk(site=office.site, offer=AcmeOffer(directory=DIRECTORY), source=authority)
    assert acme_orders.advance_next(desk, at=order.due_at)
    assert acme.get(order.id).reason == AcmeReason.WITHDRAWN
    assert authority.accounts == {}
    assert "Zurückgezogen" in text(client.get(reverse("keys:request", args=[order.id])))


def test_what_failed_can_still_be_done_by_hand(client: Client) -> None:
    client.post(reverse("keys:new"), {**ASKED, "way": WAY})
    order = acme.open_of(EVA)
    assert order is not None
    assert order.due_at is not None
    reason = AcmeReason.IDENTIFIER_REFUSED.value
    acme.end(order.id, reason, issued=False, detail="Nein.", at=order.due_at)
    page = text(client.get(reverse("keys:request", args=[order.id])))
    assert "Adresse abgelehnt" in page
    assert "Die Stelle sagt: Nein." in page
    assert "Als Text (.csr)" in page
