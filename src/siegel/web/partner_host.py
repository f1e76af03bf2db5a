"""A host name of the partner site's own (``[directory] hosts``): nothing of the office is there.

It takes other addresses than the office (``partner_urls.py``) and no sign-in: a session cookie that
comes along is not looked at, so whoever is signed in is nobody on that host.
"""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponseBase

Answer = Callable[[HttpRequest], HttpResponseBase]
URLS = "siegel.web.partner_urls"


def partner_host(get_response: Answer) -> Answer:
    """Middleware before everything that knows sessions."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        if is_partner_host(request):
            request.urlconf = URLS  # Django reads it
            request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
        return get_response(request)

    return answer


def is_partner_host(request: HttpRequest) -> bool:
    """By the name alone. One that is nobody's is none of ours: Django refuses it later, with a page
    that asks here again."""
    try:
        name = request.get_host().partition(":")[0].lower().rstrip(".")
    except DisallowedHost:
        return False
    return name in settings.SIEGEL.directory.hosts
