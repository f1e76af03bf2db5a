"""One's own sign-in: password, second factor, passkeys, sessions; language and colours."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from siegel.flows import outbox_undo, people
from siegel.flows.people import Role
from siegel.web.access import for_role, public
from siegel.web.person import THEMES, Person, person_of
from siegel.wording.words import Language


@require_safe
@for_role(Role.MEMBER)
def overview(request: HttpRequest, person: Person) -> HttpResponse:
    context = {
        "themes": THEMES,
        "own": person,
        "undo_choices": outbox_undo.SECONDS,
        "undo_seconds": outbox_undo.seconds_of(person.email),
    }
    return render(request, "preferences/overview.html", context)


@require_safe
@for_role(Role.MEMBER)
def menu(request: HttpRequest, person: Person) -> HttpResponse:
    """The whole navigation as a page, for phones."""
    del person
    return render(request, "preferences/menu.html")


@require_POST
@public
def language(request: HttpRequest) -> HttpResponse:
    """Remembered by the browser, and with the person if somebody is signed in."""
    wished = request.POST.get("language", "")
    answer = HttpResponseRedirect(_back(request))
    if wished in list(Language):
        answer.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            wished,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
            samesite=settings.LANGUAGE_COOKIE_SAMESITE,
        )
        person = person_of(request)
        if person is not None:
            people.prefer(person.email, language=wished)
    return answer


@require_POST
@for_role(Role.MEMBER)
def theme(request: HttpRequest, person: Person) -> HttpResponse:
    wished = request.POST.get("theme", "")
    if wished in THEMES:
        people.prefer(person.email, theme=wished)
    return redirect("preferences")


@require_POST
@for_role(Role.MEMBER)
def undo_seconds(request: HttpRequest, person: Person) -> HttpResponse:
    wished = request.POST.get("seconds", "")
    if wished in map(str, outbox_undo.SECONDS):
        outbox_undo.choose_seconds(person.email, int(wished))
    return redirect("preferences")


def _back(request: HttpRequest) -> str:
    """Where the person came from, if that is a page of ours."""
    wished = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(wished, {request.get_host()}, request.is_secure()):
        return wished
    return reverse("start")
