"""Replacing many certificates at once: which are meant, and what comes next for each.

Some authorities take back thousands of certificates and leave an office days. So each one is asked
what its next step is, from facts; nothing is remembered that the store does not show.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

UNDECIDED = datetime.max.replace(microsecond=0, tzinfo=UTC)
"""A moment that never comes: nobody has said yet when the new certificates shall sign."""

LONGEST_LETTER = 10_000  # characters of what partners are told, in each language
MOST_TRIES = 5  # after that somebody has to look at the reason


class Problem(StrEnum):
    """Why there is no replacement. NO_ACCOUNT: the account is off. NO_AUTHORITY: none of ours
    issues, or not the one named. REFUSED: the way is closed for this one. WITHDRAWN: the request
    was given up. TROUBLE: something of ours."""

    NO_ACCOUNT = "no_account"
    NO_AUTHORITY = "no_authority"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    TROUBLE = "trouble"


class Affected(StrEnum):
    """What becomes of one that was found. REPLACED: a newer one for the same use is there."""

    TO_REPLACE = "to_replace"
    REPLACED = "replaced"
    NO_ACCOUNT = "without_account"


class Step(StrEnum):
    """What comes next; the order is that of the work. LOOK: trying again by itself is over."""

    ORDER = "order"
    LOOK = "look"
    AWAIT = "await"
    SWITCH = "switch"
    TELL = "tell"
    REVOKE = "revoke"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFacts:
    """``is_ordered``: a request is under way. ``old_signs``: the old one still could. ``untold``:
    partners that are planned and not told yet. ``is_ours``: our authority issued the old one."""

    has_replacement: bool
    is_ordered: bool = False
    problem: Problem | None = None
    attempts: int = 0
    old_signs: bool = True
    switch_at: datetime | None = None
    untold: int = 0
    is_ours: bool = False
    is_revoked: bool = False


def next_step(facts: ItemFacts, at: datetime) -> Step:
    """The first thing that is not done yet."""
    if not facts.has_replacement:
        return _before_replacement(facts)
    if facts.old_signs and not is_switched(facts.switch_at, at):
        return Step.SWITCH
    if facts.untold:
        return Step.TELL
    if facts.is_ours and not facts.is_revoked:
        return Step.REVOKE
    return Step.DONE


def _before_replacement(facts: ItemFacts) -> Step:
    if is_given_up(facts.problem, facts.attempts):
        return Step.LOOK
    return Step.AWAIT if facts.is_ordered else Step.ORDER


def is_switched(switch_at: datetime | None, at: datetime) -> bool:
    """From the moment on, not after it."""
    return switch_at is not None and at >= switch_at


def is_given_up(problem: Problem | None, attempts: int) -> bool:
    """What a second try cannot mend, and what five tries did not."""
    if problem is None:
        return False
    return problem is not Problem.TROUBLE or attempts >= MOST_TRIES


def pause(attempts: int) -> timedelta:
    """Before the next try."""
    return timedelta(minutes=min(60, 2**attempts))
