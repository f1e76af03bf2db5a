"""Partners hand in their certificate by a link: a candidate like any other, and never a key."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs7,
)
from django.urls import reverse

from siegel.base.address import EmailAddress
from siegel.base.errors import ConfigurationError, Conflict, NotFound, TooManyAttempts
from siegel.flows import answering, invitations_of_partners, registering
from siegel.flows.registering import HandedIn
from siegel.store.models import PartnerInvitation
from siegel.store.queries import candidates, journal, partner_invitations, pending
from siegel.transport.replies import Reply
from siegel.wording.words import Language
from tests.flows.office import ALICE, BOB, HUBER, Office, refusal
from tests.flows.outbox import MIRA, let_mira_write
from tests.world import WORLD, Person

pytestmark = pytest.mark.django_db(transaction=True)

PAGES = "https://siegel.office.example"
SENDER = EmailAddress.parse(ALICE.address)
HUBER_ADDRESS = EmailAddress.parse(HUBER.address)


@pytest.fixture
def site(office: Office) -> Office:
    office.site = replace(office.site, pages_at=PAGES)
    let_mira_write(office.at)
    return office


def invite(office: Office, address: EmailAddress = HUBER_ADDRESS) -> Reply:
    return invitations_of_partners.invite(
        address, SENDER, Language.DE, office.site, person=MIRA, at=office.at
    )


def token(office: Office) -> str:
    text = office.out.sent[-1].content.replace(b"=\r\n", b"").decode()
    found = re.search(rf"{re.escape(PAGES + invitations_of_partners.PATH)}([0-9a-f]+)/", text)
    assert found is not None
    return found[1]


def hand_in(office: Office, data: bytes, link: str = "") -> HandedIn:
    return registering.hand_in(link or token(office), data, at=office.at).outcome


def pem(person: Person) -> bytes:
    return person.certificate.public_bytes(Encoding.PEM)


def in_use(address: EmailAddress) -> list[str]:
    return [
        row.fingerprint for row in candidates.for_addresses([address])[address] if not row.pending
    ]


@pytest.mark.requirement("A45")
def test_the_invitation_is_signed_and_a_trusted_certificate_is_used_at_once(site: Office) -> None:
    assert invite(site).accepted
    assert b"multipart/signed" in site.out.sent[-1].content
    assert hand_in(site, HUBER.certificate_der) is HandedIn.TAKEN
    assert len(in_use(HUBER_ADDRESS)) == 1
    assert journal.read(action="partner.handed_in", limit=1)


def test_the_path_of_the_link_is_that_of_the_page() -> None:
    assert reverse("joining:invitation", args=["abc"]) == f"{invitations_of_partners.PATH}abc/"


@pytest.mark.parametrize("form", ["pem", "p7b", "der"])
def test_each_usual_kind_of_file_is_read(site: Office, form: str) -> None:
    invite(site)
    made = {
        "pem": pem(HUBER),
        "der": HUBER.certificate_der,
        "p7b": pkcs7.serialize_certificates([HUBER.certificate], Encoding.DER),
    }
    assert hand_in(site, made[form]) is HandedIn.TAKEN


def test_one_of_an_authority_that_nobody_judged_waits_for_a_person(site: Office) -> None:
    stranger = WORLD.person("stranger")
    address = EmailAddress.parse(stranger.address)
    invite(site, address)
    assert hand_in(site, stranger.certificate_der) is HandedIn.WAITS
    assert not in_use(address)
    (row,) = pending.pending_for(address)
    assert row.source == "handed_in"
    assert [each.source for each in answering.proposed()] == ["handed_in"]


@pytest.mark.requirement("C9")
def test_private_keys_are_refused_and_the_link_stays(site: Office) -> None:
    invite(site)
    key = HUBER.private_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    for data in (HUBER.p12("geheim", "modern"), key, pem(HUBER) + key):
        assert hand_in(site, data) is HandedIn.PRIVATE_KEY
    assert not in_use(HUBER_ADDRESS)
    assert hand_in(site, HUBER.certificate_der) is HandedIn.TAKEN


def test_a_certificate_for_another_address_is_refused(site: Office) -> None:
    """Whoever has the link proposes for its address and no other."""
    invite(site)
    assert hand_in(site, WORLD.person("mallory").certificate_der) is HandedIn.OTHER_ADDRESS
    assert hand_in(site, ALICE.certificate_der) is HandedIn.OTHER_ADDRESS


@pytest.mark.parametrize(
    "junk",
    [b"", b"\0" * 100, b"0" * 300_000, b"-----BEGIN CERTIFICATE-----\n", b"PK\3\4"],
    ids=["empty", "zeros", "large", "armour", "archive"],
)
def test_hostile_files_get_a_clear_no(site: Office, junk: bytes) -> None:
    invite(site)
    assert hand_in(site, junk) in (HandedIn.NO_CERTIFICATE, HandedIn.TOO_LARGE)


def test_one_link_takes_only_so_many_tries(site: Office) -> None:
    invite(site)
    for _ in range(registering.MOST_TRIES):
        hand_in(site, b"nothing")
    assert hand_in(site, HUBER.certificate_der) is HandedIn.LINK_OVER


def test_a_link_works_once_for_two_weeks_and_until_it_is_withdrawn(site: Office) -> None:
    invite(site)
    used = token(site)
    hand_in(site, HUBER.certificate_der)
    assert hand_in(site, HUBER.certificate_der, used) is HandedIn.LINK_OVER
    petra = WORLD.person("petra")
    invite(site, EmailAddress.parse(petra.address))
    late = registering.hand_in(
        token(site), petra.certificate_der, at=site.at + timedelta(days=14, hours=1)
    )
    assert late.outcome is HandedIn.LINK_OVER
    number = partner_invitations.listed()[0].id
    invitations_of_partners.withdraw(number, by="user:mira", at=site.at)
    assert hand_in(site, petra.certificate_der) is HandedIn.LINK_OVER
    with pytest.raises(NotFound):
        invitations_of_partners.withdraw(number, by="user:mira", at=site.at)


def test_only_the_hash_of_the_token_is_kept(site: Office) -> None:
    invite(site)
    assert token(site) != PartnerInvitation.objects.get().token_sha256


def test_a_mail_that_was_not_taken_leaves_no_open_link(site: Office) -> None:
    site.out.refuse[HUBER.address] = refusal(550)
    assert not invite(site).accepted
    (row,) = partner_invitations.listed()
    assert row.revoked_at is not None


def test_only_who_writes_for_the_account_may_invite_in_its_name(site: Office) -> None:
    with pytest.raises(NotFound):
        invitations_of_partners.invite(
            HUBER_ADDRESS,
            EmailAddress.parse(BOB.address),
            Language.DE,
            site.site,
            person=MIRA,
            at=site.at,
        )


def test_nobody_is_invited_without_end_and_none_of_ours_at_all(site: Office) -> None:
    for _ in range(3):
        invite(site)
    with pytest.raises(TooManyAttempts):
        invite(site)
    with pytest.raises(Conflict):
        invite(site, EmailAddress.parse(BOB.address))
    site.site = replace(site.site, pages_at="")
    with pytest.raises(ConfigurationError):
        invite(site, EmailAddress.parse("neu@partner.example"))
