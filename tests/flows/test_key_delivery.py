"""A key for a mail program: fetched once, its passphrase read once, and never both together."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siegel.base.address import EmailAddress
from siegel.base.errors import Conflict, NotFound, WrongPassphrase
from siegel.base.secret import Secret
from siegel.ca.crl import RevocationReason
from siegel.flows import accounts, issuing, key_delivery, preparing_keys
from siegel.flows.issuing import Order
from siegel.flows.preparing_keys import NotDelivered, Wanted
from siegel.flows.retention import clear_due
from siegel.pki.key_generation import KeyChoice
from siegel.pki.pkcs12 import Flavour, open_pkcs12
from siegel.pki.token_reference import KeyReference
from siegel.policy.access import Capacity, Standing
from siegel.policy.delivering import DeliveryFault, DeliveryState
from siegel.policy.passphrases import ALPHABET, generated, weakness_of
from siegel.store.models import JournalEntry, KeyDelivery, PrivateKey, User
from siegel.store.queries import authorities, issued
from tests.flows.office import Office
from tests.flows.workshop import EVA, made_authority, workshop_of

BY = "user:claus@office.example"
EVAS = EmailAddress.parse("eva@people.example")
OTHER = EmailAddress.parse("other@people.example")


@pytest.fixture
def staffed(office: Office) -> Office:
    """Eva owns her account and has a certificate from our own authority."""
    made_authority(office)
    office.site = replace(office.site, notices_from=EmailAddress.parse("siegel@office.example"))
    for person in (EVAS, OTHER):
        User.objects.create(email=str(person), created_at=office.at, password="x")
    accounts.create(EVA, "Eva", by=BY, at=office.at, owner=EVAS)
    order = Order(address=EVA, key=KeyChoice.P_256)
    issuing.enrol(order, None, workshop_of(office), by=BY, at=office.at)
    return office


def ready(office: Office, flavour: Flavour = Flavour.MODERN, days: int = 7) -> int:
    wanted = Wanted(account=EVA, person=None, flavour=flavour, days=days)
    numbers = preparing_keys.prepare(wanted, office.site, by=BY, at=office.at)
    assert len(numbers) == 1
    return numbers[0]


def fetched(office: Office, number: int, person: EmailAddress = EVAS) -> bytes:
    by = f"user:{person}"
    return key_delivery.fetch(number, person, office.site, by=by, at=office.at).data


def told(office: Office, number: int) -> Secret:
    return key_delivery.passphrase(number, office.site, by=BY, at=office.at)


@pytest.mark.django_db(transaction=True)
@pytest.mark.requirement("B22", "A28")
@pytest.mark.parametrize("flavour", Flavour)
def test_file_and_passphrase_leave_once_each_and_are_gone(
    staffed: Office, flavour: Flavour
) -> None:
    number = ready(staffed, flavour)
    data, secret = fetched(staffed, number), told(staffed, number)
    opened = open_pkcs12(data, secret)
    assert len(opened.keys) == 1
    assert opened.keys[0].certificates[0].addresses == (EVA,)
    assert len(opened.certificates) == 3  # with the chain up to the root
    for again in (fetched, told):
        with pytest.raises(Conflict):
            again(staffed, number)
    row = KeyDelivery.objects.get()
    assert (bytes(row.file), bytes(row.passphrase)) == (b"", b"")
    assert secret.reveal() not in data
    actions = JournalEntry.objects.filter(action__startswith="key_delivery")
    assert sorted(actions.values_list("action", flat=True)) == [
        "key_delivery.fetched", "key_delivery.prepared", "key_delivery.shown",
    ]  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_nothing_that_lies_in_the_store_opens_the_file(staffed: Office) -> None:
    number = ready(staffed)
    row = KeyDelivery.objects.get(pk=number)
    assert not bytes(row.file).startswith(b"\x30")
    with pytest.raises(WrongPassphrase):
        open_pkcs12(fetched(staffed, number), Secret(bytes(row.passphrase)))


@pytest.mark.django_db(transaction=True)
def test_only_the_person_it_is_for_fetches_it(staffed: Office) -> None:
    number = ready(staffed)
    with pytest.raises(NotFound):
        fetched(staffed, number, OTHER)
    accounts.dismiss(EVA, EVAS, by=BY, at=staffed.at)
    with pytest.raises(NotFound):
        fetched(staffed, number)
    assert key_delivery.get(number).state(staffed.at) is DeliveryState.READY


@pytest.mark.django_db(transaction=True)
def test_after_its_time_it_is_gone(staffed: Office) -> None:
    number = ready(staffed, days=1)
    staffed.at += timedelta(days=1)
    for way in (fetched, told):
        with pytest.raises(Conflict):
            way(staffed, number)
    assert clear_due(staffed.at, journal_for=timedelta(days=999))["key_deliveries"] == 1
    row = KeyDelivery.objects.get()
    assert (bytes(row.file), bytes(row.passphrase)) == (b"", b"")
    assert key_delivery.get(number).state(staffed.at) is DeliveryState.OVER


@pytest.mark.django_db(transaction=True)
def test_it_is_taken_back_until_both_were_handed_out(staffed: Office) -> None:
    number = ready(staffed)
    key_delivery.withdraw(number, by=BY, at=staffed.at)
    for way in (fetched, told):
        with pytest.raises(Conflict):
            way(staffed, number)
    second = ready(staffed)
    fetched(staffed, second)  # by whomever: without the passphrase it is worth nothing
    key_delivery.withdraw(second, by=BY, at=staffed.at)
    with pytest.raises(Conflict):
        told(staffed, second)
    third = ready(staffed)
    fetched(staffed, third)
    told(staffed, third)
    with pytest.raises(Conflict):
        key_delivery.withdraw(third, by=BY, at=staffed.at)


@pytest.mark.django_db(transaction=True)
@pytest.mark.requirement("B22")
def test_the_person_hears_of_it_by_mail_without_any_secret(staffed: Office) -> None:
    number = ready(staffed)
    sent = staffed.out.sent[-1]
    assert sent.recipients == (str(EVAS),)
    assert told(staffed, number).reveal() not in sent.content
    assert b"pkcs12" not in sent.content.lower()


@pytest.mark.django_db(transaction=True)
def test_whoever_cannot_have_a_key_is_named_with_the_reason(staffed: Office) -> None:
    lonely = EmailAddress.parse("lonely@office.example")
    nobody = EmailAddress.parse("nobody@office.example")
    accounts.create(lonely, "", by=BY, at=staffed.at, owner=OTHER)
    standing = Standing(
        capacity=Capacity.DEPUTY, since=staffed.at, until=staffed.at + timedelta(days=9)
    )
    accounts.admit(EVA, OTHER, standing, by=BY, at=staffed.at)
    outcomes = preparing_keys.prepare_many(
        [EVA, lonely, nobody], Flavour.MODERN, 7, staffed.site, by=BY, at=staffed.at
    )
    assert outcomes == {
        EVA: None, lonely: DeliveryFault.NO_CERTIFICATE, nobody: DeliveryFault.NO_ACCOUNT,
    }  # fmt: skip
    wanted = Wanted(account=EVA, person=OTHER, flavour=Flavour.MODERN)
    with pytest.raises(NotDelivered) as refused:  # a deputy takes no key away
        preparing_keys.prepare(wanted, staffed.site, by=BY, at=staffed.at)
    assert refused.value.why is DeliveryFault.NO_PERSON


@pytest.mark.django_db(transaction=True)
def test_what_is_revoked_is_not_handed_out(staffed: Office) -> None:
    made = issued.of_address(EVA, authorities=[row.id for row in authorities.all_rows()])[
        0
    ].certificate
    reason = RevocationReason.KEY_COMPROMISE
    issuing.revoke(made.fingerprint, reason, workshop_of(staffed), by=BY, at=staffed.at)
    with pytest.raises(NotDelivered) as refused:
        ready(staffed)
    assert refused.value.why is DeliveryFault.NO_CERTIFICATE


@pytest.mark.django_db(transaction=True)
def test_what_hardware_holds_is_not_handed_out(staffed: Office) -> None:
    made = issued.of_address(EVA, authorities=[row.id for row in authorities.all_rows()])[0]
    name = made.certificate.spki_sha256
    place = KeyReference(token="t", key_id=b"1", label="eva", spki=b"").written()
    sealed = staffed.site.vault.seal(Secret(place), name)
    PrivateKey.objects.filter(pk=name).update(sealed=sealed)
    with pytest.raises(NotDelivered) as refused:
        ready(staffed)
    assert refused.value.why is DeliveryFault.IN_HARDWARE
    assert not KeyDelivery.objects.exists()


@pytest.mark.requirement("B22")
@given(st.integers(min_value=0, max_value=255))
def test_a_generated_passphrase_is_strong_whatever_is_drawn(start: int) -> None:
    drawn = iter(range(start, 10**6))
    secret = generated(lambda size: bytes(next(drawn) * 7 % 256 for _ in range(size)))
    text = secret.reveal().decode()
    assert [len(group) for group in text.split("-")] == [4] * 5
    assert set(text) <= {*ALPHABET, "-"}
    assert weakness_of(secret, secret) is None
