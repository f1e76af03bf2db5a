"""Lists, certificates and OCSP over plain HTTP: answers of a protocol, for programs.

RFC 5280 §4.2.1.13, RFC 2585 §4 (media types), RFC 6960 appendix A, RFC 5019 §6 (caches).
"""

import base64
import binascii
import hashlib
import logging
from datetime import datetime, timedelta
from urllib.parse import unquote

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, quote_etag
from django.views.decorators.csrf import csrf_exempt

from siegel.ca.ocsp import MAX_REQUEST, Failure, failure
from siegel.flows import serving_status
from siegel.flows.serving_status import Answered
from siegel.flows.workshop import Workshop
from siegel.web import clock, running
from siegel.web.access import public

KEPT = timedelta(minutes=10)  # in caches: so long a revocation may stay unseen behind one
RESPONSE_TYPE = "application/ocsp-response"
_LONGEST_PATH = 4 * MAX_REQUEST // 3 + 4  # base64 of the longest question

log = logging.getLogger(__name__)


@public
def revocation_list(request: HttpRequest, mark: str) -> HttpResponseBase:
    if request.method not in ("GET", "HEAD"):
        return _not_allowed("GET, HEAD")
    found = serving_status.list_of(mark)
    at = clock.now()
    return _kept(
        request, found.der, "application/pkix-crl", since=found.this_update,
        until=min(at + KEPT, max(found.next_update, at)), at=at,
    )  # fmt: skip


@public
def certificate(request: HttpRequest, mark: str) -> HttpResponseBase:
    if request.method not in ("GET", "HEAD"):
        return _not_allowed("GET, HEAD")
    found = serving_status.certificate_of(mark)
    at = clock.now()
    return _kept(
        request, found.der, "application/pkix-cert", since=found.not_before, until=at + KEPT, at=at
    )


@csrf_exempt
@public
def ocsp(request: HttpRequest, mark: str, question: str = "") -> HttpResponseBase:
    """POST brings the question as it is, GET in base64 behind the address."""
    at = clock.now()
    if request.method == "POST" and not question:
        asked = _posted(request)
        return _answer(request, serving_status.answer(mark, asked, workshop, at=at), at=at)
    if request.method in ("GET", "HEAD"):
        answered = serving_status.answer(mark, _in_path(question), workshop, at=at)
        return _answer(request, answered, at=at, kept=True)
    return _not_allowed("GET, HEAD, POST")


def workshop() -> Workshop:
    site = running.site()
    return Workshop(vault=site.vault, rng=site.rng)


def not_found() -> HttpResponse:
    return HttpResponse("not found\n", content_type="text/plain", status=404)


def failed(path: str) -> HttpResponse:
    """Whatever broke: those who ask for an answer get one they can read."""
    log.exception("published address failed path=%s", path)
    if "/ocsp" in path:
        return HttpResponse(failure(Failure.INTERNAL), content_type=RESPONSE_TYPE)
    return HttpResponse("failed\n", content_type="text/plain", status=500)


def _not_allowed(methods: str) -> HttpResponse:
    answer = HttpResponse("method not allowed\n", content_type="text/plain", status=405)
    answer["Allow"] = methods
    return answer


def _posted(request: HttpRequest) -> bytes:
    """One octet more than allowed is enough to know that it is too long."""
    return bytes(request.read(MAX_REQUEST + 1))


def _in_path(question: str) -> bytes:
    """RFC 6960 §A.1.1: the base64 is URL-encoded; some programs encode it twice or not at all. What
    is no base64 is no question."""
    if len(question) > 3 * _LONGEST_PATH:
        return b""
    try:
        return base64.b64decode(unquote(question), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _answer(
    request: HttpRequest, answered: Answered, *, at: datetime, kept: bool = False
) -> HttpResponseBase:
    """A POST is never kept by caches; nor is what names a nonce."""
    if not kept or answered.kept_until is None:
        answer = HttpResponse(answered.der, content_type=RESPONSE_TYPE)
        answer["Cache-Control"] = "no-store"
        return answer
    until = min(answered.kept_until, at + KEPT)
    return _kept(request, answered.der, RESPONSE_TYPE, since=at, until=until, at=at)


def _kept(
    request: HttpRequest, body: bytes, kind: str, *, since: datetime, until: datetime, at: datetime
) -> HttpResponse:
    """RFC 5019 §6.2. Only the tag decides whether a copy is still the same: two lists may be issued
    within one second, which is all that dates can tell apart."""
    tag = quote_etag(hashlib.sha256(body).hexdigest())
    answer = HttpResponse(body, content_type=kind)
    answer["ETag"] = tag
    answer["Last-Modified"] = http_date(since.timestamp())
    answer["Expires"] = http_date(until.timestamp())
    seconds = int((until - at).total_seconds())
    answer["Cache-Control"] = f"public, max-age={seconds}, no-transform, must-revalidate"
    same = get_conditional_response(request, etag=tag, response=answer)
    return same if isinstance(same, HttpResponse) else answer
