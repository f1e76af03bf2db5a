"""What the queries about partners who come in by themselves hand out."""

from dataclasses import dataclass
from datetime import datetime

from siegel.base.address import EmailAddress


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlRow:
    """A link that was mailed to an address. ``ends_at`` None: nobody has used it yet."""

    id: int
    address: EmailAddress
    purpose: str
    asked_by: str
    asked_at: datetime
    link_ends_at: datetime
    proved_at: datetime | None
    ends_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerInvitationRow:
    """``certificate``: fingerprint of what was handed in, "" before."""

    id: int
    address: EmailAddress
    sender: EmailAddress
    invited_by: str
    invited_at: datetime
    ends_at: datetime
    tries: int
    used_at: datetime | None
    certificate: str
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotMailRow:
    """One message that the test robot has to answer, or has."""

    id: int
    message_sha256: str
    sender: EmailAddress | None
    envelope_from: str
    received_at: datetime
    state: str
    reason: str
    tries: int
    begun_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """How often something was done lately: for this address, for its domain or client, for all."""

    address: int
    group: int
    all: int
