"""Header fields of every answer besides the Content-Security-Policy (``config/pages.py``)."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

Answer = Callable[[HttpRequest], HttpResponseBase]


def strict_headers(get_response: Answer) -> Answer:
    """Middleware, the outermost: also what others answer carries these fields."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store"
        return response

    return answer
