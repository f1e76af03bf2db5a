"""A conversation as a line of a list: words, marks and times, nothing from outside unchecked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from django.urls import NoReverseMatch, reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from siegel.flows.mail_list import Line
from siegel.policy.message_state import MessageState
from siegel.web.initials import initials
from siegel.web.message_looks import look_of
from siegel.web.templatetags.siegel import plain
from siegel.wording.message_states import state_words
from siegel.wording.words import Language

SUBJECT, PREVIEW = 160, 200  # characters; no line of a screen shows more
MOST_NAMES = 3  # people named in one line


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """``choice`` names the line in a form. ``to``: the list shows to whom, not from whom."""

    choice: str
    state: str
    icon: str
    short: str
    names: tuple[str, ...]
    to: bool
    messages: int
    unread: bool
    flagged: bool
    subject: str
    preview: str
    files: int
    address: str
    when: str
    at: datetime
    assigned: str
    letters: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    title: str
    lines: tuple[Shown, ...]


def days(lines: Iterable[Line], now: datetime, language: Language, *, sent: bool) -> list[Day]:
    """Grouped as people remember: today, yesterday, this week, then by month."""
    today = localtime(now).date()
    grouped = groupby(lines, key=lambda line: _title(localtime(line.row.at).date(), today))
    return [
        Day(title=title, lines=tuple(shown(line, today, language, sent=sent) for line in some))
        for title, some in grouped
    ]


def shown(line: Line, today: date, language: Language, *, sent: bool) -> Shown:
    row = line.row
    state, icon = look_of(row.latest.state)
    assigned = row.assigned_name or str(row.assigned_to or "")
    return Shown(
        choice=f"{row.folder or 0}.{row.conversation}",
        state=state,
        icon=icon,
        short=state_words(row.latest.state, language).short,
        names=_names(line, sent),
        to=sent,
        messages=row.messages,
        unread=row.unread > 0,
        flagged=row.flagged > 0,
        subject=plain(line.inside.subject, SUBJECT) or _("No subject"),
        preview=_preview(line),
        files=row.latest.attachments,
        address=_address(row.conversation, row.folder),
        when=_when(row.at, today),
        at=row.at,
        assigned=assigned,
        letters=initials(assigned),
    )


def _names(line: Line, sent: bool) -> tuple[str, ...]:
    if sent:
        return (line.row.latest.to_names or _("Nobody named"),)
    people = line.row.people[:MOST_NAMES]
    return tuple(
        _("Me") if each.ours else each.name or each.address or _("Nobody named") for each in people
    )


def _preview(line: Line) -> str:
    if line.row.latest.state is MessageState.KEY_MISSING:
        return _("What it says is still closed.")
    return plain(line.inside.preview, PREVIEW)


def _address(conversation: int, folder: int | None) -> str:
    try:
        address = reverse("conversation:show", args=[conversation])
    except NoReverseMatch:
        return ""
    return f"{address}?folder={folder}" if folder else address


def _title(day: date, today: date) -> str:
    if day >= today:
        return _("Today, %(day)s") % {"day": _day(today)}
    if day == today - timedelta(days=1):
        return _("Yesterday, %(day)s") % {"day": _day(day)}
    if day > today - timedelta(days=today.weekday() + 1):
        return _("This week")
    return date_format(day, "F Y")


def _day(day: date) -> str:
    return date_format(day, "j. F" if _german() else "j F")


def _when(moment: datetime, today: date) -> str:
    here = localtime(moment)
    if here.date() >= today:
        return f"{here:%H:%M}"
    if here.date() > today - timedelta(days=7):
        return date_format(here, "D., d.m." if _german() else "D j M")
    return date_format(here, "d.m.Y" if _german() else "j M Y")


def _german() -> bool:
    return (get_language() or "").startswith("de")
