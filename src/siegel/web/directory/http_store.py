"""The HTTP certificate store (RFC 4387): programs ask, files answer, errors are one plain line.

Only what is published, and the authorities above it. By issuer or name many could be listed, so
that is answered only where the administrator lists everybody; authorities are found in any case.
"""

from collections.abc import Callable

from django.core.cache import cache as memory
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from siegel.base.errors import MalformedMessage
from siegel.directory import http_store
from siegel.directory.http_store import ADDRESSES, FINDS_MANY, MAX_ANSWERS, Index, Query
from siegel.flows import publishing, publishing_site
from siegel.web import clock
from siegel.web.access import public
from siegel.web.directory.files import too_many
from siegel.web.partner_limits import SEARCH, may_ask
from siegel.web.partner_site import harden

FRESH = 60  # seconds until a new publication is found by a hash; a withdrawn one is gone at once


@require_safe
@public
def certificates(request: HttpRequest) -> HttpResponse:
    return _answered(request, _certificates, http_store.CERTIFICATE)


@require_safe
@public
def lists(request: HttpRequest) -> HttpResponse:
    """Revocation lists of the authorities behind what is published."""
    return _answered(request, _lists, http_store.CRL)


Search = Callable[[Query], tuple[bytes, ...]]


def _answered(request: HttpRequest, search: Search, media_type: str) -> HttpResponse:
    if not publishing_site.as_written().is_open:
        return _line("not found", 404)
    if not may_ask(request, SEARCH):
        return too_many()
    try:
        query = http_store.read_query(request.META.get("QUERY_STRING", ""))
    except MalformedMessage:
        return _line("one attribute of RFC 4387 and its value are expected", 400)
    found = search(query)
    if not found:
        return _line("not found", 404)
    content_type, body = http_store.answer(found[:MAX_ANSWERS], media_type)
    answer = HttpResponse(body, content_type=content_type)
    harden(answer)
    return answer


def _certificates(query: Query) -> tuple[bytes, ...]:
    at = clock.now()
    if query.attribute in ADDRESSES:
        address = query.address()
        rows = publishing.published(address, at) if address is not None else ()
        return tuple(row.der for row in rows)
    above = [each for each in publishing.chain_files(at) if query.key in http_store.keys_of(each)]
    people: frozenset[str] = frozenset()
    if query.attribute not in FINDS_MANY or publishing_site.as_written().lists_everybody:
        people = _index().get(query.key, frozenset())
    found = publishing.by_fingerprints(sorted(people)[:MAX_ANSWERS], at) if people else ()
    return (*(each.der for each in above), *(one.row.der for one in found))


def _lists(query: Query) -> tuple[bytes, ...]:
    authorities = publishing.chain_files(clock.now())
    issuers = [each for each in authorities if query.key in http_store.list_keys_of(each)]
    return publishing.newest_lists(issuers)


def _index() -> Index:
    """Who is found by what; whether it may be handed out is asked anew each time."""
    found: Index | None = memory.get("partner.index")
    if found is None:
        every = publishing.all_published(clock.now())
        found = http_store.index(one.certificate for one in every)
        memory.set("partner.index", found, FRESH)
    return found


def _line(text: str, status: int) -> HttpResponse:
    """Nothing of the question is repeated."""
    answer = HttpResponse(f"{text}\n", content_type="text/plain; charset=utf-8", status=status)
    harden(answer)
    return answer
