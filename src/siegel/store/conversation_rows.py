"""Rows of conversations as they leave the store."""

from dataclasses import dataclass
from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.store.mail_rows import ItemRow, PlaceRow


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationRow:
    """``messages``: how many lie in some folder."""

    id: int
    account: EmailAddress
    latest_at: datetime
    assigned_to: EmailAddress | None
    assigned_name: str
    note: str
    messages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedItem:
    """A message, where it lies, and for which purposes those folders are."""

    row: ItemRow
    places: tuple[PlaceRow, ...]
    roles: frozenset[str]

    @property
    def seen(self) -> bool:
        return all(place.flags.seen for place in self.places)
