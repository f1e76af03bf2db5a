"""Header fields of every answer: nothing is loaded but our stylesheet, nobody frames a page.

No page has a script, an image or a form, and none sets a cookie.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
Answer = Callable[[HttpRequest], HttpResponseBase]


def strict_headers(get_response: Answer) -> Answer:
    """Middleware, the outermost: also what others answer carries these fields."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
        response["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store"
        return response

    return answer
