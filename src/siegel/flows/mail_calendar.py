"""Calendar parts in a few facts: what, when, where, who (RFC 5545). Nothing is answered.

The parser is somebody else's and its food anybody's: sizes are capped, and whatever it trips over
means that there is nothing to show.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from icalendar import Calendar

LARGEST = 256 * 1024  # octets; invitations have a few thousand
MOST_EVENTS = 5
MOST_PEOPLE = 20
LONGEST = 300  # characters of one fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """``begin`` and ``end``: a day without a time of day is a ``date``. ``method``: what the
    sender wants of it (RFC 5546: REQUEST, CANCEL …)."""

    title: str
    begin: datetime | date | None
    end: datetime | date | None
    place: str
    organiser: str
    people: tuple[str, ...]
    repeats: bool
    method: str


def events(octets: bytes) -> tuple[Event, ...]:
    if len(octets) > LARGEST:
        return ()
    try:
        calendar = Calendar.from_ical(octets)
        method = str(calendar.get("METHOD", ""))[:LONGEST].upper()
        found = calendar.walk("VEVENT")[:MOST_EVENTS]
        return tuple(_event(each, method) for each in found)
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError):
        return ()
    except (OverflowError, LookupError, AssertionError):
        return ()


def _event(found: Any, method: str) -> Event:
    return Event(
        title=_text(found.get("SUMMARY")),
        begin=_moment(found.get("DTSTART")),
        end=_moment(found.get("DTEND")),
        place=_text(found.get("LOCATION")),
        organiser=_person(found.get("ORGANIZER")),
        people=tuple(_person(each) for each in _all(found.get("ATTENDEE")))[:MOST_PEOPLE],
        repeats=found.get("RRULE") is not None,
        method=method,
    )


def _all(found: Any) -> Iterator[Any]:
    several = found if isinstance(found, list) else [found]
    yield from (each for each in several[:MOST_PEOPLE] if each is not None)


def _text(found: Any) -> str:
    return "" if found is None else " ".join(str(found)[:LONGEST].split())


def _person(found: Any) -> str:
    """The address alone: a name beside it is anybody's word."""
    text = _text(found)
    return text[7:] if text[:7].lower() == "mailto:" else text


def _moment(found: Any) -> datetime | date | None:
    """A time without a zone is taken as UTC."""
    value = getattr(found, "dt", None)
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC)
    return value if isinstance(value, date) else None
