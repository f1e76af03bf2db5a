"""Everything that ends within 90 days, grouped by what to do."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from siegel.flows import expiry_overview
from siegel.flows.people import Role
from siegel.policy.expiry import OVERVIEW
from siegel.web import clock
from siegel.web.access import for_role
from siegel.web.expiry.facts import groups_of
from siegel.web.person import Person, language_of


@require_safe
@for_role(Role.CERTIFICATE_MANAGER)
def overview(request: HttpRequest, person: Person) -> HttpResponse:
    del person
    at = clock.now()
    groups = groups_of(expiry_overview.overview(at), at, language_of(request))
    return render(request, "expiry/overview.html", {"groups": groups, "days": OVERVIEW.days})
