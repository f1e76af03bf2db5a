"""The page behind a mailed link. Opening it does nothing, because scanners of mail open links, too;
the button on it says yes."""

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from siegel.base.errors import NotFound
from siegel.flows import address_control
from siegel.flows.address_control import Purpose
from siegel.flows.publishing_site import SiteRow
from siegel.web import clock
from siegel.web.joining.asking import remember
from siegel.web.partner_site import linked_page, page


@require_http_methods(["GET", "HEAD", "POST"])
@linked_page
@never_cache
def control(request: HttpRequest, site: SiteRow, token: str) -> HttpResponseBase:
    found = address_control.waiting(token, at=clock.now())
    if found is None:
        return page(request, site, "joining/over.html", status=404)
    if request.method != "POST":
        return page(request, site, "joining/control.html", {"address": found.address})
    try:
        address = address_control.prove(token, at=clock.now())
    except NotFound:
        return page(request, site, "joining/over.html", status=404)
    if found.purpose != Purpose.OWN_KEY:
        return page(request, site, "joining/confirmed.html", {"address": address})
    response = redirect("joining:own_key")
    remember(response, address)
    return response
