"""The lists: all inboxes, one folder, what is assigned, what was sent; and the search."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from siegel.flows import conversation_handling, mail_list
from siegel.flows.mail_list import FolderRole, Listed, Only, Page
from siegel.flows.people import Role
from siegel.store.mail_rows import FolderRow
from siegel.web import clock, running
from siegel.web.access import for_role
from siegel.web.inbox import facts, notes, undoing
from siegel.web.inbox.folders import name_of, trees
from siegel.web.person import Person, language_of

LONGEST_SEARCH = 200  # characters, as in the form
SHORTEST_SEARCH = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    label: str
    query: str
    current: bool
    count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What is peculiar about one list. ``chosen``: its folders; empty: a list of no folder."""

    title: str
    lead: str = ""
    empty: tuple[str, str]
    chosen: Sequence[FolderRow] = field(default=())
    narrows: bool = True
    sent: bool = False
    role: str = ""


@require_safe
@for_role(Role.MEMBER)
def home(request: HttpRequest, person: Person) -> HttpResponse:
    at = clock.now()
    folders = mail_list.folders(person.email, at=at)
    text = request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    if text:
        return _search(request, person, text, folders, at)
    chosen = [row for row in folders if row.role == FolderRole.INBOX]
    sheet = Sheet(
        title=_("Inbox"),
        lead=", ".join(str(row.account) for row in chosen[:4]),
        empty=(_("Nothing here"), _("New mail appears here by itself.")),
        chosen=chosen,
    )
    return _of_folders(request, person, sheet, folders, at)


@require_safe
@for_role(Role.MEMBER)
def folder(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    at = clock.now()
    folders = mail_list.folders(person.email, at=at)
    row = next((each for each in folders if each.id == number), None)
    if row is None:
        raise Http404
    sheet = Sheet(
        title=name_of(row),
        lead=str(row.account),
        empty=(_("Nothing here"), _("This folder is empty.")),
        chosen=[row],
        sent=row.role in (FolderRole.SENT, FolderRole.DRAFTS),
        role=row.role,
    )
    return _of_folders(request, person, sheet, folders, at)


@require_safe
@for_role(Role.MEMBER)
def sent(request: HttpRequest, person: Person) -> HttpResponse:
    at = clock.now()
    folders = mail_list.folders(person.email, at=at)
    chosen = [row for row in folders if row.role == FolderRole.SENT]
    sheet = Sheet(
        title=_("Sent"),
        lead=", ".join(str(row.account) for row in chosen[:4]),
        empty=(_("Nothing sent yet"), _("What you send lies here, protected as it went out.")),
        chosen=chosen,
        sent=True,
    )
    return _of_folders(request, person, sheet, folders, at)


@require_safe
@for_role(Role.MEMBER)
def assigned(request: HttpRequest, person: Person) -> HttpResponse:
    at = clock.now()
    folders = mail_list.folders(person.email, at=at)
    found = mail_list.assigned(person.email, _page(request), running.site().vault, at=at)
    sheet = Sheet(
        title=_("Assigned to me"),
        lead=_("Conversations that you take care of, from all your accounts."),
        empty=(_("Nothing is assigned to you"), _("Colleagues or you can assign conversations.")),
        narrows=False,
    )
    return _answer(request, person, sheet, found, folders, at)


def _search(
    request: HttpRequest, person: Person, text: str, folders: Sequence[FolderRow], at: datetime
) -> HttpResponse:
    short = len(text) < SHORTEST_SEARCH
    found = mail_list.search(text, person.email, running.site().vault, at=at)
    sheet = Sheet(
        title=_("Search"),
        lead=_("In all your accounts. Of encrypted mail, only what anybody could read."),
        empty=(
            _("Nothing found"),
            _("Two letters are needed.") if short else _("Try another word, or its beginning."),
        ),
        narrows=False,
    )
    return _answer(request, person, sheet, found, folders, at, text=text)


def _of_folders(
    request: HttpRequest, person: Person, sheet: Sheet, folders: Sequence[FolderRow], at: datetime
) -> HttpResponse:
    vault = running.site().vault
    found = mail_list.of_folders(sheet.chosen, _page(request), person.email, vault)
    return _answer(request, person, sheet, found, folders, at)


def _answer(
    request: HttpRequest,
    person: Person,
    sheet: Sheet,
    found: Listed,
    folders: Sequence[FolderRow],
    at: datetime,
    *,
    text: str = "",
) -> HttpResponse:
    language = language_of(request)
    current = sheet.chosen[0].id if request.resolver_match and "number" in (
        request.resolver_match.kwargs
    ) else None  # fmt: skip
    only = _page(request).only
    context = {
        "sheet": sheet,
        "text": text,
        "tabs_of_list": _tabs(sheet, only) if sheet.narrows else [],
        "narrowed": only is not Only.ALL and sheet.narrows,
        "days": facts.days(found.lines, at, language, sent=sheet.sent),
        "page": {
            "newer": _query(only, before=found.before),
            "older": _query(only, after=found.after),
        },
        "too_many": found.too_many,
        "trees": trees(folders, current),
        "colleagues": _colleagues(sheet.chosen or folders, at),
        "notes": [] if text else notes.of(folders, person.email, at),
        "undo": undoing.shown(request),
        "here": request.get_full_path(),
        "has_accounts": bool(folders),
    }
    return render(request, "inbox/list.html", context)


def _colleagues(folders: Sequence[FolderRow], at: datetime) -> list[tuple[str, str]]:
    """(address, name) of those who read all accounts of this list."""
    accounts = list(dict.fromkeys(row.account for row in folders))
    rows = conversation_handling.colleagues(accounts, at=at) if accounts else ()
    return [(str(row.user), row.user_name or str(row.user)) for row in rows]


def _tabs(sheet: Sheet, only: Only) -> list[Tab]:
    labels = {
        Only.ALL: _("All"),
        Only.UNREAD: _("Unread"),
        Only.ASSIGNED: _("Assigned to me"),
        Only.FILES: _("With attachment"),
        Only.FLAGGED: _("Flagged"),
    }
    unread = sum(row.unread for row in sheet.chosen)
    return [
        Tab(
            label=label,
            query="?" if each is Only.ALL else f"?only={each.value}",
            current=each is only,
            count=unread if each is Only.UNREAD else 0,
        )
        for each, label in labels.items()
    ]


def _page(request: HttpRequest) -> Page:
    only = request.GET.get("only", "")
    return Page(
        only=Only(only) if only in list(Only) else Only.ALL,
        after=request.GET.get("after"),
        before=request.GET.get("before"),
    )


def _query(only: Only, **marks: str | None) -> str:
    """ "" where there is nothing further."""
    place = {name: mark for name, mark in marks.items() if mark}
    kept = {} if only is Only.ALL else {"only": only.value}
    return urlencode({**kept, **place}) if place else ""
