"""What a person does with messages in a list or on a page: read, flag, move, delete, spam.

Each is one transaction of a fixed number of questions, however many messages it is about. A message
that is not there or not for this person makes all of it ``NotFound``, and nothing is done. Where
mail lies on a server, that server gets the same change later, in the order of the doing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from siegel.base.address import EmailAddress
from siegel.base.errors import NotFound
from siegel.flows import mail_access
from siegel.flows.conversation_handling import assign, note
from siegel.policy.actions import Action
from siegel.store.mail_rows import FolderRow, PlaceRow
from siegel.store.queries import journal, mail_filing, mail_folders, mail_items, noted_changes
from siegel.store.queries.mail_folders import FolderRole
from siegel.store.queries.noted_changes import ChangeKind, Noted
from siegel.store.transaction import together

__all__ = [
    "Moved", "Way", "archive", "assign", "delete", "flag", "mark_seen", "move", "note", "spam",
    "undo",
]  # fmt: skip

MOST = 2000  # messages of one action; a page of conversations holds fewer

_NAMES = {FolderRole.TRASH: "Trash", FolderRole.JUNK: "Junk", FolderRole.ARCHIVE: "Archive",
          FolderRole.INBOX: "INBOX"}  # fmt: skip
_FOR_GOOD = (FolderRole.TRASH, FolderRole.DRAFTS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """Messages that went from one folder to another."""

    source: int
    target: int
    items: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """``ways`` can be undone; ``for_good``: how many messages are gone."""

    ways: tuple[Way, ...] = ()
    for_good: int = 0

    @property
    def messages(self) -> int:
        return self.for_good + sum(len(way.items) for way in self.ways)


def mark_seen(
    items: Iterable[int], person: EmailAddress, *, at: datetime, seen: bool = True
) -> int:
    """Wherever they lie; how many places changed. Whoever reads a message marks it as read."""
    kind = ChangeKind.SEEN if seen else ChangeKind.UNSEEN
    with together():
        places = _places(items, mail_access.readable(person, at=at))
        changed = [place for place in places if place.flags.seen is not seen]
        _note(kind, changed, at)
        mail_filing.mark((place.id for place in changed), seen=seen)
    return len(changed)


def flag(items: Iterable[int], person: EmailAddress, *, at: datetime, flagged: bool = True) -> int:
    """As ``mark_seen``."""
    kind = ChangeKind.FLAGGED if flagged else ChangeKind.UNFLAGGED
    with together():
        places = _places(items, mail_access.writable(person, at=at))
        changed = [place for place in places if place.flags.flagged is not flagged]
        _note(kind, changed, at)
        mail_filing.mark((place.id for place in changed), flagged=flagged)
    return len(changed)


def move(
    items: Iterable[int],
    folder: int,
    person: EmailAddress,
    *,
    at: datetime,
    source: int | None = None,
) -> Moved:
    """To a folder of the same account, out of ``source`` (None: from wherever they lie). Messages
    of other accounts than the folder's are ``NotFound``."""
    with together():
        target = _folder(folder, person, at)
        places = _in(source, _places(items, (target.account,)))
        return _moved(places, {target.account: target}, at)


def archive(
    items: Iterable[int], person: EmailAddress, *, at: datetime, source: int | None = None
) -> Moved:
    return _to_role(FolderRole.ARCHIVE, items, person, at, source)


def spam(
    items: Iterable[int],
    person: EmailAddress,
    *,
    at: datetime,
    is_spam: bool = True,
    source: int | None = None,
) -> Moved:
    """Into the folder for spam, or back into the inbox."""
    role = FolderRole.JUNK if is_spam else FolderRole.INBOX
    return _to_role(role, items, person, at, source)


def delete(
    items: Iterable[int], person: EmailAddress, *, at: datetime, source: int | None = None
) -> Moved:
    """Into the trash; out of the trash, and drafts, for good."""
    with together():
        places = _in(source, _places(items, mail_access.writable(person, at=at)))
        roles = mail_folders.roles(place.folder for place in places)
        gone = [place for place in places if roles[place.folder] in _FOR_GOOD]
        kept = [place for place in places if roles[place.folder] not in _FOR_GOOD]
        _delete_for_good(gone, person, at)
        moved = _moved(kept, _targets(FolderRole.TRASH, kept), at)
    return Moved(ways=moved.ways, for_good=len(gone))


