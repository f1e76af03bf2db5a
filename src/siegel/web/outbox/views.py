"""The outbox: its list, one message, and what its writer can do with it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from siegel.base.errors import Conflict, NotFound
from siegel.flows import outbox, outbox_undo
from siegel.flows.outbox import OutboxState
from siegel.flows.people import Role
from siegel.store.outbox_rows import OutboxRow
from siegel.web import clock, running
from siegel.web.access import for_role
from siegel.web.outbox.facts import line_of, sheet_of
from siegel.web.person import Person, language_of


@require_safe
@for_role(Role.MEMBER)
def listing(request: HttpRequest, person: Person) -> HttpResponse:
    at, language = clock.now(), language_of(request)
    still_here = outbox.open_items(person.email, at=at)
    ended = outbox.ended_items(person.email, at=at)
    held = [row for row in still_here if row.state is OutboxState.HELD]
    waiting = [row for row in still_here if row.state is not OutboxState.HELD]
    failed = [row for row in ended if row.state is OutboxState.FAILED]
    sent = [row for row in ended if row.state is OutboxState.SENT]
    shelves = (
        (_("Held"), _("They may not leave as they are."), held),
        (_("Not delivered"), _("Nobody got these messages."), failed),
        (_("On their way"), _("They leave by themselves."), waiting),
        (_("Sent lately"), _("They lie in the folder “Sent”."), sent),
    )
    shown = [
        {"title": title, "lead": lead, "lines": [line_of(row, language) for row in rows]}
        for title, lead, rows in shelves
        if rows
    ]
    return render(request, "outbox/list.html", {"shelves": shown})


@require_safe
@for_role(Role.MEMBER)
def show(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    row = _row(number, person)
    return render(request, "outbox/show.html", {"sheet": sheet_of(row, language_of(request))})


@require_POST
@for_role(Role.MEMBER)
def undo(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """Back to writing: the message becomes a draft again."""
    _row(number, person)
    try:
        draft = outbox_undo.back_to_draft(
            number, person.email, running.site(), by=person.actor, at=clock.now()
        )
    except Conflict:
        messages.error(request, _("Too late: it is on its way already."))
        return redirect("outbox:show", number)
    messages.success(request, _("Taken back. Nobody got it; here is your text again."))
    return redirect(_writing(draft))


@require_POST
@for_role(Role.MEMBER)
def now(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    _row(number, person)
    try:
        outbox.try_now(number, person.email, at=clock.now())
    except Conflict:
        messages.error(request, _("It is on its way already."))
    else:
        messages.success(request, _("It is looked at again this very moment."))
    return redirect("outbox:show", number)


@require_http_methods(["GET", "HEAD", "POST"])
@for_role(Role.MEMBER)
def withdraw(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """The text is lost with it, so a page of its own asks before."""
    row = _row(number, person)
    if request.method != "POST":
        return render(request, "outbox/withdraw.html", {"row": row})
    try:
        outbox.withdraw(number, person.email, by=person.actor, at=clock.now())
    except Conflict:
        messages.error(request, _("Too late: it is on its way already."))
        return redirect("outbox:show", number)
    messages.success(request, _("The message is deleted. Nobody got it."))
    return redirect("outbox:list")


@require_safe
@for_role(Role.MEMBER)
def original(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """The writer's text, while the outbox keeps it."""
    del request
    try:
        octets = outbox.text_of(_row(number, person), running.site())
    except NotFound as error:
        raise Http404 from error
    answer = HttpResponse(octets, content_type="application/octet-stream")
    answer.headers["Content-Disposition"] = f'attachment; filename="message-{number}.eml"'
    return answer


def _writing(draft: int) -> str:
    try:
        return reverse("compose:edit", args=[draft])
    except NoReverseMatch:  # an installation without pages for writing
        return reverse("outbox:list")


def _row(number: int, person: Person) -> OutboxRow:
    try:
        return outbox.get(number, person.email, at=clock.now())
    except NotFound as error:
        raise Http404 from error
