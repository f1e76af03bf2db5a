"""Pages of the partner site."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from siegel.directory.colours import stylesheet
from siegel.flows import publishing_site
from siegel.flows.publishing_site import SiteRow
from siegel.web.access import public
from siegel.web.partner_site import page, partner_page

AN_HOUR = 3600  # seconds; the address changes with the content


@require_safe
@partner_page
def home(request: HttpRequest, site: SiteRow) -> HttpResponse:
    return page(request, site, "directory/home.html")


@require_safe
@partner_page
def search(request: HttpRequest, site: SiteRow) -> HttpResponse:
    return page(request, site, "directory/home.html")


@require_safe
@partner_page
def chain(request: HttpRequest, site: SiteRow) -> HttpResponse:
    return page(request, site, "directory/home.html")


@require_safe
@public
def colours(request: HttpRequest) -> HttpResponse:
    """The colours of the organisation: a stylesheet of our own origin, as the policy demands."""
    del request
    site = publishing_site.as_written()
    answer = HttpResponse(stylesheet(site.colour, site.colour_dark), content_type="text/css")
    answer["Cache-Control"] = f"public, max-age={AN_HOUR}"
    return answer


@require_safe
@public
def logo(request: HttpRequest) -> HttpResponse:
    del request
    found = publishing_site.logo()
    if found is None:
        raise Http404
    answer = HttpResponse(found, content_type="image/png")
    answer["Cache-Control"] = f"public, max-age={AN_HOUR}"
    return answer
