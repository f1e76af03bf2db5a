"""The health page: every check in words, and the numbers beside them."""

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from siegel.flows import health
from siegel.flows.health import Health
from siegel.policy.roles import Role
from siegel.web import clock
from siegel.web.access import for_role
from siegel.web.health.facts import page_of
from siegel.web.person import Person, language_of

FRESH = 15  # seconds that a look is good for; it asks ports and counts the journal


@require_safe
@for_role(Role.ADMINISTRATOR)
def overview(request: HttpRequest, person: Person) -> HttpResponse:
    del person
    context = {"page": page_of(_seen(), language_of(request))}
    return render(request, "health/overview.html", context)


def _seen() -> Health:
    seen: Health | None = cache.get("health")
    if seen is None:
        seen = health.look(settings.SIEGEL, clock.now())
        cache.set("health", seen, FRESH)
    return seen
