"""Lists of conversations as one person sees them: inboxes, folders, what is assigned, a search.

Only accounts that the person reads at this moment; a folder of another one is not there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.base.errors import SiegelError
from siegel.flows import mail_access, mail_facts
from siegel.flows.mail_facts import Inside
from siegel.store.mail_list_rows import FetchRow, LinePage, LineRow, Only, Waiting
from siegel.store.mail_rows import FolderRow, ItemRow
from siegel.store.queries import mail_folders, mail_list, mail_search
from siegel.store.queries.mail_folders import FolderRole
from siegel.store.queries.mail_list import MOST_COUNTED
from siegel.store.vault import Vault

__all__ = [
    "MOST_COUNTED", "FolderRole", "Line", "Listed", "Only", "Page", "Waiting", "assigned", "closed",
    "fetching", "folders", "of_folders", "search", "waiting",
]  # fmt: skip

AT_ONCE = 50  # conversations of one page


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A conversation with what only its readers may see.."""

    row: LineRow
    inside: Inside


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """``before``, ``after``: marks of the pages beside this one. ``too_many``: the search found
    more than is shown."""

    lines: tuple[Line, ...]
    before: str | None = None
    after: str | None = None
    too_many: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Which part of a list is asked for; a mark that nobody gave begins anew."""

    only: Only = Only.ALL
    after: str | None = None
    before: str | None = None


def folders(person: EmailAddress, *, at: datetime) -> tuple[FolderRow, ...]:
    """Of all accounts that the person reads; two queries."""
    return mail_folders.of_accounts(mail_access.readable(person, at=at))


def of_folders(
    chosen: Sequence[FolderRow], page: Page, person: EmailAddress, vault: Vault
) -> Listed:
    """Of folders that the person may read (``folders``)."""
    found = mail_list.of_folders(
        [row.id for row in chosen],
        page.only,
        person=person,
        size=AT_ONCE,
        after=page.after,
        before=page.before,
    )
    return _listed(found, vault)


def assigned(person: EmailAddress, page: Page, vault: Vault, *, at: datetime) -> Listed:
    found = mail_list.assigned(
        mail_access.readable(person, at=at),
        person=person,
        size=AT_ONCE,
        after=page.after,
        before=page.before,
    )
    return _listed(found, vault)


def search(text: str, person: EmailAddress, vault: Vault, *, at: datetime) -> Listed:
    """Conversations of all accounts of the person with messages that have all the words."""
    accounts = mail_access.readable(person, at=at)
    items, too_many = mail_search.find(text, accounts)
    rows = mail_list.found(items, accounts)
    shown = tuple(_line(row, vault) for row in rows[:AT_ONCE])
    return Listed(lines=shown, too_many=too_many or len(rows) > AT_ONCE)


def waiting(person: EmailAddress, *, at: datetime) -> Waiting:
    return mail_list.waiting(person, at=at)


def closed(accounts: Sequence[EmailAddress]) -> int:
    """Messages that wait for a key."""
    return mail_list.closed(accounts)


def fetching(accounts: Sequence[EmailAddress]) -> tuple[FetchRow, ...]:
    """How it goes with those that lie on mail servers."""
    return mail_list.fetching(accounts)


def _listed(found: LinePage, vault: Vault) -> Listed:
    lines = tuple(_line(row, vault) for row in found.rows)
    return Listed(lines=lines, before=found.before, after=found.after)


def _line(row: LineRow, vault: Vault) -> Line:
    return Line(row=row, inside=_inside(row.latest, vault))


def _inside(row: ItemRow, vault: Vault) -> Inside:
    """What cannot be unsealed shows what everybody could read; the list stays."""
    try:
        return mail_facts.inside_of(row, vault)
    except SiegelError:
        return Inside(subject=row.subject, preview="")
