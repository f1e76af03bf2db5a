"""New, answered, passed on, kept: every button of the page is one POST to the page itself."""

from datetime import datetime
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from siegel.base.errors import NotFound
from siegel.flows import drafts
from siegel.flows.people import Role
from siegel.store.queries.drafts import DraftKind
from siegel.web import clock, running
from siegel.web.access import for_role
from siegel.web.compose import acting, page
from siegel.web.compose.page import Desk
from siegel.web.person import Person


@require_http_methods(["GET", "HEAD", "POST"])
@for_role(Role.MEMBER)
def new(request: HttpRequest, person: Person) -> HttpResponse:
    """``to``, ``subject``, ``account`` and ``ask`` fill the form in; nothing is kept before a
    button is pressed."""
    at = clock.now()
    desk = Desk() if request.method == "POST" else page.blank(request, person, at)
    return _answer(request, person, desk, at)


@require_http_methods(["GET", "HEAD", "POST"])
@for_role(Role.MEMBER)
def reply(request: HttpRequest, person: Person, item: int) -> HttpResponse:
    kind = DraftKind.REPLY_ALL if request.GET.get("all") else DraftKind.REPLY
    return _answering(request, person, kind, item)


@require_http_methods(["GET", "HEAD", "POST"])
@for_role(Role.MEMBER)
def forward(request: HttpRequest, person: Person, item: int) -> HttpResponse:
    return _answering(request, person, DraftKind.FORWARD, item)


@require_http_methods(["GET", "HEAD", "POST"])
@for_role(Role.MEMBER)
def edit(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    at = clock.now()
    try:
        desk = page.at_draft(drafts.get(number, person.email, running.site()), person, at)
    except NotFound as error:
        raise Http404 from error
    if request.method != "POST" and desk.draft is not None and desk.draft.handed_over:
        return redirect("outbox:show", desk.draft.handed_over)
    return _answer(request, person, desk, at)


@require_http_methods(["GET", "HEAD", "POST"])
@for_role(Role.MEMBER)
def discard(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """Asks first: a draft that is thrown away does not come back."""
    try:
        draft = drafts.get(number, person.email, running.site())
    except NotFound as error:
        raise Http404 from error
    if request.method == "POST":
        acting.thrown_away(draft, person, clock.now())
        messages.success(request, _("The draft is gone."))
        return redirect("compose:drafts")
    return render(request, "compose/discard.html", {"draft": draft})


@require_safe
@for_role(Role.MEMBER)
def listing(request: HttpRequest, person: Person) -> HttpResponse:
    before = _moment(request.GET.get("before", ""))
    found = drafts.listed(person.email, running.site(), before=before)
    shown = found[: drafts.PAGE]
    older = ""
    if len(found) > drafts.PAGE:
        older = urlencode({"before": f"{shown[-1].saved_at.isoformat()} {shown[-1].id}"})
    return render(request, "compose/drafts.html", {"drafts": shown, "page": {"older": older}})


@require_safe
@for_role(Role.MEMBER)
def file(request: HttpRequest, person: Person, number: int, file: int) -> HttpResponse:
    """A file of one's own draft, saved and never shown."""
    try:
        draft = drafts.get(number, person.email, running.site())
        found = next((each for each in draft.files if each.id == file), None)
        if found is None:
            raise NotFound(f"no file {file}")
        octets = drafts.octets(draft, found, running.site())
    except NotFound as error:
        raise Http404 from error
    return acting.saved_file(octets, found.name)


def _moment(mark: str) -> tuple[datetime, int] | None:
    """The end of the page before; a mark that nobody gave begins anew."""
    moment, _sign, number = mark.rpartition(" ")
    try:
        found = datetime.fromisoformat(moment)
        return (found, int(number)) if found.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None


def _answering(request: HttpRequest, person: Person, kind: DraftKind, item: int) -> HttpResponse:
    at = clock.now()
    try:
        desk = page.answering(request, person, kind, item, at)
    except NotFound as error:
        raise Http404 from error
    return _answer(request, person, desk, at)


def _answer(request: HttpRequest, person: Person, desk: Desk, at: datetime) -> HttpResponse:
    if not page.sender_of("", person, at):
        return render(request, "compose/nowhere.html", {}, status=200)
    if request.method != "POST":
        more = acting.refused_before(request, desk)
        return render(
            request, "compose/write.html", page.context(request, person, desk, at, **more)
        )
    try:
        desk = page.posted(request, person, desk, at)
    except NotFound as error:
        raise Http404 from error
    return acting.act(request, person, desk, at)
