"""The first page after signing in: what needs attention."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from siegel.flows.people import Role
from siegel.web.access import for_role
from siegel.web.person import Person


@require_safe
@for_role(Role.MEMBER)
def overview(request: HttpRequest, person: Person) -> HttpResponse:
    del person
    return render(request, "start/overview.html")
