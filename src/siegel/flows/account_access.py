"""Which accounts a person sees and what they may do there; the way of the pages to accounts."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.base.errors import MalformedAddress, NotFound
from siegel.policy.access import AccountRight, rights, sees_every_account
from siegel.policy.roles import Role
from siegel.store.queries import account_list, account_people, accounts
from siegel.store.rows import (
    AccountListing,
    AccountPersonRow,
    AccountRow,
    KeyWithoutAccount,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """An account as one person sees it. ``may`` is never without ``SEE``."""

    account: AccountRow
    people: tuple[AccountPersonRow, ...]
    may: frozenset[AccountRight]


def open_account(
    address: str, person: EmailAddress, roles: Collection[Role], *, at: datetime
) -> Opened:
    """Raises ``NotFound`` for an account that is not there or not for this person: who may not see
    it does not learn that it exists."""
    try:
        account = accounts.get(EmailAddress.parse(address))
    except MalformedAddress as error:
        raise NotFound(f"no account {address}") from error
    people = account_people.of_account(account.address)
    mine = next((row for row in people if row.user == person and row.active), None)
    may = rights(None if mine is None else mine.standing, roles, at)
    if AccountRight.SEE not in may:
        raise NotFound(f"no account {address}")
    return Opened(account=account, people=people, may=may)


def open_with(
    right: AccountRight,
    address: str,
    person: EmailAddress,
    roles: Collection[Role],
    *,
    at: datetime,
) -> Opened:
    """As ``open_account``, and ``NotFound`` also without this right."""
    opened = open_account(address, person, roles, at=at)
    if right not in opened.may:
        raise NotFound(f"no account {address}")
    return opened


def listed(
    person: EmailAddress,
    roles: Collection[Role],
    *,
    at: datetime,
    search: str = "",
    after: EmailAddress | None = None,
    before: EmailAddress | None = None,
    limit: int = 50,
) -> tuple[AccountListing, ...]:
    """A page of the accounts that this person may see."""
    return account_list.page(
        at=at,
        search=search,
        visible_to=None if sees_every_account(roles) else person,
        after=after,
        before=before,
        limit=limit,
    )


def keys_without_account(roles: Collection[Role]) -> tuple[KeyWithoutAccount, ...]:
    """For those who look after certificates; nobody else learns of other people's keys."""
    return account_list.keys_without_account() if sees_every_account(roles) else ()


def accounts_of(person: EmailAddress) -> tuple[AccountPersonRow, ...]:
    return account_people.of_user(person)


def left_alone_without(person: EmailAddress, *, at: datetime) -> tuple[EmailAddress, ...]:
    """Accounts that nobody would work with any more if this person went."""
    return account_people.left_alone_without(person, at=at)
