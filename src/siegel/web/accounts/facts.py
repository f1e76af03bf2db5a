"""What the pages about accounts say about each: its state in words, people with their time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from siegel.flows.account_access import Opened
from siegel.policy.access import AccountRight, Capacity, Standing
from siegel.store.rows import AccountListing, AccountPersonRow, AccountRow
from siegel.web.person import Person
from siegel.web.templatetags.siegel import day

SOON = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """As tag: class, sign and words of the stylesheet."""

    kind: str
    icon: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    account: AccountListing
    state: State
    people: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLine:
    row: AccountPersonRow
    capacity: str
    time: str
    state: State | None
    may_change: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountPage:
    account: AccountRow
    people: tuple[PersonLine, ...]
    may_arrange: bool
    may_appoint: bool
    may_connect: bool
    works_here: bool


def row_of(account: AccountListing, at: datetime) -> Row:
    number = account.people
    people = ngettext("%(n)s person", "%(n)s people", number) % {"n": number}
    return Row(
        account=account,
        state=_state(account, at),
        people=people if number else _("nobody yet"),
    )


def page_of(opened: Opened, person: Person, at: datetime) -> AccountPage:
    return AccountPage(
        account=opened.account,
        people=tuple(_lines(opened, at)),
        may_arrange=AccountRight.ARRANGE in opened.may,
        may_appoint=AccountRight.APPOINT_DEPUTIES in opened.may,
        may_connect=AccountRight.CONNECT_MAILBOX in opened.may,
        works_here=any(row.user == person.email for row in opened.people),
    )


def last_day(standing: Standing) -> datetime | None:
    """The day that is included: a time ends with the beginning of the next."""
    return None if standing.until is None else standing.until - timedelta(seconds=1)


def _state(account: AccountListing, at: datetime) -> State:
    until = account.certificate_until
    if not account.active:
        return State(kind="is-open", icon="close", words=_("Switched off"))
    if until is None:
        return State(kind="is-todo", icon="key-missing", words=_("No certificate"))
    if until <= at:
        return State(kind="is-warn", icon="clock", words=_("Certificate expired"))
    said = _("Signs until %(day)s") % {"day": day(until)}
    if until - at <= SOON:
        return State(kind="is-warn", icon="clock", words=said)
    return State(kind="is-good", icon="seal", words=said)


def _lines(opened: Opened, at: datetime) -> Iterator[PersonLine]:
    arranges = AccountRight.ARRANGE in opened.may
    appoints = AccountRight.APPOINT_DEPUTIES in opened.may
    for row in opened.people:
        is_deputy = row.standing.capacity is Capacity.DEPUTY
        yield PersonLine(
            row=row,
            capacity=_capacity(row.standing.capacity),
            time=_time(row.standing),
            state=_person_state(row, at),
            may_change=arranges or (appoints and is_deputy),
        )


def _capacity(capacity: Capacity) -> str:
    return {
        Capacity.OWNER: _("Owner"),
        Capacity.MEMBER: _("Member"),
        Capacity.DEPUTY: _("Deputy"),
    }[capacity]


def _time(standing: Standing) -> str:
    since, until = day(standing.since), last_day(standing)
    if until is None:
        return _("since %(day)s") % {"day": since}
    return _("%(first)s to %(last)s") % {"first": since, "last": day(until)}


def _person_state(row: AccountPersonRow, at: datetime) -> State | None:
    """Only where something keeps the person from the account."""
    standing = row.standing
    if not row.active:
        return State(kind="is-open", icon="lock", words=_("Deactivated"))
    if standing.since > at:
        return State(kind="is-todo", icon="calendar", words=_("Begins later"))
    if not standing.is_in_force(at):
        return State(kind="is-open", icon="clock", words=_("Has ended"))
    return None
