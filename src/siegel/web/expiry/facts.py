"""Ends as the page shows them: what to do, and the one page where it is done."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from siegel.flows.expiry_overview import Ends, grouped
from siegel.policy.expiry import Todo, days_left
from siegel.wording.expiry import said_of_todo
from siegel.wording.words import Language

SHOWN = 100  # of each kind; the list of certificates has all
_SOON = 14  # days; below, it is urgent
_ICONS = {
    Todo.LIST: "warning",
    Todo.RENEW: "cert",
    Todo.AUTHORITY: "anchor",
    Todo.UPLOAD: "assigned",
    Todo.ASK: "partner",
    Todo.SUCCESSOR: "anchor",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """``action``: address and words of the one thing to do."""

    name: str
    ends_at: datetime
    when: str
    state: str
    published: bool
    action: tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    todo: str
    icon: str
    title: str
    why: str
    lines: tuple[Line, ...]
    more: int


def groups_of(found: Iterable[Ends], at: datetime, language: Language) -> list[Group]:
    return [
        Group(
            todo=todo.value,
            icon=_ICONS[todo],
            title=said_of_todo(todo, language).title,
            why=said_of_todo(todo, language).sentence,
            lines=tuple(_line(each, at) for each in mine[:SHOWN]),
            more=max(0, len(mine) - SHOWN),
        )
        for todo, mine in grouped(found).items()
    ]


def _line(ends: Ends, at: datetime) -> Line:
    left = days_left(ends.ends_at, at)
    return Line(
        name=ends.name,
        ends_at=ends.ends_at,
        when=_when(left, ends.todo),
        state="is-bad" if left < 0 else "is-warn" if left <= _SOON else "is-todo",
        published=ends.published,
        action=_action(ends),
    )


def _when(left: int, todo: Todo) -> str:
    if left < 0:
        return _("due now") if todo is Todo.UPLOAD else _("has ended")
    if left == 0:
        return _("today")
    if left == 1:
        return _("tomorrow")
    return _("in %(n)d days") % {"n": left}


def _action(ends: Ends) -> tuple[str, str]:
    match ends.todo:
        case Todo.RENEW:
            return reverse("keys:renew", args=[ends.fingerprint]), _("Renew")
        case Todo.ASK:
            query = urlencode({"to": ends.address, "ask": "new"})
            return f"{reverse('compose:new')}?{query}", _("Ask")
        case Todo.UPLOAD:
            return reverse("checklists:one", args=[ends.number]), _("Upload")
        case Todo.LIST | Todo.AUTHORITY:
            return reverse("authority:show", args=[ends.number]), _("See the authority")
        case Todo.SUCCESSOR:
            return reverse("certificates:one", args=[ends.fingerprint]), _("See the certificate")
