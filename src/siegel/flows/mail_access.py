"""Whose mail a person reads and writes: the accounts he works with, and no others.

An administrator reads nobody's mail by being one (``policy.access``). Whoever may not see a
message does not learn that it exists.
"""

from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.base.errors import NotFound
from siegel.policy.access import AccountRight, rights
from siegel.store.mail_rows import FolderRow, ItemRow
from siegel.store.queries import account_people, mail_folders, mail_items


def readable(person: EmailAddress, *, at: datetime) -> tuple[EmailAddress, ...]:
    """Accounts whose mail the person reads, in the order of their addresses; one query."""
    return _with(AccountRight.READ_MAIL, person, at)


def writable(person: EmailAddress, *, at: datetime) -> tuple[EmailAddress, ...]:
    """Accounts that the person writes for."""
    return _with(AccountRight.WRITE_MAIL, person, at)


def item(id_: int, person: EmailAddress, *, at: datetime) -> ItemRow:
    """Raises ``NotFound`` for a message that is not there or not for this person."""
    row = mail_items.get(id_)
    if row.account not in readable(person, at=at):
        raise NotFound(f"no message {id_}")
    return row


def folder(id_: int, person: EmailAddress, *, at: datetime) -> FolderRow:
    """As ``item``."""
    row = mail_folders.get(id_)
    if row.account not in readable(person, at=at):
        raise NotFound(f"no folder {id_}")
    return row


def _with(right: AccountRight, person: EmailAddress, at: datetime) -> tuple[EmailAddress, ...]:
    found = account_people.of_user(person)
    mine = (row.account for row in found if right in rights(row.standing, (), at))
    return tuple(sorted(mine, key=str))
