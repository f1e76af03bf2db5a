"""Rows of mail to many as they leave the store: frozen facts, no models."""

from dataclasses import dataclass, field
from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.store.models.writing import BulkItemState as BulkItemState
from siegel.store.models.writing import BulkState as BulkState


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRow:
    id: int
    account: EmailAddress
    user: EmailAddress | None
    sender: EmailAddress
    subject: str
    sealed: bytes = field(repr=False)
    state: BulkState
    total: int
    created_by: str
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    reported_at: datetime | None
    plan: str
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewBulkItem:
    number: int
    address: str
    sealed: bytes = field(repr=False)
    message_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkItemRow:
    id: int
    number: int
    address: str
    sealed: bytes = field(repr=False)
    message_id: str
    state: BulkItemState
    answer: str
    attempts: int
    done_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """How many recipients stand where."""

    waiting: int = 0
    sent: int = 0
    failed: int = 0

    @property
    def total(self) -> int:
        return self.waiting + self.sent + self.failed

    @property
    def done(self) -> int:
        return self.sent + self.failed
