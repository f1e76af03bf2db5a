"""Rows about certificates over ACME, as they leave the store."""

from dataclasses import dataclass, field
from datetime import datetime

from siegel.base.address import EmailAddress


@dataclass(frozen=True, slots=True, kw_only=True)
class AcmeOrderRow:
    """One order, open while ``ended_at`` is None. ``id`` is that of its request, whose
    ``certificate`` may have come another way. ``location``, ``challenge``, ``token`` and
    ``authority`` are empty until the authority has said them."""

    id: int
    address: EmailAddress
    request: bytes = field(repr=False)
    spki_sha256: str
    made_by: str
    directory: str
    begun_at: datetime
    location: str
    challenge: str
    token: str
    authority: str
    reason: str
    detail: str
    attempts: int
    due_at: datetime | None
    ended_at: datetime | None
    issued: bool
    certificate: str | None
    withdrawn: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AcmeMailRow:
    """A challenge mail of an order; ``answer`` is not empty while it waits to be sent."""

    id: int
    raw: bytes = field(repr=False)
    received_at: datetime
    answer: bytes = field(repr=False)
    answer_to: str
    judged_at: datetime | None
    answered_at: datetime | None
