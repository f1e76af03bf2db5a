"""A certificate without hand work: Siegel and acme2certifier, from the order to the signed mail."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pytest_django import Settings

from siegel.base import b64url
from siegel.base.address import EmailAddress
from siegel.base.secret import Secret
from siegel.flows import accounts, acme_orders
from siegel.flows.acme_desk import AcmeDesk
from siegel.flows.acme_offer import AcmeOffer
from siegel.flows.requesting import Wanted
from siegel.pki.key_generation import KeyChoice
from siegel.policy.acme import AcmeReason
from siegel.store.queries import acme
from siegel.transport.acme_keys import ExternalAccount
from siegel.transport.fetching import Fetcher
from tests.flows.office import Office, mail
from tests.flows.workshop import workshop_of
from tests.interop.acme.authority import EAB_KEY, EAB_KEY_ID, AuthorityOutside, authority_outside
from tests.interop.acme.mail_servers import USER, txt_record
from tests.world import WORLD

pytestmark = [pytest.mark.interop, pytest.mark.django_db(transaction=True)]

EVA = EmailAddress.parse("eva.ernst@office.example")
ROUNDS = 40  # steps of one order; it needs about eight


@pytest.fixture(scope="module")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AuthorityOutside]:
    with authority_outside(tmp_path_factory.mktemp("acme")) as running:
        yield running


@pytest.fixture
def office(transactional_db: None, settings: Settings, tmp_path: Path) -> Office:
    del transactional_db
    settings.SIEGEL_DATA_DIR = tmp_path / "data"
    made = Office(tmp_path, at=datetime.now(UTC))
    made.trust(WORLD.root)
    accounts.create(EVA, "Eva Ernst", by="test", at=made.at)
    return made


def desk(
    office: Office, outside: AuthorityOutside, external: ExternalAccount | None = None
) -> AcmeDesk:
    hosts = frozenset({outside.host})
    return AcmeDesk(
        site=office.site,
        offer=AcmeOffer(
            directory=outside.directory,
            contact=EmailAddress.parse("pki@office.example"),
            terms_agreed=True,
            external=external,
            plain_hosts=hosts,
        ),
        source=Fetcher(private_hosts=hosts),
        lookup=txt_record,
    )


def carry_mail(office: Office, outside: AuthorityOutside) -> None:
    """What the mail servers between the two do."""
    while outside.asked:
        office.receive(outside.asked.pop(0), USER, str(EVA))
    while office.out.sent:
        outside.mailbox.messages.append(office.out.sent.pop(0).content)


def run(order: int, desk: AcmeDesk, office: Office, outside: AuthorityOutside) -> None:
    for _ in range(ROUNDS):
        office.later(minutes=1)
        acme_orders.advance_next(desk, at=office.at)
        carry_mail(office, outside)
        if acme.get(order).ended_at is not None:
            return
    raise AssertionError(f"{acme.get(order)}\n{outside.child.said[-4000:]}")


@pytest.mark.requirement("A24", "C7")
def test_an_order_becomes_a_certificate_that_signs(
    office: Office, outside: AuthorityOutside
) -> None:
    working = desk(office, outside)
    order = acme_orders.place(
        Wanted(address=EVA), outside.directory, workshop_of(office), by="test", at=office.at
    )
    run(order, working, office, outside)
    done = acme.get(order)
    assert done.issued, f"{done}\n{outside.child.said[-4000:]}"
    office.send(mail(str(EVA), "huber@school.example"), str(EVA), "huber@school.example")
    assert b"multipart/signed" in office.out.sent[-1].content


def placed(office: Office, outside: AuthorityOutside) -> int:
    wanted, workshop = Wanted(address=EVA, key=KeyChoice.P_256), workshop_of(office)
    return acme_orders.place(wanted, outside.directory, workshop, by="test", at=office.at)


@pytest.mark.requirement("C7")
def test_an_authority_that_knows_its_customers_gets_to_know_us(
    office: Office, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with authority_outside(tmp_path_factory.mktemp("customers"), external=True) as outside:
        stranger = placed(office, outside)
        run(stranger, desk(office, outside), office, outside)
        assert acme.get(stranger).reason == AcmeReason.ACCOUNT_BINDING_NEEDED
        key = Secret(b64url.decode(EAB_KEY))
        customer = desk(office, outside, ExternalAccount(key_id=EAB_KEY_ID, key=key))
        order = placed(office, outside)
        run(order, customer, office, outside)
        assert acme.get(order).issued, outside.child.said[-4000:]
