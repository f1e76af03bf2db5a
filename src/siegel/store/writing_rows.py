"""Rows of what people write, as they leave the store."""

from dataclasses import dataclass, field
from datetime import datetime

from siegel.base.address import EmailAddress


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftFileRow:
    """A file of a draft; its name and type lie sealed in ``label``."""

    id: int
    draft: int
    label: bytes = field(repr=False)
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftRow:
    """``sealed``: the fields of the form. ``outbox``: the message it became, None before;
    ``handed_over``: and nobody has taken that back."""

    id: int
    account: EmailAddress
    user: EmailAddress
    kind: str
    item: int | None
    sealed: bytes = field(repr=False)
    version: int
    place_message_id: str
    outbox: int | None
    handed_over: bool
    created_at: datetime
    updated_at: datetime
    files: tuple[DraftFileRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureTextRow:
    """Lines below a message of an account."""

    id: int
    account: EmailAddress
    name: str
    text: str
    by_default: bool
    changed_by: str
    changed_at: datetime
