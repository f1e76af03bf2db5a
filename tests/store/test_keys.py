"""Private keys: whom they are bound to decides whose mail they open."""

import pytest
from pytest_django import DjangoAssertNumQueries

from siegel.base.address import EmailAddress
from siegel.base.errors import LimitExceeded, NotFound, WrongPassphrase
from siegel.store import models
from siegel.store.queries import accounts, certificates, keys, locked
from siegel.store.queries.accounts import Grant
from siegel.store.queries.certificates import Source
from siegel.store.rows import SealedKey
from tests.store.given import (
    ALICE,
    BOB,
    HUBER,
    INFO,
    NOW,
    certificate_of,
    many_certificates,
    office,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _office() -> None:
    office()


def sealed_for(addresses: list[EmailAddress]) -> tuple[SealedKey, ...]:
    """Each key once, whichever of the addresses opens with it."""
    found = keys.sealed_by_address(addresses).values()
    return tuple({key.spki_sha256: key for each in found for key in each}.values())


def add(name: str) -> str:
    certificate = certificate_of(name)
    certificates.add(certificate, source=Source.IMPORTED, by="admin", at=NOW)
    keys.add(certificate.spki_sha256, b"sealed " + name.encode(), by="admin", at=NOW)
    return certificate.spki_sha256


@pytest.mark.requirement("A22", "B20")
def test_a_key_opens_mail_for_its_account_and_nobody_else() -> None:
    keys.bind(add("alice"), ALICE, by="admin", at=NOW)
    (key,) = sealed_for([ALICE, HUBER])
    assert key.sealed == b"sealed alice"
    assert key.certificates == (certificate_of("alice").der,)
    assert sealed_for([BOB, HUBER]) == ()
    assert sealed_for([]) == ()


def test_an_alias_is_its_account_and_a_delegation_is_not() -> None:
    keys.bind(add("alice"), ALICE, by="admin", at=NOW)
    accounts.grant(ALICE, INFO, Grant.DELEGATION, by="admin", at=NOW)
    assert sealed_for([INFO]) == ()
    accounts.withdraw(ALICE, INFO)
    accounts.grant(ALICE, INFO, Grant.ALIAS, by="admin", at=NOW)
    assert len(sealed_for([INFO])) == 1
    accounts.set_active(ALICE, False)
    assert sealed_for([ALICE, INFO]) == ()


@pytest.mark.requirement("A22")
def test_each_recipient_opens_with_the_own_keys_only() -> None:
    keys.bind(add("alice"), ALICE, by="admin", at=NOW)
    keys.bind(add("bob"), BOB, by="admin", at=NOW)
    accounts.grant(ALICE, INFO, Grant.ALIAS, by="admin", at=NOW)
    found = keys.sealed_by_address([ALICE, BOB, HUBER, INFO])
    assert {address: [key.sealed for key in sealed] for address, sealed in found.items()} == {
        ALICE: [b"sealed alice"], BOB: [b"sealed bob"], HUBER: [], INFO: [b"sealed alice"],
    }  # fmt: skip
    accounts.set_active(BOB, False)
    assert keys.sealed_by_address([BOB]) == {BOB: ()}


@pytest.mark.requirement("A87", "C6")
def test_archived_keys_and_renewed_certificates_still_open_old_mail() -> None:
    spki = add("alice")
    certificates.add(certificate_of("alice_renewed"), source=Source.IMPORTED, by="admin", at=NOW)
    keys.bind(spki, ALICE, by="admin", at=NOW)
    keys.archive(spki, at=NOW)
    (key,) = sealed_for([ALICE])
    assert key.archived
    assert key.certificates == (certificate_of("alice_renewed").der, certificate_of("alice").der)


def test_a_key_comes_before_its_certificate() -> None:
    certificate = certificate_of("bob")
    assert keys.add(certificate.spki_sha256, b"sealed", by="admin", at=NOW)
    assert keys.get(certificate.spki_sha256).certificates == ()
    certificates.add(certificate, source=Source.ISSUED, by="admin", at=NOW)
    assert keys.get(certificate.spki_sha256).certificates == (certificate.der,)


def test_the_first_sealing_of_a_key_stays() -> None:
    spki = add("alice")
    assert not keys.add(spki, b"other", by="admin", at=NOW)
    assert keys.get(spki).sealed == b"sealed alice"


@pytest.mark.requirement("A42")
def test_key_and_account_come_in_either_order() -> None:
    add("alice"), add("alice_rekeyed"), add("bob")
    assert keys.bind_linked(ALICE, by="admin", at=NOW) == 2
    assert keys.bind_linked(ALICE, by="admin", at=NOW) == 0
    assert len(sealed_for([ALICE])) == 2


def test_binding_needs_key_and_account() -> None:
    spki = add("alice")
    assert keys.bind(spki, ALICE, by="admin", at=NOW)
    assert not keys.bind(spki, ALICE, by="admin", at=NOW)
    for missing in (
        lambda: keys.bind(spki, HUBER, by="admin", at=NOW),
        lambda: keys.bind("0" * 64, ALICE, by="admin", at=NOW),
        lambda: keys.bind_linked(HUBER, by="admin", at=NOW),
        lambda: keys.archive("0" * 64, at=NOW),
        lambda: keys.get("0" * 64),
    ):
        with pytest.raises(NotFound):
            missing()


@pytest.mark.parametrize("count", [10, 1000])
def test_questions_do_not_multiply_with_keys(
    count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    many_certificates(count)
    account = models.MailAccount.objects.get(address=str(ALICE))
    models.KeyBinding.objects.bulk_create(
        models.KeyBinding(key=key, account=account, bound_by="x", bound_at=NOW)
        for key in models.PrivateKey.objects.all()
    )
    with django_assert_num_queries(4):
        assert len(keys.sealed_by_address([ALICE, BOB])[ALICE]) == count


@pytest.mark.requirement("A41")
def test_a_locked_file_waits_for_its_passphrase() -> None:
    row = locked.add("alice.p12", b"\x30\x80 p12", by="alice", at=NOW)
    assert locked.add("again.p12", b"\x30\x80 p12", by="alice", at=NOW).id == row.id
    assert locked.list_all() == (row,)
    assert row.size == 6
    with pytest.raises(WrongPassphrase), locked.take(row.id):
        raise WrongPassphrase("no")
    assert locked.list_all() == (row,)
    with locked.take(row.id) as data:
        assert data == b"\x30\x80 p12"
    assert locked.list_all() == ()
    with pytest.raises(NotFound), locked.take(row.id):
        raise AssertionError("there is no such file")


def test_a_locked_file_has_a_limit() -> None:
    with pytest.raises(LimitExceeded):
        locked.add("huge.p12", b"x" * (locked.LARGEST + 1), by="alice", at=NOW)
