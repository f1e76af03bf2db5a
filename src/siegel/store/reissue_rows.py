"""Rows of replacing many certificates as they leave the store: frozen facts, no models."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.pki.certificate import Certificate, parse_certificate
from siegel.policy.reissue import Problem
from siegel.store.models.reissue import CampaignState as CampaignState
from siegel.store.models.reissue import NoticeState as NoticeState


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnRow:
    """A certificate of ours that is in time. ``account``: whose own address it is used for, while
    that account is active. ``is_revoked``: by our authority."""

    fingerprint: str
    der: bytes = field(repr=False)
    addresses: tuple[str, ...]
    account: EmailAddress | None
    is_revoked: bool

    @property
    def certificate(self) -> Certificate:
        return parse_certificate(self.der)


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuerRow:
    """Who issued certificates of ours that are in time, and how many."""

    name_sha256: str
    name: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCampaign:
    criteria: Mapping[str, str]
    way: str
    authority: str
    key: str
    subject: str
    german: str
    english: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewItem:
    """``leader``: the fingerprint of the certificate whose replacement is also this one's."""

    account: EmailAddress
    fingerprint: str
    use: str
    leader: str | None = None
    replacement: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignRow:
    id: int
    criteria: Mapping[str, str]
    way: str
    authority: str
    key: str
    state: CampaignState
    switch_at: datetime | None
    subject: str
    german: str = field(repr=False)
    english: str = field(repr=False)
    telling_since: datetime | None
    revoking_since: datetime | None
    revocation_reason: str
    created_by: str
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRow:
    """``is_ours``: one of our authorities issued the old certificate; ``revoked_at``: it was taken
    back. ``untold``: partners that wait for their mail."""

    id: int
    account: EmailAddress
    old: str
    der: bytes = field(repr=False)
    use: str
    leader: int | None
    ticket_kind: str
    ticket: int | None
    replacement: str | None
    attempts: int
    problem: Problem | None
    detail: str
    is_ours: bool
    revoked_at: datetime | None
    untold: int

    @property
    def certificate(self) -> Certificate:
        return parse_certificate(self.der)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReissueFigures:
    """How many certificates and partners stand where. ``problems``: without a replacement, because
    the last try failed; ``to_revoke``: old ones of ours that have one and still count."""

    total: int = 0
    replaced: int = 0
    ordered: int = 0
    problems: int = 0
    to_revoke: int = 0
    partners: int = 0
    told: int = 0
    not_told: int = 0

    @property
    def open(self) -> int:
        return self.total - self.replaced

    @property
    def untold(self) -> int:
        return self.partners - self.told - self.not_told


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeRow:
    """``replacement``: the certificate that goes with it."""

    id: int
    account: EmailAddress
    partner: str
    message_id: str
    planned_at: datetime
    state: NoticeState
    answer: str
    attempts: int
    replacement: str | None
