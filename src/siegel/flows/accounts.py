"""Create accounts, say who may write as whom and who works with them; every change stands in the
journal.
"""

from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.base.errors import Conflict
from siegel.policy.access import Capacity, Standing
from siegel.policy.actions import Action
from siegel.store.models.account import Grant
from siegel.store.queries import account_people, accounts, journal, keys
from siegel.store.text import Json
from siegel.store.transaction import together


def create(
    address: EmailAddress,
    name: str,
    *,
    by: str,
    at: datetime,
    owner: EmailAddress | None = None,
) -> int:
    """The new account; how many imported keys it can use at once."""
    with together():
        accounts.add(address, at=at, display_name=name)
        bound = keys.bind_linked(address, by=by, at=at)
        _note(Action.ACCOUNT_CREATED, address, by, at)
        if owner is not None:
            standing = Standing(capacity=Capacity.OWNER, since=at, until=None)
            admit(address, owner, standing, by=by, at=at)
    return bound


def rename(address: EmailAddress, name: str, *, by: str, at: datetime) -> None:
    with together():
        before = accounts.get(address).display_name
        accounts.rename(address, name)
        _note(Action.ACCOUNT_RENAMED, address, by, at, before=before, after=name)


def entitle(
    account: EmailAddress, other: EmailAddress, *, alias: bool, by: str, at: datetime
) -> None:
    """``account`` may send as ``other``; as its alias it also opens mail to it."""
    kind = Grant.ALIAS if alias else Grant.DELEGATION
    with together():
        accounts.grant(account, other, kind, by=by, at=at)
        keys.bind_linked(account, by=by, at=at)
        _note(Action(f"account.{kind.value}_granted"), account, by, at, other=str(other))


def withdraw(account: EmailAddress, other: EmailAddress, *, by: str, at: datetime) -> None:
    """``other`` is an address of the account no more. Keys stay bound: they open old mail."""
    with together():
        accounts.withdraw(account, other)
        _note(Action.ACCOUNT_GRANT_WITHDRAWN, account, by, at, other=str(other))


def switch(address: EmailAddress, *, active: bool, by: str, at: datetime) -> None:
    with together():
        accounts.set_active(address, active)
        _note(
            Action.ACCOUNT_SWITCHED_ON if active else Action.ACCOUNT_SWITCHED_OFF, address, by, at
        )


def admit(
    account: EmailAddress, person: EmailAddress, standing: Standing, *, by: str, at: datetime
) -> None:
    """The person works with the account from now on, or otherwise than before.

    Raises ``Conflict`` for a time that ends before it begins.
    """
    if standing.until is not None and standing.until <= standing.since:
        raise Conflict("the time ends before it begins")
    with together():
        account_people.admit(account, person, standing, by=by, at=at)
        _note(
            Action.ACCOUNT_PERSON_ADMITTED,
            account,
            by,
            at,
            person=str(person),
            capacity=standing.capacity.value,
            since=standing.since.isoformat(),
            until=None if standing.until is None else standing.until.isoformat(),
        )


def dismiss(account: EmailAddress, person: EmailAddress, *, by: str, at: datetime) -> None:
    with together():
        account_people.remove(account, person)
        _note(Action.ACCOUNT_PERSON_REMOVED, account, by, at, person=str(person))


def _note(action: Action, about: EmailAddress, by: str, at: datetime, **detail: Json) -> None:
    journal.write(at=at, actor=by, action=action, about=str(about), detail=detail)
