"""Rows of mail as they leave the store: frozen facts, no models."""

from dataclasses import dataclass, field
from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.policy.message_state import MessageState


@dataclass(frozen=True, slots=True, kw_only=True)
class Flags:
    """What IMAP says of a message in a folder (RFC 9051 §2.3.2)."""

    seen: bool = False
    flagged: bool = False
    answered: bool = False
    draft: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderRow:
    """``role``: inbox, sent, drafts, archive, junk, trash or empty."""

    id: int
    account: EmailAddress
    name: str
    delimiter: str
    role: str
    selectable: bool
    uid_validity: int | None
    highest_uid: int
    highest_modseq: int
    total: int
    unread: int
    synced_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRow:
    """One message of an account. ``sealed``: see ``models.mail``; ``sha256`` leads to the raw
    bytes."""

    id: int
    account: EmailAddress
    sha256: str
    conversation: int
    message_id: str
    sent_at: datetime | None
    received_at: datetime
    from_address: str
    from_name: str
    to_names: str
    subject: str
    preview: str
    sealed: bytes = field(repr=False)
    attachments: int
    size: int
    state: MessageState
    outgoing: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceRow:
    """A message in a folder."""

    id: int
    folder: int
    item: int
    conversation: int
    uid: int | None
    flags: Flags


@dataclass(frozen=True, slots=True, kw_only=True)
class NewItem:
    """What is to be filed; the raw message is kept already. ``thread``: Message-IDs of the message
    itself and of those it answers, its own first."""

    sha256: str
    message_id: str
    thread: tuple[str, ...]
    sent_at: datetime | None
    received_at: datetime
    from_address: str
    from_name: str
    to_names: str
    subject: str
    preview: str
    sealed: bytes = field(repr=False)
    attachments: int
    size: int
    state: MessageState
    outgoing: bool
