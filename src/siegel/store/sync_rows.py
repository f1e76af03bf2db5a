"""Rows of keeping mailboxes in step with their servers."""

from dataclasses import dataclass
from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.store.mail_rows import Flags


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRow:
    """What the server has to learn. ``uid``: of the message in ``folder`` as far as it is known,
    under ``uid_validity``; names are those of the server. ``flags``: of the place that shows the
    change here."""

    id: int
    kind: str
    folder: int
    folder_name: str
    uid_validity: int | None
    uid: int | None
    target: int | None
    target_name: str
    place: int | None
    item: int
    sha256: str
    message_id: str
    received_at: datetime
    flags: Flags
    attempts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxState:
    """How keeping a mailbox in step goes. ``unfiled``: messages on the server that cannot be
    filed."""

    account: EmailAddress
    kind: str
    problem: str
    problem_since: datetime | None
    synced_at: datetime | None
    due_at: datetime | None
    attempts: int
    folders: int
    messages: int
    waiting: int
    unfiled: int
