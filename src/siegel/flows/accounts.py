"""Create accounts and say who may write as whom; every change stands in the journal."""

from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.store.models.account import Grant
from siegel.store.queries import accounts, journal, keys
from siegel.store.transaction import together


def create(address: EmailAddress, name: str, *, by: str, at: datetime) -> int:
    """The new account; how many imported keys it can use at once."""
    with together():
        accounts.add(address, at=at, display_name=name)
        bound = keys.bind_linked(address, by=by, at=at)
        journal.write(at=at, actor=by, action="account.created", about=str(address))
    return bound


def entitle(
    account: EmailAddress, other: EmailAddress, *, alias: bool, by: str, at: datetime
) -> None:
    """``account`` may send as ``other``; as its alias it also opens mail to it."""
    kind = Grant.ALIAS if alias else Grant.DELEGATION
    with together():
        accounts.grant(account, other, kind, by=by, at=at)
        keys.bind_linked(account, by=by, at=at)
        journal.write(
            at=at,
            actor=by,
            action=f"account.{kind.value}_granted",
            about=str(account),
            detail={"other": str(other)},
        )


def switch(address: EmailAddress, *, active: bool, by: str, at: datetime) -> None:
    with together():
        accounts.set_active(address, active)
        action = "account.switched_on" if active else "account.switched_off"
        journal.write(at=at, actor=by, action=action, about=str(address))
