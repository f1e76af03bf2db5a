"""Published addresses are answered before everything that pages need: no session, no cookie, no
language, and under whatever host name the certificates were made for.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.urls import Resolver404, resolve

from siegel.base.errors import NotFound
from siegel.web.pki import views

PREFIX = "/pki/"
_FIELDS = {
    "X-Robots-Tag": "noindex",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'",
}

Answer = Callable[[HttpRequest], HttpResponseBase]


def door(get_response: Answer) -> Answer:
    """Middleware, before the sessions. What is not below ``PREFIX`` goes on."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(PREFIX):
            return get_response(request)
        response = _answered(request)
        for field, value in _FIELDS.items():
            response[field] = value
        return response

    return answer


def _answered(request: HttpRequest) -> HttpResponseBase:
    try:
        found = resolve(request.path_info)
        answer: HttpResponseBase = found.func(request, *found.args, **found.kwargs)
    except (Resolver404, NotFound):
        return views.not_found()
    except Exception:  # the last line of defence: never a page, always an answer
        return views.failed(request.path_info)
    return answer
