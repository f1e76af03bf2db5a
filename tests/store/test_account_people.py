"""Who works with which account; accounts as a list."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from siegel.base.address import EmailAddress
from siegel.base.errors import NotFound
from siegel.policy.access import Capacity, Standing
from siegel.store import models
from siegel.store.queries import (
    account_list,
    account_people,
    accounts,
    certificates,
    keys,
    users,
)
from siegel.store.queries.accounts import Grant
from siegel.store.queries.certificates import Source
from tests.store.given import (
    ALICE,
    BOB,
    DAY,
    HUBER,
    INFO,
    NOW,
    certificate_of,
    many_certificates,
    office,
)

pytestmark = pytest.mark.django_db

OWNER = Standing(capacity=Capacity.OWNER, since=NOW, until=None)
DEPUTY = Standing(capacity=Capacity.DEPUTY, since=NOW + DAY, until=NOW + 3 * DAY)


@pytest.fixture(autouse=True)
def _office() -> None:
    office()
    accounts.add(INFO, at=NOW, display_name="Bürgerbüro")
    for email in (ALICE, BOB):
        users.add(email, at=NOW)


def listed(**question: object) -> list[EmailAddress]:
    return [row.address for row in account_list.page(**{"at": NOW, **question})]  # type: ignore[arg-type]  # table of filters


@pytest.mark.requirement("A89")
def test_several_people_work_with_one_account_owners_first() -> None:
    account_people.admit(INFO, BOB, DEPUTY, by="admin", at=NOW)
    account_people.admit(INFO, ALICE, OWNER, by="admin", at=NOW)
    assert [(row.user, row.standing) for row in account_people.of_account(INFO)] == [
        (ALICE, OWNER),
        (BOB, DEPUTY),
    ]
    assert [row.account for row in account_people.of_user(BOB)] == [INFO]


def test_admitting_again_changes_the_standing() -> None:
    account_people.admit(INFO, BOB, DEPUTY, by="admin", at=NOW)
    account_people.admit(INFO, BOB, OWNER, by="admin", at=NOW)
    assert account_people.standing(INFO, BOB) == OWNER
    assert len(account_people.of_account(INFO)) == 1


def test_who_left_or_was_removed_has_no_standing() -> None:
    account_people.admit(INFO, BOB, OWNER, by="admin", at=NOW)
    users.set_active(BOB, False)
    assert account_people.standing(INFO, BOB) is None
    users.set_active(BOB, True)
    account_people.remove(INFO, BOB)
    assert account_people.standing(INFO, BOB) is None
    with pytest.raises(NotFound):
        account_people.remove(INFO, BOB)


def test_only_known_people_and_accounts_are_put_together() -> None:
    with pytest.raises(NotFound):
        account_people.admit(HUBER, BOB, OWNER, by="admin", at=NOW)
    with pytest.raises(NotFound):
        account_people.admit(INFO, HUBER, OWNER, by="admin", at=NOW)


def test_accounts_that_nobody_would_work_with_are_known_before_somebody_leaves() -> None:
    account_people.admit(INFO, BOB, OWNER, by="admin", at=NOW)
    account_people.admit(BOB, BOB, OWNER, by="admin", at=NOW)
    account_people.admit(BOB, ALICE, DEPUTY, by="admin", at=NOW)
    assert account_people.left_alone_without(BOB, at=NOW) == (BOB, INFO)
    assert account_people.left_alone_without(BOB, at=NOW + DAY) == (INFO,)


def test_the_list_is_searched_by_name_address_and_alias() -> None:
    accounts.grant(ALICE, EmailAddress.parse("chef@office.example"), Grant.ALIAS, by="x", at=NOW)
    assert listed() == [ALICE, BOB, INFO]
    assert listed(search="bürger") == [INFO]
    assert listed(search="bob@") == [BOB]
    assert listed(search="chef") == [ALICE]
    assert listed(search="%") == []
    assert listed(after=ALICE, limit=1) == [BOB]


def test_people_see_the_accounts_they_work_with_now() -> None:
    account_people.admit(INFO, BOB, DEPUTY, by="admin", at=NOW)
    assert listed(visible_to=BOB) == []
    assert listed(visible_to=BOB, at=NOW + DAY) == [INFO]
    assert listed(visible_to=BOB, at=NOW + 3 * DAY) == []
    users.set_active(BOB, False)
    assert listed(visible_to=BOB, at=NOW + DAY) == []


def test_the_list_tells_people_addresses_and_how_long_an_account_can_sign() -> None:
    alice = certificate_of("alice")
    certificates.add(alice, source=Source.IMPORTED, by="test", at=NOW)
    keys.add(alice.spki_sha256, b"sealed", by="test", at=NOW)
    keys.bind_linked(ALICE, by="test", at=NOW)
    accounts.grant(ALICE, INFO, Grant.DELEGATION, by="x", at=NOW)
    account_people.admit(ALICE, ALICE, OWNER, by="admin", at=NOW)
    account_people.admit(ALICE, BOB, DEPUTY, by="admin", at=NOW)
    row, bob, _ = account_list.page(at=NOW)
    assert (row.people, row.other_addresses, row.certificate_until) == (1, 1, alice.not_after)
    assert (bob.people, bob.other_addresses, bob.certificate_until) == (0, 0, None)
    keys.archive(alice.spki_sha256, at=NOW)
    assert account_list.page(at=NOW)[0].certificate_until is None


@pytest.mark.requirement("A42", "A91")
def test_a_certificate_with_a_key_but_without_an_account_is_named() -> None:
    huber, alice = certificate_of("huber"), certificate_of("alice")
    for certificate in (huber, alice):
        certificates.add(certificate, source=Source.IMPORTED, by="test", at=NOW)
    assert account_list.keys_without_account() == ()
    for certificate in (huber, alice):
        keys.add(certificate.spki_sha256, b"sealed", by="test", at=NOW)
    (found,) = account_list.keys_without_account()
    assert (found.address, found.fingerprint) == (HUBER, huber.fingerprint)
    assert account_list.keys_without_account(fingerprints=[alice.fingerprint]) == ()
    accounts.grant(ALICE, HUBER, Grant.ALIAS, by="x", at=NOW)
    assert account_list.keys_without_account() == ()
    accounts.set_active(ALICE, False)
    assert {each.address for each in account_list.keys_without_account()} == {HUBER, ALICE}


@pytest.mark.parametrize("rows", [3, 300])
def test_a_page_of_accounts_is_one_query_however_many_there_are(rows: int) -> None:
    models.MailAccount.objects.bulk_create(
        models.MailAccount(address=f"n{number}@office.example", added_at=NOW)
        for number in range(rows)
    )
    many_certificates(rows)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        account_list.page(at=NOW, search="n", visible_to=BOB)
        account_list.keys_without_account()
    assert len(asked) == 2
