"""When people are told that a certificate ends: the steps, and which one it is today.

Of steps that were missed only the last one is told: after a holiday nobody needs four mails.
"""

from datetime import datetime, timedelta
from enum import StrEnum

STEPS = (30, 14, 7, 1, 0)  # days before the end; 0 = it has ended
TOLD_FOR = timedelta(days=7)  # what ended longer ago is no news: old certificates are kept for ever
WINDOW = timedelta(days=STEPS[0])
OVERVIEW = timedelta(days=90)  # what the page shows; a portal or an authority may take weeks
HORIZON = timedelta(days=900)  # what calendars show: longer than any certificate for mail lasts
_DAY = timedelta(days=1)


class Todo(StrEnum):
    """What to do about an end, in the order people are shown it. LIST: a revocation list of ours is
    overdue. UPLOAD: an authority's portal wants the new certificate."""

    LIST = "list"
    RENEW = "renew"
    AUTHORITY = "authority"
    UPLOAD = "upload"
    ASK = "ask"
    SUCCESSOR = "successor"


def step_today(not_after: datetime, at: datetime) -> int | None:
    """The step that has come; None: too early, or too long ago."""
    left = not_after - at
    if left < -TOLD_FOR or left > WINDOW:
        return None
    return min((step for step in STEPS if left <= step * _DAY), default=None)


def days_left(not_after: datetime, at: datetime) -> int:
    """Whole days for people: 0 = today, negative = it has ended."""
    return (not_after - at) // _DAY
