"""The calendar: a file, and a secret address to subscribe to."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from siegel.base.errors import NotFound
from siegel.flows import expiry_calendar
from siegel.flows.expiry_calendar import Place
from siegel.flows.people import Role
from siegel.web import clock, running
from siegel.web.access import for_role, public
from siegel.web.person import Person, language_of

_SHOWN_ONCE = "siegel_calendar_token"


@require_safe
@cache_control(no_store=True)
@for_role(Role.MEMBER)
def show(request: HttpRequest, person: Person) -> HttpResponse:
    """The secret address stands here once, right after it was made."""
    token = request.session.pop(_SHOWN_ONCE, "")
    secret = request.build_absolute_uri(reverse("expiry:fetch", args=[token])) if token else ""
    context = {"secret": secret, "since": expiry_calendar.subscribed_since(person.email)}
    return render(request, "expiry/calendar.html", context)


@require_POST
@for_role(Role.MEMBER)
def subscribe(request: HttpRequest, person: Person) -> HttpResponse:
    request.session[_SHOWN_ONCE] = expiry_calendar.subscribe(
        person.email,
        language_of(request),
        rng=running.site().rng,
        by=person.actor,
        at=clock.now(),
    )
    return redirect("expiry:calendar")


@require_POST
@for_role(Role.MEMBER)
def unsubscribe(request: HttpRequest, person: Person) -> HttpResponse:
    if expiry_calendar.unsubscribe(person.email, by=person.actor, at=clock.now()):
        messages.success(request, _("The secret address opens nothing any more."))
    return redirect("expiry:calendar")


@require_safe
@for_role(Role.MEMBER)
def download(request: HttpRequest, person: Person) -> HttpResponse:
    data = expiry_calendar.calendar_of(person.email, language_of(request), _place(), at=clock.now())
    answer = _answer(data)
    answer.headers["Content-Disposition"] = 'attachment; filename="siegel.ics"'
    return answer


@public
@require_safe
def fetch(request: HttpRequest, token: str) -> HttpResponse:
    """Without cookie and password; whatever opens nothing is the same "not found"."""
    del request
    try:
        return _answer(expiry_calendar.subscribed(token, _place(), at=clock.now()))
    except NotFound as error:
        raise Http404 from error


def _answer(data: bytes) -> HttpResponse:
    answer = HttpResponse(data, content_type=expiry_calendar.MEDIA_TYPE)
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def _place() -> Place:
    site = running.site()
    return Place(hostname=site.hostname, pages_at=site.pages_at)
