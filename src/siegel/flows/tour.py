"""The tour of the demo: six steps with a file that was made for it, and what is done already.

The first four steps are ticked by what really happened in the store; looking at pages leaves no
trace.
"""

from dataclasses import dataclass
from enum import IntEnum

from siegel.base.address import EmailAddress
from siegel.store.queries import certificates, locked, mail_folders, tours, trust
from siegel.store.rows import TourRow
from siegel.store.tour_files import Exhibit, content, read

__all__ = ["Exhibit", "Progress", "Step", "begin", "close", "content", "go", "progress", "read"]


class Step(IntEnum):
    DROP = 1
    UNLOCK = 2
    TRUST = 3
    READ = 4
    JOURNAL = 5
    ASK = 6


AFTER_THE_LAST = len(Step) + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """``step`` None: all are over. ``done``: what the step asks for has happened."""

    step: Step | None
    done: bool
    closed: bool


def progress(person: EmailAddress, shown: Exhibit) -> Progress:
    """At most three queries."""
    row = tours.get(person)
    step = Step(row.step) if row.step < AFTER_THE_LAST else None
    done = not row.closed and step is not None and _happened(step, shown)
    return Progress(step=step, done=done, closed=row.closed)


def go(person: EmailAddress, steps: int) -> None:
    """Forward, or back for a negative number; never before the first or behind the end."""
    row = tours.get(person)
    place = min(max(row.step + steps, Step.DROP), AFTER_THE_LAST)
    tours.put(person, TourRow(step=place, closed=False))


def close(person: EmailAddress) -> None:
    """Not shown any more; the place is kept."""
    tours.put(person, TourRow(step=tours.get(person).step, closed=True))


def begin(person: EmailAddress) -> None:
    tours.put(person, TourRow())


def _happened(step: Step, shown: Exhibit) -> bool:
    match step:
        case Step.DROP:
            return _is_here(shown) or any(f.sha256 == shown.sha256 for f in locked.list_all())
        case Step.UNLOCK:
            return _is_here(shown)
        case Step.TRUST:
            return bool(trust.history(shown.root))
        case Step.READ:
            return _is_read(EmailAddress.parse(shown.sender))
        case Step.JOURNAL | Step.ASK:
            return False  # looking leaves no trace


def _is_read(account: EmailAddress) -> bool:
    """Whether mail came for it and none is unread."""
    folders = mail_folders.of_account(account)
    return any(each.total for each in folders) and not any(each.unread for each in folders)


def _is_here(shown: Exhibit) -> bool:
    return bool(certificates.by_fingerprint([shown.certificate]))
