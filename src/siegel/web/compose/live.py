"""What the script asks for while somebody types: the same page in part, and names."""

from collections.abc import Iterable

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from siegel.base.address import EmailAddress
from siegel.base.errors import NotFound
from siegel.flows import looking_up, suggesting
from siegel.flows.people import Role
from siegel.web import clock
from siegel.web.access import for_role
from siegel.web.compose import page
from siegel.web.person import Person
from siegel.web.templatetags.siegel import plain

LONGEST_QUERY = 100


@require_POST
@for_role(Role.MEMBER)
def standing(request: HttpRequest, person: Person) -> HttpResponse:
    """Recipients with their reasons, the choices and the seal bar; nothing of the mail is kept.
    Where a rule says so, the worker looks for the certificates that are missing."""
    try:
        context = page.live(request, person, clock.now())
    except NotFound as error:
        raise Http404 from error
    wanted: Iterable[EmailAddress] = context.pop("wanted")  # type: ignore[assignment]  # of page.live
    looking_up.want(wanted, by=person.actor, at=clock.now())
    return render(request, "compose/live.html", context)


@require_safe
@for_role(Role.MEMBER)
def suggest(request: HttpRequest, person: Person) -> JsonResponse:
    text = request.GET.get("q", "")[:LONGEST_QUERY]
    found = suggesting.suggest(text, person.email, at=clock.now())
    names = [{"address": str(each.address), "name": plain(each.name)} for each in found]
    return JsonResponse({"found": names})
