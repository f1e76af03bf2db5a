"""The mailbox of an account as the store tells of it; its credentials stand apart, sealed."""

from dataclasses import dataclass
from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.store.models.mailbox import Authentication, MailboxKind, Security

__all__ = ["Authentication", "MailboxKind", "MailboxRow", "Security", "ServerRow", "Settings"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerRow:
    """One service: where, how secure, and as whom."""

    host: str
    port: int
    security: Security
    user: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Of an IMAP mailbox. ``provider``: of OAuth2, by its name in the configuration.
    ``hosts_approved``: an administrator entered the hosts."""

    imap: ServerRow
    smtp: ServerRow
    authentication: Authentication
    provider: str = ""
    hosts_approved: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxRow:
    """``settings`` is None for what the gateway delivers. ``problem``: a code, or empty."""

    account: EmailAddress
    kind: MailboxKind
    settings: Settings | None
    has_credentials: bool
    problem: str
    problem_since: datetime | None
    synced_at: datetime | None
    changed_by: str
    changed_at: datetime
