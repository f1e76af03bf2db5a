"""The page that explains the test address."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from siegel.flows.publishing_site import SiteRow
from siegel.web import running
from siegel.web.partner_site import page, partner_page


@require_safe
@partner_page
def explained(request: HttpRequest, site: SiteRow) -> HttpResponse:
    robot = running.site().robot
    if robot is None:
        raise Http404
    context = {"robot": robot.address, "most": robot.per_address}
    return page(request, site, "joining/robot.html", context)
