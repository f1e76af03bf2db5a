"""Between sign-in and every page: people without a role are let go at once, and whoever decides
about keys and trust sets up a second factor before anything else."""

from collections.abc import Callable

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import Resolver404, resolve

from siegel.flows import sign_ins
from siegel.web.person import Person, person_of
from siegel.web.recent import is_by_provider

Answer = Callable[[HttpRequest], HttpResponseBase]
OPEN_WITHOUT = frozenset(
    {
        "account_logout",
        "account_reauthenticate",
        "account_inactive",
        "organisation_again",
        "organisation_enter",
        "openid_connect_callback",
        "language",
        "theme",
        "health",
    }
)
"""Besides the pages of the second factor itself (``mfa_…``)."""


def gate(get_response: Answer) -> Answer:
    """Middleware, the innermost. A person who was deactivated is nobody already: Django asks for
    each request."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        person = person_of(request)
        if person is None:
            return get_response(request)
        if not person.roles:
            get_adapter().logout(request)
            return redirect("account_inactive")
        missing = _must_set_up(request, person)
        request.siegel_second_factor_missing = missing  # type: ignore[attr-defined]  # our own note on the request
        if missing and not _is_open(request.path_info):
            return redirect("mfa_index")
        return get_response(request)

    return answer


def _must_set_up(request: HttpRequest, person: Person) -> bool:
    web = settings.SIEGEL.web
    if web.demo or not web.require_second_factor or is_by_provider(request):
        return False
    return sign_ins.lacks_second_factor(person.email, person.roles)


def _is_open(path: str) -> bool:
    try:
        name = resolve(path).view_name
    except Resolver404:
        return True
    return name in OPEN_WITHOUT or name.startswith("mfa_")
