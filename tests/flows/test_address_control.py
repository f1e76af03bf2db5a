"""Who clicks the link that was mailed to an address has shown that he reads its mail."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse

from siegel.base.address import EmailAddress
from siegel.base.errors import ConfigurationError, NotFound, TooManyAttempts
from siegel.flows import address_control
from siegel.flows.address_control import Purpose
from siegel.flows.retention import clear_due
from siegel.store.models import ControlProof
from siegel.wording.words import Language
from tests.flows.office import Office

pytestmark = pytest.mark.django_db(transaction=True)

PETRA = EmailAddress.parse("petra@partner.example")
PAGES = "https://siegel.office.example"


@pytest.fixture
def site(office: Office) -> Office:
    notices = EmailAddress.parse("siegel@office.example")
    office.site = replace(office.site, pages_at=PAGES, notices_from=notices)
    return office


def ask(office: Office, address: EmailAddress = PETRA, client: str = "") -> bool:
    return address_control.begin(
        address, office.site, purpose=Purpose.OWN_KEY, by="partner", at=office.at, client=client
    )


def token(office: Office) -> str:
    """From the mail that went out last."""
    text = office.out.sent[-1].content.replace(b"=\r\n", b"").decode()
    found = re.search(rf"{re.escape(PAGES)}{address_control.PATH}([0-9a-f]+)/", text)
    assert found is not None
    return found[1]


@pytest.mark.requirement("A24")
def test_the_link_proves_the_address_for_thirty_days(site: Office) -> None:
    assert ask(site)
    assert site.out.sent[-1].recipients == (str(PETRA),)
    assert not address_control.is_proved(PETRA, at=site.at)
    assert address_control.prove(token(site), at=site.at) == PETRA
    assert address_control.is_proved(PETRA, at=site.at + timedelta(days=29))
    assert not address_control.is_proved(PETRA, at=site.at + timedelta(days=31))


def test_the_path_of_the_link_is_that_of_the_page() -> None:
    assert reverse("joining:control", args=["abc"]) == f"{address_control.PATH}abc/"


def test_opening_the_link_proves_nothing(site: Office) -> None:
    ask(site)
    waiting = address_control.waiting(token(site), at=site.at)
    assert waiting is not None
    assert waiting.address == PETRA
    assert not address_control.is_proved(PETRA, at=site.at)


def test_a_link_works_once(site: Office) -> None:
    ask(site)
    address_control.prove(token(site), at=site.at)
    with pytest.raises(NotFound):
        address_control.prove(token(site), at=site.at)


def test_a_link_works_for_a_day(site: Office) -> None:
    ask(site)
    with pytest.raises(NotFound):
        address_control.prove(token(site), at=site.at + timedelta(hours=25))


@pytest.mark.parametrize("wrong", ["", "0" * 64, "\ud800"])
def test_a_made_up_link_proves_nothing(site: Office, wrong: str) -> None:
    with pytest.raises(NotFound):
        address_control.prove(wrong, at=site.at)


def test_the_store_has_only_the_hash_of_a_token(site: Office) -> None:
    ask(site, client="192.0.2.1")
    row = ControlProof.objects.get()
    assert token(site) not in (row.token_sha256, row.client)
    assert "192.0.2.1" not in row.client


def test_nobodys_mailbox_is_filled(site: Office) -> None:
    for _ in range(3):
        ask(site)
    with pytest.raises(TooManyAttempts):
        ask(site)
    site.later(days=1, minutes=1)
    assert ask(site)


def test_one_client_cannot_ask_for_ever_new_addresses(site: Office) -> None:
    for number in range(10):
        ask(site, EmailAddress.parse(f"a{number}@partner.example"), client="192.0.2.1")
    with pytest.raises(TooManyAttempts):
        ask(site, client="192.0.2.1")
    assert ask(site, client="192.0.2.2")


def test_all_together_have_a_limit_an_hour(site: Office) -> None:
    for number in range(100):
        ask(site, EmailAddress.parse(f"a{number}@partner.example"), client=f"192.0.2.{number}")
    with pytest.raises(TooManyAttempts):
        ask(site, client="198.51.100.1")


def test_without_an_address_of_the_pages_there_is_no_link(site: Office) -> None:
    site.site = replace(site.site, pages_at="")
    with pytest.raises(ConfigurationError):
        ask(site)


def test_the_mail_speaks_the_language_of_the_page(site: Office) -> None:
    address_control.begin(
        PETRA,
        site.site,
        purpose=Purpose.ACCOUNT,
        by="test",
        at=site.at,
        language=Language.EN,
    )
    assert b"Please confirm" in site.out.sent[-1].content


def test_what_is_over_is_forgotten_and_what_counts_stays(site: Office) -> None:
    ask(site)
    address_control.prove(token(site), at=site.at)
    ask(site, EmailAddress.parse("other@partner.example"))
    clear_due(site.at + timedelta(days=3), journal_for=timedelta(days=400))
    assert [row.address for row in ControlProof.objects.all()] == [str(PETRA)]
    clear_due(site.at + timedelta(days=31), journal_for=timedelta(days=400))
    assert not ControlProof.objects.exists()
