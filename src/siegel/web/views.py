"""The status page, its stylesheet, and one line for monitoring programs.

There is no login yet, so the page shows numbers only: no address, subject, name or port.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from importlib import resources

from django.conf import settings
from django.core.cache import cache as memory
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language_from_request
from django.views.decorators.http import require_safe

from siegel.flows import status as facts
from siegel.transport.envelope import Role
from siegel.web.access import public
from siegel.web.page import Page, page_of, page_without_store
from siegel.wording.words import Language

FRESH = 15  # seconds a look at the installation is good for: strangers cannot make it look often
A_YEAR = 365 * 24 * 3600


def now() -> datetime:
    return datetime.now(UTC)


@require_safe
@public
def status(request: HttpRequest) -> HttpResponse:
    language = language_of(request)
    try:
        page = page_of(_seen(), language)
    except DatabaseError:
        return _rendered(request, page_without_store(language), code=503)
    return _rendered(request, page, code=200)


@require_safe
@public
def health(request: HttpRequest) -> HttpResponse:
    """200 "ok", or 503 with what does not answer, one word a line."""
    del request
    silent = [role.value for role, answers in facts.listening(listeners()).items() if not answers]
    if not facts.store_answers():
        silent.append("store")
    text = "\n".join(silent) or "ok"
    return HttpResponse(f"{text}\n", content_type="text/plain", status=503 if silent else 200)


@require_safe
@public
def stylesheet(request: HttpRequest, mark: str) -> HttpResponse:
    """Its address changes with its content, so browsers may keep it."""
    del request
    current = mark == stylesheet_mark()
    response = HttpResponse(_stylesheet(), content_type="text/css; charset=utf-8")
    response["Cache-Control"] = f"max-age={A_YEAR}, immutable" if current else "no-store"
    return response


def stylesheet_mark() -> str:
    return sha256(_stylesheet()).hexdigest()[:16]


def language_of(request: HttpRequest) -> Language:
    """``?lang=``, else what the browser prefers, else the organisation's language."""
    asked = request.GET.get("lang", "")
    if asked in list(Language):
        return Language(asked)
    return Language(get_language_from_request(request))


def _rendered(request: HttpRequest, page: Page, *, code: int) -> HttpResponse:
    context = {"page": page, "words": page.words, "mark": stylesheet_mark()}
    response = render(request, "status.html", context, status=code)
    response["Content-Language"] = page.language.value
    patch_vary_headers(response, ["Accept-Language"])
    return response


def _seen() -> facts.Status:
    seen: facts.Status | None = memory.get("status")
    if seen is None:
        seen = facts.gather(listeners(), now())
        memory.set("status", seen, FRESH)
    return seen


def listeners() -> Mapping[Role, tuple[str, int]]:
    gateway = settings.SIEGEL.gateway
    outbound, inbound = gateway.outbound.listen, gateway.inbound.listen
    return {
        Role.OUTBOUND: (outbound.host, outbound.port),
        Role.INBOUND: (inbound.host, inbound.port),
    }


@cache
def _stylesheet() -> bytes:
    return (resources.files("siegel.web") / "static" / "status.css").read_bytes()
