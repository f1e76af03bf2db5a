"""Steps of the tour, and its file. Both exist only in a demo."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from siegel.flows import tour
from siegel.flows.people import Role
from siegel.web.access import for_role
from siegel.web.person import Person
from siegel.web.tour.facts import exhibit, page_of_step

_STEPS = {"next": 1, "back": -1}


@require_POST
@for_role(Role.MEMBER)
def go(request: HttpRequest, person: Person) -> HttpResponse:
    """To the page of the step, else back to the page that the person was on."""
    shown = exhibit()
    if shown is None:
        raise Http404
    wished = request.POST.get("do", "")
    if wished in _STEPS:
        tour.go(person.email, _STEPS[wished])
        there = page_of_step(tour.progress(person.email, shown).step, shown)
        if there:
            return redirect(there)
    elif wished == "close":
        tour.close(person.email)
    elif wished == "begin":
        tour.begin(person.email)
    here = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(here, {request.get_host()}, request.is_secure()):
        return redirect(here)
    return redirect("start")


@require_safe
@for_role(Role.MEMBER)
def file(request: HttpRequest, person: Person) -> HttpResponse:
    """The certificate file to drop in the first step."""
    del request, person
    shown = exhibit()
    if shown is None:
        raise Http404
    answer = HttpResponse(
        tour.content(settings.SIEGEL_DATA_DIR, shown), content_type="application/x-pkcs12"
    )
    answer["Content-Disposition"] = f'attachment; filename="{shown.file}"'
    return answer
