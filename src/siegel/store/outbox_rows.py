"""Rows of the outbox as they leave the store: frozen facts, no models."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.store.models.writing import OutboxState


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientRow:
    """``address`` as it is said to the next hop; ``kind``: to, cc, bcc; ``state``: "" not yet,
    accepted or refused, with the next hop's ``answer``."""

    address: str
    kind: str
    state: str = ""
    answer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOutboxItem:
    """What is to be accepted; ``sealed``: see ``models.writing``."""

    account: EmailAddress
    user: EmailAddress
    sender: EmailAddress
    subject: str
    message_id: str
    sealed: bytes = field(repr=False)
    recipients: tuple[RecipientRow, ...]
    state: OutboxState
    plan: str
    reasons: tuple[str, ...]
    obstacles: Mapping[str, tuple[str, ...]]
    answers: int | None
    due_at: datetime
    waits: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxRow:
    """A message on its way out, without its text. ``obstacles``: by recipient, against the sender
    under the empty name."""

    id: int
    account: EmailAddress
    user: EmailAddress | None
    sender: EmailAddress
    subject: str
    message_id: str
    state: OutboxState
    plan: str
    reasons: tuple[str, ...]
    obstacles: Mapping[str, tuple[str, ...]]
    journal: int | None
    answers: int | None
    accepted_by: str
    accepted_at: datetime
    due_at: datetime | None
    attempts: int
    answer: str
    sent_at: datetime | None
    filed_at: datetime | None
    told_at: datetime | None
    waits: bool
    held_at: datetime | None
    tried_at: datetime | None
    recipients: tuple[RecipientRow, ...]

    @property
    def some_accepted(self) -> bool:
        return any(each.state == "accepted" for each in self.recipients)
