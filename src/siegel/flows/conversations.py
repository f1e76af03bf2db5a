"""A conversation for a person of its account: which messages it has, and what is open of it."""

from dataclasses import dataclass
from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.base.errors import NotFound
from siegel.flows import mail_access
from siegel.store.conversation_rows import ConversationRow, PlacedItem
from siegel.store.queries import conversations

AT_ONCE = 50  # messages of one page, nearly all of them folded
MOST_OPEN = 8  # opened on one page; each may take a tenth of a second


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """``items``: the oldest first. ``open``: numbers of those to be shown in full. ``older``: the
    mark before which more came."""

    row: ConversationRow
    items: tuple[PlacedItem, ...]
    open: frozenset[int]
    older: int | None


def get(id_: int, person: EmailAddress, *, at: datetime) -> ConversationRow:
    """Raises ``NotFound`` for what is not there or not for this person."""
    row = conversations.get(id_)
    if row.account not in mail_access.readable(person, at=at):
        raise NotFound(f"no conversation {id_}")
    return row


def talk(
    id_: int,
    person: EmailAddress,
    *,
    at: datetime,
    before: int | None = None,
    asked: frozenset[int] = frozenset(),
) -> Talk:
    """What is unread is open, and the newest, and what the reader asked for."""
    row = get(id_, person, at=at)
    found = conversations.items(id_, before=before, limit=AT_ONCE + 1)
    items = found[-AT_ONCE:]
    if not items:
        raise NotFound(f"no messages in conversation {id_}")
    wanted = [each.row.id for each in reversed(items) if each.row.id in asked]
    unread = [each.row.id for each in reversed(items) if not each.seen]
    newest = [items[-1].row.id]
    shown = list(dict.fromkeys((*wanted, *newest, *unread)))[:MOST_OPEN]
    older = items[0].row.id if len(found) > AT_ONCE else None
    return Talk(row=row, items=items, open=frozenset(shown), older=older)


def set_note(id_: int, note: str, person: EmailAddress, *, at: datetime) -> None:
    """Whoever writes for the account may note something."""
    row = conversations.get(id_)
    if row.account not in mail_access.writable(person, at=at):
        raise NotFound(f"no conversation {id_}")
    conversations.set_note(id_, note)
