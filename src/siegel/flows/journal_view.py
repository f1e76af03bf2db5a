"""The journal as one person may read it.

Administrators read all of it, certificate managers what concerns certificates, trust and rules.
Everybody reads what happened to mail of the accounts they work with: what these sent, with all its
recipients, and what they received – then without the other recipients, who may be hidden ones.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.policy.access import readable_groups
from siegel.policy.actions import ActionGroup, actions_of
from siegel.policy.roles import Role
from siegel.store.queries import account_people, journal
from siegel.store.queries.journal import Question, Sight
from siegel.store.rows import JournalRow

__all__ = ["Question", "Sight", "entry", "may_ask_about_sender", "page", "sight_of"]

_SENT = tuple(action.value for action in actions_of(ActionGroup.OUTGOING))
_RECEIVED = tuple(action.value for action in actions_of(ActionGroup.INCOMING))


def sight_of(person: EmailAddress, roles: Collection[Role], *, at: datetime) -> Sight | None:
    """None: everything."""
    groups = readable_groups(roles)
    if groups == frozenset(ActionGroup):
        return None
    return Sight(
        actions=tuple(action.value for group in groups for action in actions_of(group)),
        addresses=tuple(map(str, sorted(account_people.addresses_of(person, at=at)))),
        sent=_SENT,
        received=_RECEIVED,
    )


def page(
    question: Question, *, before: int | None = None, after: int | None = None, limit: int
) -> tuple[JournalRow, ...]:
    """The newest first; ``question.sight`` says whose reading it is."""
    rows = journal.ask(question, before=before, after=after, limit=limit)
    return tuple(_as_seen(row, question.sight) for row in rows)


def entry(number: int, sight: Sight | None) -> JournalRow | None:
    """One entry; None if there is none that may be read."""
    return next(iter(page(Question(number=number, sight=sight), limit=1)), None)


def may_ask_about_sender(sight: Sight | None) -> tuple[str, ...] | None:
    """Whose mail this person may ask „why“ about; None: everybody's."""
    return None if sight is None else sight.addresses


def _as_seen(row: JournalRow, sight: Sight | None) -> JournalRow:
    if sight is None or row.action in sight.actions or row.about in sight.addresses:
        return row
    mine = set(sight.addresses)
    return replace(row, recipients=tuple(each for each in row.recipients if each in mine))
