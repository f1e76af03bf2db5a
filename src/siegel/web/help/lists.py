"""The lists of the help, kept by administrators."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from siegel.base.errors import LimitExceeded, NotFound
from siegel.flows import help_links
from siegel.flows.help_links import MAX_LINKS, Refused
from siegel.flows.people import Role
from siegel.web import clock
from siegel.web.access import for_role
from siegel.web.help.forms import LinkForm, first_values
from siegel.web.person import Person, language_of
from siegel.wording.help_links import HelpLink, HelpList


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An entry in the language of the page."""

    key: str
    url: str
    here: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One list on the page."""

    kind: HelpList
    title: str
    rows: tuple[Row, ...]
    changed_at: datetime | None
    changed_by: str


@require_safe
@for_role(Role.ADMINISTRATOR)
def overview(request: HttpRequest, person: Person) -> HttpResponse:
    del person
    language = language_of(request)
    shown = [
        Shown(
            kind=kind,
            title=_title(kind),
            rows=tuple(
                Row(
                    key=link.key,
                    url=link.url,
                    here=link.titles[language],
                    note=link.notes[language],
                )
                for link in found.links
            ),
            changed_at=found.changed_at,
            changed_by=found.changed_by.removeprefix("user:"),
        )
        for kind, found in help_links.all_listed().items()
    ]
    return render(request, "help/lists.html", {"lists": shown})


@require_http_methods(["GET", "HEAD", "POST"])
@for_role(Role.ADMINISTRATOR)
def add(request: HttpRequest, person: Person, kind: str) -> HttpResponse:
    where = _kind(kind)
    form = LinkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            help_links.add(where, form.draft(), by=person.actor, at=clock.now())
        except Refused as refused:
            form.say(refused)
        except LimitExceeded:
            form.add_error(None, _("The list is full: %(n)d entries.") % {"n": MAX_LINKS})
        else:
            messages.success(request, _("The link is in the list."))
            return redirect("help:lists")
    context = {"form": form, "kind": where, "title": _title(where)}
    return render(request, "help/link.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_role(Role.ADMINISTRATOR)
def change(request: HttpRequest, person: Person, kind: str, key: str) -> HttpResponse:
    where = _kind(kind)
    link = _link(where, key)
    form = LinkForm(request.POST or None, initial=first_values(link))
    if request.method == "POST" and form.is_valid():
        try:
            with _known():
                help_links.change(where, key, form.draft(), by=person.actor, at=clock.now())
        except Refused as refused:
            form.say(refused)
        else:
            messages.success(request, _("The link is changed."))
            return redirect("help:lists")
    context = {"form": form, "kind": where, "title": _title(where), "link": link}
    return render(request, "help/link.html", context)


@require_POST
@for_role(Role.ADMINISTRATOR)
def move(request: HttpRequest, person: Person, kind: str, key: str) -> HttpResponse:
    steps = -1 if request.POST.get("where") == "up" else 1
    with _known():
        help_links.move(_kind(kind), key, steps, by=person.actor, at=clock.now())
    return redirect("help:lists")


@require_POST
@for_role(Role.ADMINISTRATOR)
def remove(request: HttpRequest, person: Person, kind: str, key: str) -> HttpResponse:
    with _known():
        help_links.remove(_kind(kind), key, by=person.actor, at=clock.now())
    messages.success(request, _("The link is gone."))
    return redirect("help:lists")


@require_POST
@for_role(Role.ADMINISTRATOR)
def restore(request: HttpRequest, person: Person, kind: str) -> HttpResponse:
    help_links.restore(_kind(kind), by=person.actor, at=clock.now())
    messages.success(request, _("The list is again as Siegel brings it."))
    return redirect("help:lists")


@contextmanager
def _known() -> Iterator[None]:
    """What somebody else has taken out meanwhile is not found."""
    try:
        yield
    except NotFound as error:
        raise Http404 from error


def _kind(kind: str) -> HelpList:
    if kind not in list(HelpList):
        raise Http404
    return HelpList(kind)


def _link(kind: HelpList, key: str) -> HelpLink:
    for link in help_links.listed(kind).links:
        if link.key == key:
            return link
    raise Http404


def _title(kind: HelpList) -> str:
    return {
        HelpList.CA: _("Authorities that issue certificates"),
        HelpList.LINK: _("Offices and knowledge"),
    }[kind]