def _delete_for_good(places: Sequence[PlaceRow], person: EmailAddress, at: datetime) -> None:
    """The journal says from which accounts, and how many; never what they were about."""
    if not places:
        return
    items = [place.item for place in places]
    accounts = set(mail_items.accounts_of(items).values())
    _note(ChangeKind.DELETE, places, at)
    mail_filing.take_out(place.id for place in places)
    mail_filing.forget(items, at=at)
    journal.write(
        at=at,
        actor=f"user:{person}",
        action=Action.MESSAGE_DELETED,
        recipients=sorted(map(str, accounts)),
        detail={"messages": len(places)},
    )


def undo(moved: Moved, person: EmailAddress, *, at: datetime) -> int:
    """Everything back to where it was; how many messages. What is gone for good stays so."""
    with together():
        return sum(
            move(way.items, way.source, person, at=at, source=way.target).messages
            for way in moved.ways
        )


def _to_role(
    role: FolderRole,
    items: Iterable[int],
    person: EmailAddress,
    at: datetime,
    source: int | None,
) -> Moved:
    with together():
        places = _in(source, _places(items, mail_access.writable(person, at=at)))
        return _moved(places, _targets(role, places), at)


def _places(items: Iterable[int], allowed: Sequence[EmailAddress]) -> tuple[PlaceRow, ...]:
    """Where the items lie, all of them of accounts that are allowed."""
    wanted = list(dict.fromkeys(items))[: MOST + 1]
    owners = mail_items.accounts_of(wanted)
    if len(wanted) > MOST or len(owners) < len(wanted) or set(owners.values()) - set(allowed):
        raise NotFound("messages that are not there")
    return mail_filing.places_of(wanted)


def _in(source: int | None, places: Sequence[PlaceRow]) -> list[PlaceRow]:
    return [place for place in places if source in (None, place.folder)]


def _folder(id_: int, person: EmailAddress, at: datetime) -> FolderRow:
    row = mail_folders.get(id_)
    if row.account not in mail_access.writable(person, at=at) or not row.selectable:
        raise NotFound(f"no folder {id_}")
    return row


def _targets(role: FolderRole, places: Sequence[PlaceRow]) -> dict[EmailAddress, FolderRow]:
    """The folder of that role of each account concerned, made where there is none."""
    accounts = set(mail_items.accounts_of(place.item for place in places).values())
    found = {row.account: row for row in mail_folders.of_accounts(accounts) if row.role == role}
    for account in accounts - set(found):
        found[account] = mail_folders.ensure(account, _NAMES[role], role=role, delimiter="/")
    return found


def _moved(
    places: Sequence[PlaceRow], targets: dict[EmailAddress, FolderRow], at: datetime
) -> Moved:
    """Each to the target of its account; what lies there already stays."""
    owners = mail_items.accounts_of(place.item for place in places)
    going = [place for place in places if targets[owners[place.item]].id != place.folder]
    _note(ChangeKind.MOVE, going, at, {place.id: targets[owners[place.item]].id for place in going})
    for account, target in targets.items():
        mail_filing.move((p.id for p in going if owners[p.item] == account), target.id)
    by_folder = sorted(going, key=lambda place: (place.folder, place.item))
    return Moved(
        ways=tuple(
            Way(
                source=source,
                target=targets[owners[first.item]].id,
                items=(first.item, *(place.item for place in others)),
            )
            for source, (first, *others) in groupby(by_folder, key=lambda place: place.folder)
        )
    )


def _note(
    kind: ChangeKind,
    places: Iterable[PlaceRow],
    at: datetime,
    targets: dict[int, int] | None = None,
) -> None:
    to = targets or {}
    noted_changes.note((Noted(kind=kind, place=p, target=to.get(p.id)) for p in places), at=at)
