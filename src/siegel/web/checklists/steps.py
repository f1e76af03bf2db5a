"""One step of a list: done, open again, added, taken out."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from siegel.base.errors import LimitExceeded, NotFound
from siegel.flows import checklists
from siegel.flows.checklists import MOST_STEPS, NothingToGive
from siegel.flows.people import Role
from siegel.web import clock
from siegel.web.access import for_role
from siegel.web.checklists.forms import DoneForm, StepForm
from siegel.web.person import Person


@require_POST
@for_role(Role.CERTIFICATE_MANAGER)
def done(request: HttpRequest, person: Person, number: int, step: int) -> HttpResponse:
    form = DoneForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("The note is too long."))
        return redirect("checklists:one", number)
    note = form.cleaned_data["note"]
    with _known():
        try:
            checklists.mark_done(number, step, note, by=person.actor, at=clock.now())
        except NothingToGive:
            messages.error(request, _("This account has no certificate that partners could use."))
        else:
            messages.success(request, _("The step is done."))
    return redirect("checklists:one", number)


@require_POST
@for_role(Role.CERTIFICATE_MANAGER)
def reopen(request: HttpRequest, person: Person, number: int, step: int) -> HttpResponse:
    with _known():
        checklists.reopen(number, step, by=person.actor, at=clock.now())
    messages.success(request, _("The step is open again."))
    return redirect("checklists:one", number)


@require_POST
@for_role(Role.CERTIFICATE_MANAGER)
def add(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    form = StepForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("A step needs a short name."))
        return redirect("checklists:one", number)
    given = form.cleaned_data
    with _known():
        try:
            checklists.add_step(
                number,
                given["title"],
                given["text"],
                follows_certificate=given["follows_certificate"],
                by=person.actor,
                at=clock.now(),
            )
        except LimitExceeded:
            messages.error(request, _("A list has at most %(n)d steps.") % {"n": MOST_STEPS})
        else:
            messages.success(request, _("The step is in the list."))
    return redirect("checklists:one", number)


@require_POST
@for_role(Role.CERTIFICATE_MANAGER)
def remove(request: HttpRequest, person: Person, number: int, step: int) -> HttpResponse:
    with _known():
        checklists.remove_step(number, step, by=person.actor, at=clock.now())
    messages.success(request, _("The step is gone."))
    return redirect("checklists:one", number)


@contextmanager
def _known() -> Iterator[None]:
    """What somebody else has taken out meanwhile is not found."""
    try:
        yield
    except NotFound as error:
        raise Http404 from error
