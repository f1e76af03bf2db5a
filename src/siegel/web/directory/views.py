"""Pages of the partner site."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from siegel.base.address import EmailAddress
from siegel.base.errors import MalformedAddress
from siegel.flows import help_links, partner_certificates, publishing
from siegel.flows.publishing_site import SiteRow
from siegel.store.rows import PublicationRow
from siegel.web import clock, running
from siegel.web.directory.facts import ACCEPTED, authority_of, found_of
from siegel.web.partner_limits import SEARCH, may_ask
from siegel.web.partner_site import page, partner_page
from siegel.web.person import language_of
from siegel.wording.help_links import HelpLink, HelpList

LISTED = 100  # addresses on a page of the list


@require_safe
@partner_page
def home(request: HttpRequest, site: SiteRow) -> HttpResponse:
    return _home(request, site)


@require_safe
@partner_page
def search(request: HttpRequest, site: SiteRow) -> HttpResponse:
    """By the exact address. What was typed is not repeated, and an address that nobody published is
    answered as one that does not exist."""
    typed = request.GET.get("address", "").strip()
    if not typed:
        return redirect("directory:home")
    if site.asks_acceptance and not accepted(request):
        return _home(request, site, trouble="not_accepted", status=400)
    if not may_ask(request, SEARCH):
        return _too_many(request, site)
    try:
        address = EmailAddress.parse(typed)
    except MalformedAddress:
        return _home(request, site, trouble="no_address", status=400)
    found = publishing.published(address, clock.now())
    if not found:
        return _home(request, site, trouble="nothing_found", status=404)
    said = f"?{urlencode(ACCEPTED)}" if site.asks_acceptance else ""
    return redirect(reverse("directory:one", args=[found[0].fingerprint]) + said)


@require_safe
@partner_page
def one(request: HttpRequest, site: SiteRow, mark: str) -> HttpResponse:
    """The certificate and how to check it; files to load once the terms are accepted, if any."""
    if not may_ask(request, SEARCH):
        return _too_many(request, site)
    at = clock.now()
    published = publishing.by_fingerprints([mark], at)
    if not published:
        raise Http404
    agreed = accepted(request)
    context = {
        "found": found_of(published[0], at, accepted=agreed and site.asks_acceptance),
        "ask": site.asks_acceptance and not agreed,
        "kept": f"{urlencode(ACCEPTED)}&" if agreed else "",
    }
    return page(request, site, "directory/one.html", context)


@require_safe
@partner_page
def chain(request: HttpRequest, site: SiteRow) -> HttpResponse:
    authorities = tuple(map(authority_of, publishing.chain_files(clock.now())))
    return page(request, site, "directory/chain.html", {"authorities": authorities})


@require_safe
@partner_page
def everybody(request: HttpRequest, site: SiteRow) -> HttpResponse:
    """All published addresses, where the administrator allows that."""
    if not site.lists_everybody:
        raise Http404
    rows = publishing.listed(after=request.GET.get("after", ""), limit=LISTED + 1)
    more = urlencode({"after": str(rows[LISTED - 1].address)}) if len(rows) > LISTED else ""
    context = {
        "addresses": [_link(row, site) for row in rows[:LISTED]],
        "page": {"older": more, "newer": ""},
    }
    return page(request, site, "directory/everybody.html", context)


def _home(
    request: HttpRequest, site: SiteRow, *, trouble: str = "", status: int = 200
) -> HttpResponse:
    language = language_of(request)
    lists = help_links.all_listed()

    def told(link: HelpLink) -> dict[str, str]:
        return {"url": link.url, "title": link.titles[language], "note": link.notes[language]}

    context = {
        "trouble": trouble,
        "authorities": [told(link) for link in lists[HelpList.CA].links],
        "links": [told(link) for link in lists[HelpList.LINK].links],
        "has_robot": running.site().robot is not None,
        "gives_certificates": partner_certificates.are_given(),
    }
    return page(request, site, "directory/home.html", context, status=status)


def _too_many(request: HttpRequest, site: SiteRow) -> HttpResponse:
    answer = _home(request, site, trouble="too_many", status=429)
    answer["Retry-After"] = "60"
    return answer


def accepted(request: HttpRequest) -> bool:
    """Said in the address, so that no cookie has to remember it."""
    return all(request.GET.get(name) == value for name, value in ACCEPTED.items())


def _link(row: PublicationRow, site: SiteRow) -> dict[str, object]:
    said = ACCEPTED if site.asks_acceptance else {}
    query = urlencode({"address": str(row.address), **said})
    return {"address": row.address, "query": query}
