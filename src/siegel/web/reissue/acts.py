"""What is done with a campaign at one click; each of it can be undone or is confirmed before."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from siegel.base.errors import Conflict
from siegel.flows import reissuing
from siegel.flows.people import Role
from siegel.web import clock
from siegel.web.access import for_role
from siegel.web.person import Person
from siegel.web.reissue.forms import SwitchForm
from siegel.web.reissue.views import campaign_of


@require_POST
@for_role(Role.CERTIFICATE_MANAGER)
def start(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    return _done(
        request,
        number,
        lambda: reissuing.start(number, by=person.actor, at=clock.now()),
        _("It goes on by itself. You may leave this page."),
        _("It runs already, or is ended."),
    )


@require_POST
@for_role(Role.CERTIFICATE_MANAGER)
def stop(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    return _done(
        request,
        number,
        lambda: reissuing.stop(number, by=person.actor, at=clock.now()),
        _("Stopped. What is there stays; nothing more is ordered for now."),
        _("It was not running any more."),
    )


@require_POST
@for_role(Role.CERTIFICATE_MANAGER)
def discard(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    del person
    campaign_of(number)
    try:
        reissuing.discard(number)
    except Conflict:
        messages.error(request, _("It was started already, so it stays."))
        return redirect("reissue:one", number)
    messages.success(request, _("Discarded. Nothing was changed."))
    return redirect("reissue:list")


@require_POST
@for_role(Role.CERTIFICATE_MANAGER)
def again(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    del person
    campaign_of(number)
    tried = reissuing.try_again(number)
    said = ngettext("%(n)d is tried again.", "%(n)d are tried again.", tried)
    messages.success(request, said % {"n": tried})
    return redirect("reissue:one", number)


@require_POST
@for_role(Role.CERTIFICATE_MANAGER)
def switch(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """``now`` switches at once; else at the moment that was given."""
    campaign_of(number)
    form, at = SwitchForm(request.POST), clock.now()
    moment = form.moment_of(at, now="now" in request.POST) if form.is_valid() else None
    if moment is None:
        messages.error(request, _("Give day and time, or choose “now”."))
        return redirect("reissue:one", number)
    return _done(
        request,
        number,
        lambda: reissuing.switch(number, moment, by=person.actor, at=at),
        _("From then on the new certificates sign."),
        _("The new certificates sign already."),
    )


@require_POST
@for_role(Role.CERTIFICATE_MANAGER)
def end(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    return _done(
        request,
        number,
        lambda: reissuing.end(number, by=person.actor, at=clock.now()),
        _("Ended. The newest certificates sign."),
        _("It was ended already."),
    )


def _done(
    request: HttpRequest, number: int, act: Callable[[], None], said: str, against: str
) -> HttpResponse:
    campaign_of(number)
    try:
        act()
    except Conflict:
        messages.error(request, against)
    else:
        messages.success(request, said)
    return redirect("reissue:one", number)
