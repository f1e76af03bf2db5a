"""Rows of lists of conversations as they leave the store."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from siegel.base.address import EmailAddress
from siegel.store.mail_rows import ItemRow


class Only(StrEnum):
    """What narrows a list."""

    ALL = "all"
    UNREAD = "unread"
    ASSIGNED = "assigned"
    FILES = "files"
    FLAGGED = "flagged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant:
    """Somebody who wrote in a conversation. ``ours``: one of the account itself."""

    name: str
    address: str
    ours: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRow:
    """One conversation of a list. ``folder`` None: the list is of no folder. ``latest``: its newest
    message there, or the one that was found; ``at``: when that came. ``mark``: the place of the
    line in its list, for the page behind or before it. ``people``: the newest first."""

    mark: str
    folder: int | None
    conversation: int
    at: datetime
    latest: ItemRow
    people: tuple[Participant, ...]
    messages: int
    unread: int
    flagged: int
    attachments: int
    assigned_to: EmailAddress | None
    assigned_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinePage:
    """``before`` and ``after``: marks for the pages before and behind; None where there is none."""

    rows: tuple[LineRow, ...]
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """For the navigation: how many accounts the person reads, and how many of them have an inbox;
    unread messages there, and conversations assigned to the person."""

    accounts: int = 0
    inboxes: int = 0
    unread: int = 0
    assigned: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchRow:
    """How fetching from a mail server goes. ``problem``: a code, or empty; ``synced_at`` None: it
    has not been read to the end yet."""

    account: EmailAddress
    problem: str
    synced_at: datetime | None
