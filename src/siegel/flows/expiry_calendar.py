"""A calendar of all ends (RFC 5545), to download or to subscribe to by a secret address.

The address is all that a calendar program has: no cookie, no password. So it shows only what its
person may see at that moment, changes nothing, and can be ended; of its token only the hash is
kept. Each end is a whole day with two alarms.
"""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from icalendar import Alarm, Calendar, Event

from siegel.base.address import EmailAddress
from siegel.base.buffers import Random
from siegel.base.errors import NotFound
from siegel.flows.expiry_overview import Ends, of_person
from siegel.policy.actions import Action
from siegel.policy.expiry import HORIZON
from siegel.store.queries import calendar_links, journal, users
from siegel.store.transaction import together
from siegel.wording.expiry import CALENDAR_NAMES, said_of_todo
from siegel.wording.words import Language

ALARMS = (timedelta(days=30), timedelta(days=7))  # before the day
FETCHED_EVERY = timedelta(hours=12)  # what we ask programs for; an end moves once a year
TOKEN = 24  # random octets: nobody guesses 192 bits
MEDIA_TYPE = "text/calendar; charset=utf-8"
_PRODUCT = "-//Siegel//What ends//EN"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What makes identifiers ours, and where people do something about it ("" = nobody said)."""

    hostname: str
    pages_at: str = ""


def calendar_of(person: EmailAddress, language: Language, place: Place, *, at: datetime) -> bytes:
    """For this person, with the roles of this moment. Raises ``NotFound`` for one who is gone."""
    user = users.find(person, at=at)
    if not user.active:
        raise NotFound(f"{person} may not sign in")
    ends = of_person(person, user.roles, at, within=HORIZON)
    return written(ends, language, place, at=at)


def subscribed(token: str, place: Place, *, at: datetime) -> bytes:
    """The calendar behind a secret address; ``NotFound`` for whatever opens nothing."""
    found = calendar_links.find(_hash(token))
    if found is None:
        raise NotFound("no such calendar")
    person, language = found
    return calendar_of(person, Language(language), place, at=at)


def subscribe(
    person: EmailAddress, language: Language, *, rng: Random, by: str, at: datetime
) -> str:
    """A new token, shown this once; the one before opens nothing any more."""
    token = urlsafe_b64encode(rng(TOKEN)).decode()
    with together():
        calendar_links.put(person, _hash(token), language.value, at=at)
        journal.write(at=at, actor=by, action=Action.CALENDAR_LINK_MADE, about=str(person))
    return token


def unsubscribe(person: EmailAddress, *, by: str, at: datetime) -> bool:
    """Whether there was one."""
    with together():
        gone = calendar_links.remove(person)
        if gone:
            journal.write(at=at, actor=by, action=Action.CALENDAR_LINK_ENDED, about=str(person))
    return gone


def subscribed_since(person: EmailAddress) -> datetime | None:
    return calendar_links.made_at(person)


def written(ends: Iterable[Ends], language: Language, place: Place, *, at: datetime) -> bytes:
    """CRLF, lines folded at 75 octets, text escaped: the library does it (RFC 5545 §3.1)."""
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", CALENDAR_NAMES[language])  # RFC 7986 §5.1
    calendar.add("x-wr-calname", CALENDAR_NAMES[language])
    calendar.add("refresh-interval", FETCHED_EVERY, parameters={"VALUE": "DURATION"})
    for each in ends:
        calendar.add_component(_event(each, language, place, at))
    return bytes(calendar.to_ical())


def _event(ends: Ends, language: Language, place: Place, at: datetime) -> Event:
    words = said_of_todo(ends.todo, language)
    title = f"{words.title}: {ends.name}"
    event = Event()
    event.add("uid", f"{ends.todo.value}-{ends.mark}@{place.hostname}")
    event.add("dtstamp", at)
    day: date = ends.ends_at.date()
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("summary", title)
    event.add("description", words.sentence)
    event.add("transp", "TRANSPARENT")
    if place.pages_at:
        event.add("url", f"{place.pages_at}/expiry/calendar/")
    for before in ALARMS:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("trigger", -before)
        alarm.add("description", title)
        event.add_component(alarm)
    return event


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
