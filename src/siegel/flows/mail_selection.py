"""One action for conversations chosen in a list, of one folder or of several: all or nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from siegel.base.address import EmailAddress
from siegel.base.errors import NotFound
from siegel.flows import mail_actions
from siegel.flows.mail_actions import Moved
from siegel.store.queries import mail_selection
from siegel.store.transaction import together

MOST = 500  # conversations chosen at once


class Act(StrEnum):
    SEEN = "seen"
    UNSEEN = "unseen"
    FLAG = "flag"
    UNFLAG = "unflag"
    ARCHIVE = "archive"
    SPAM = "spam"
    NOT_SPAM = "not_spam"
    DELETE = "delete"
    MOVE = "move"
    ASSIGN = "assign"
    UNASSIGN = "unassign"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A line of a list. ``folder`` None: a list of no folder."""

    conversation: int
    folder: int | None


def act(
    what: Act,
    chosen: Iterable[Choice],
    person: EmailAddress,
    *,
    at: datetime,
    target: int | None = None,
    user: EmailAddress | None = None,
) -> Moved:
    """What left its folder. ``target``: of MOVE; ``user``: of ASSIGN. Raises ``NotFound`` for what
    is not there or not for this person."""
    wanted = list(dict.fromkeys(chosen))
    if not wanted or len(wanted) > MOST:
        raise NotFound("no conversations")
    with together():
        if what in (Act.ASSIGN, Act.UNASSIGN):
            talks = {each.conversation for each in wanted}
            who = user if what is Act.ASSIGN else None
            mail_actions.assign(sorted(talks), who, person, at=at)
            return Moved()
        moved = [
            _act(what, items, folder, person, at, target)
            for folder, items in _items(wanted).items()
        ]
    ways = tuple(way for each in moved for way in each.ways)
    return Moved(ways=ways, for_good=sum(each.for_good for each in moved))


def _items(wanted: list[Choice]) -> dict[int, list[int]]:
    """The messages meant, by the folder they lie in."""
    found = mail_selection.anywhere(c.conversation for c in wanted if c.folder is None)
    for folder in {each.folder for each in wanted if each.folder is not None}:
        talks = (each.conversation for each in wanted if each.folder == folder)
        found[folder] = mail_selection.in_folder(folder, talks)
    return found


def _act(
    what: Act,
    items: list[int],
    folder: int,
    person: EmailAddress,
    at: datetime,
    target: int | None,
) -> Moved:
    match what:
        case Act.SEEN | Act.UNSEEN:
            mail_actions.mark_seen(items, person, at=at, seen=what is Act.SEEN)
        case Act.FLAG | Act.UNFLAG:
            mail_actions.flag(items, person, at=at, flagged=what is Act.FLAG)
        case Act.ARCHIVE:
            return mail_actions.archive(items, person, at=at, source=folder)
        case Act.SPAM | Act.NOT_SPAM:
            spam = what is Act.SPAM
            return mail_actions.spam(items, person, at=at, is_spam=spam, source=folder)
        case Act.DELETE:
            return mail_actions.delete(items, person, at=at, source=folder)
        case Act.MOVE if target is not None:
            return mail_actions.move(items, target, person, at=at, source=folder)
        case _:
            raise NotFound(f"no action {what}")
    return Moved()
