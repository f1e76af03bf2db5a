"""What programs ask: a word whether we answer, and figures for Prometheus. No names, no addresses.

Figures are for those who know the token of the configuration. Without one they are for this machine
only; a request that came through a proxy is nobody's in particular, because all visitors of the
proxy look like this machine.
"""

import ipaddress
import secrets

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from siegel.flows import health, metrics
from siegel.web import clock
from siegel.web.access import public

FRESH = 5  # seconds: strangers cannot make us look again and again
FORWARDED = ("X-Forwarded-For", "X-Real-IP", "Forwarded", "Via")


@require_safe
@public
def healthz(request: HttpRequest) -> HttpResponse:
    """200 "ok", or 503 with what does not answer, one word a line."""
    del request
    text = cache.get("healthz")
    if text is None:
        text = "\n".join(_silent())
        cache.set("healthz", text, FRESH)
    code = 503 if text else 200
    return HttpResponse(f"{text or 'ok'}\n", content_type="text/plain", status=code)


@require_safe
@public
def figures(request: HttpRequest) -> HttpResponse:
    if not _may_ask(request):
        answer = HttpResponse("who are you?\n", content_type="text/plain", status=401)
        answer["WWW-Authenticate"] = 'Bearer realm="metrics"'
        return answer
    content = metrics.exposition(settings.SIEGEL, clock.now())
    return HttpResponse(content, content_type=metrics.CONTENT_TYPE)


def _silent() -> list[str]:
    asked = health.answering(settings.SIEGEL)
    silent = [role.value for role, answers in asked.items() if not answers]
    return silent if health.store_answers() else [*silent, "store"]


def _may_ask(request: HttpRequest) -> bool:
    token = settings.SIEGEL.web.metrics_token
    if token is None:
        return _is_this_machine(request)
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    return scheme.lower() == "bearer" and secrets.compare_digest(
        given.strip().encode(), token.reveal()
    )


def _is_this_machine(request: HttpRequest) -> bool:
    if any(name in request.headers for name in FORWARDED):
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
