"""The list of our authorities, and the page of one with what it issued."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from siegel.base.errors import NotFound
from siegel.flows import authority_pages
from siegel.flows.authority_pages import AuthorityPage
from siegel.flows.people import Role
from siegel.web import clock, keyset
from siegel.web.access import for_role
from siegel.web.authority import facts
from siegel.web.person import Person, language_of

PAGE = 50


@require_safe
@for_role(Role.CERTIFICATE_MANAGER)
def listing(request: HttpRequest, person: Person) -> HttpResponse:
    lines = [facts.line_of(one) for one in authority_pages.overview(clock.now())]
    context = {"lines": lines, "may_create": person.is_administrator}
    return render(request, "authority/list.html", context)


@require_safe
@for_role(Role.CERTIFICATE_MANAGER)
def show(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    at = clock.now()
    found = page_of(number)
    search = request.GET.get("q", "").strip()[:200]
    after, before = _serial(request, keyset.AFTER), _serial(request, keyset.BEFORE)
    rows = authority_pages.issued_page(
        found, search=search, after=after, before=None if after else before, limit=PAGE + 1
    )
    shown, has_older, has_newer = keyset.cut(request, rows, PAGE)
    context = {
        "found": found,
        "standing": found.standing,
        "row": found.standing.row,
        "certificate": found.standing.row.certificate,
        "line": facts.line_of(found.standing),
        "issued": facts.issued_lines(shown, language_of(request), at),
        "q": search,
        "page": keyset.neighbours(
            request, shown, lambda row: f"{row.serial:x}", older=has_older, newer=has_newer
        ),
        "may_create": person.is_administrator,
        "published_here": found.places.crl.startswith(f"{facts.published_here()}/"),
    }
    return render(request, "authority/show.html", context)


def page_of(number: int) -> AuthorityPage:
    try:
        return authority_pages.page(number, clock.now())
    except NotFound as error:
        raise Http404 from error


def _serial(request: HttpRequest, name: str) -> int | None:
    """A serial number as a place to begin at; nonsense is none."""
    text = request.GET.get(name, "")
    digits = set(text) <= set("0123456789abcdef") and 0 < len(text) <= 40
    return int(text, 16) if digits else None
