"""Who in the house takes care of a conversation, and what colleagues should know about it."""

from collections.abc import Iterable
from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.base.errors import NotFound
from siegel.flows import mail_access
from siegel.policy.access import AccountRight, rights
from siegel.policy.actions import Action
from siegel.store.queries import account_people, conversations, handling, journal
from siegel.store.rows import AccountPersonRow
from siegel.store.transaction import together


def assign(
    talks: Iterable[int],
    user: EmailAddress | None,
    by: EmailAddress,
    *,
    at: datetime,
) -> int:
    """To somebody who reads the account, too; None: to nobody. Raises ``NotFound`` otherwise."""
    wanted = list(dict.fromkeys(talks))
    with together():
        accounts = _accounts(wanted, by, at)
        if user is not None and accounts - set(mail_access.readable(user, at=at)):
            raise NotFound(f"{user} does not read that mail")
        actor = f"user:{by}"
        assigned = handling.assign(wanted, user, by=actor, at=at)
        if assigned:
            journal.write(
                at=at,
                actor=actor,
                action=Action.MESSAGE_ASSIGNED,
                about=str(user or ""),
                recipients=sorted(map(str, accounts)),
                detail={"conversations": assigned},
            )
        return assigned


def note(conversation: int, text: str, by: EmailAddress, *, at: datetime) -> None:
    """For colleagues; it leaves the house with no message."""
    with together():
        _accounts([conversation], by, at)
        conversations.set_note(conversation, text)


def colleagues(accounts: Iterable[EmailAddress], *, at: datetime) -> tuple[AccountPersonRow, ...]:
    """Whom conversations of these accounts can be assigned to: who reads all of them."""
    wanted = frozenset(accounts)
    found: dict[EmailAddress, list[AccountPersonRow]] = {}
    for row in account_people.of_accounts(wanted):
        if row.active and AccountRight.READ_MAIL in rights(row.standing, (), at):
            found.setdefault(row.user, []).append(row)
    return tuple(rows[0] for rows in found.values() if len(rows) == len(wanted))


def _accounts(wanted: list[int], by: EmailAddress, at: datetime) -> set[EmailAddress]:
    owners = handling.accounts_of(wanted)
    accounts = set(owners.values())
    if len(owners) < len(wanted) or accounts - set(mail_access.writable(by, at=at)):
        raise NotFound("conversations that are not there")
    return accounts
