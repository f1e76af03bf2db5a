"""What the queries about authorities of our own hand out."""

from dataclasses import dataclass, field
from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.pki.certificate import Certificate, parse_certificate
from siegel.store.rows import SealedKey


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorityRow:
    """``der`` None: it waits for the answer to its request."""

    id: int
    name: str
    kind: str
    spki_sha256: str
    der: bytes | None = field(repr=False)
    parent: int | None
    organisation: str
    country: str
    identifier: str
    policy: str
    domains: tuple[str, ...]
    publish_at: str
    created_by: str
    created_at: datetime

    @property
    def certificate(self) -> Certificate | None:
        return None if self.der is None else parse_certificate(self.der)


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedRow:
    """One certificate of an authority of ours, and its revocation if there is one."""

    authority: int
    serial: int
    der: bytes = field(repr=False)
    profile: str
    has_key: bool
    reason: str | None
    revoked_at: datetime | None

    @property
    def certificate(self) -> Certificate:
        return parse_certificate(self.der)


@dataclass(frozen=True, slots=True, kw_only=True)
class SerialStanding:
    """What a responder must know about a number: was it used, and is it revoked."""

    is_issued: bool
    reason: str | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedCounts:
    """Of one authority. ``issued``: certificates, without the numbers that were never used."""

    issued: int = 0
    revoked: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CrlIssueRow:
    authority: int
    number: int
    der: bytes = field(repr=False)
    this_update: datetime
    next_update: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolmentRow:
    id: int
    account: EmailAddress
    use: str
    key: SealedKey


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolmentListing:
    """An enrolment as a list shows it; ``certificate``: the fingerprint, None while it is open."""

    id: int
    account: EmailAddress
    authority: str
    use: str
    certificate: str | None
    begun_by: str
    begun_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRow:
    """A request that waits, was answered (``certificate``: the fingerprint), or withdrawn. For an
    account, an authority of ours (its name), or neither."""

    id: int
    spki_sha256: str
    der: bytes = field(repr=False)
    subject: str
    account: EmailAddress | None
    authority: str | None
    made_by: str
    made_at: datetime
    answered_at: datetime | None
    certificate: str | None = None
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAuthority:
    """What an authority is made of, before it has a row."""

    name: str
    kind: str
    organisation: str
    country: str
    identifier: str
    policy: str
    domains: tuple[str, ...]
    publish_at: str
