"""Accounts, aliases, delegations – and whose name may stand in From."""

import pytest

from siegel.base.address import EmailAddress
from siegel.base.errors import Conflict, NotFound
from siegel.store.queries import accounts
from siegel.store.queries.accounts import Grant
from tests.store.given import ALICE, BOB, HUBER, INFO, NOW, office

pytestmark = pytest.mark.django_db

SHORT = EmailAddress.parse("a.adler@office.example")


@pytest.fixture(autouse=True)
def _office() -> None:
    office()
    accounts.grant(ALICE, SHORT, Grant.ALIAS, by="admin", at=NOW)
    accounts.grant(ALICE, INFO, Grant.DELEGATION, by="admin", at=NOW)
    accounts.grant(BOB, INFO, Grant.DELEGATION, by="admin", at=NOW)


@pytest.mark.parametrize(
    ("envelope_from", "sender", "expected"),
    [
        pytest.param(ALICE, ALICE, True, id="ok/own"),
        pytest.param(EmailAddress.parse("ALICE@Office.Example"), ALICE, True, id="ok/case"),
        pytest.param(ALICE, SHORT, True, id="ok/alias"),
        pytest.param(SHORT, ALICE, True, id="ok/alias_on_the_envelope"),
        pytest.param(ALICE, INFO, True, id="ok/delegation"),
        pytest.param(SHORT, INFO, True, id="ok/delegation_by_alias"),
        pytest.param(INFO, INFO, True, id="ok/shared_as_itself"),
        pytest.param(BOB, ALICE, False, id="fail/somebody_else"),
        pytest.param(BOB, SHORT, False, id="fail/somebody_elses_alias"),
        pytest.param(INFO, ALICE, False, id="fail/shared_address_as_a_person"),
        pytest.param(HUBER, ALICE, False, id="fail/stranger"),
        pytest.param(HUBER, HUBER, False, id="fail/no_account"),
        pytest.param(None, ALICE, False, id="fail/null_sender"),
    ],
)
def test_who_may_write_whom_into_from(
    envelope_from: EmailAddress | None, sender: EmailAddress, expected: bool
) -> None:
    assert accounts.entitled(envelope_from, sender) is expected


def test_an_inactive_account_is_entitled_to_nothing() -> None:
    accounts.set_active(ALICE, False)
    assert not accounts.entitled(ALICE, ALICE)
    assert not accounts.entitled(ALICE, INFO)
    accounts.set_active(ALICE, True)
    assert accounts.entitled(ALICE, ALICE)


def test_a_withdrawn_grant_counts_no_more() -> None:
    accounts.withdraw(ALICE, INFO)
    assert not accounts.entitled(ALICE, INFO)
    assert accounts.entitled(BOB, INFO)
    with pytest.raises(NotFound):
        accounts.withdraw(ALICE, INFO)


def test_an_account_shows_its_addresses() -> None:
    row = accounts.get(ALICE)
    assert (row.address, row.display_name, row.active) == (ALICE, "Alice Adler", True)
    assert (row.aliases, row.delegations) == ((SHORT,), (INFO,))
    assert [each.address for each in accounts.list_all()] == [ALICE, BOB]


def test_an_address_is_one_account_or_one_alias() -> None:
    with pytest.raises(Conflict):
        accounts.add(EmailAddress.parse("Alice@OFFICE.example"), at=NOW)
    with pytest.raises(Conflict):
        accounts.add(SHORT, at=NOW)
    with pytest.raises(Conflict):
        accounts.grant(BOB, SHORT, Grant.ALIAS, by="admin", at=NOW)
    with pytest.raises(Conflict):
        accounts.grant(BOB, ALICE, Grant.ALIAS, by="admin", at=NOW)
    assert len(accounts.list_all()) == 2


def test_an_unknown_account_is_not_found() -> None:
    with pytest.raises(NotFound):
        accounts.get(HUBER)
    with pytest.raises(NotFound):
        accounts.grant(HUBER, INFO, Grant.DELEGATION, by="admin", at=NOW)
    with pytest.raises(NotFound):
        accounts.set_active(HUBER, False)
