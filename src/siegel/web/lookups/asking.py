"""Ask the directories for one address, and say in words what came of it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from siegel.flows import looking_up
from siegel.flows.people import Role
from siegel.web import clock, running
from siegel.web.access import for_role
from siegel.web.lookups import facts
from siegel.web.lookups.forms import AskForm
from siegel.web.person import Person, language_of

LONGEST_BACK = 500


@require_http_methods(["GET", "HEAD", "POST"])
@for_role(Role.MEMBER)
def ask(request: HttpRequest, person: Person) -> HttpResponse:
    """``?address=…`` fills the form in; nobody is asked before it is sent."""
    site = running.site()
    context: dict[str, object] = {"back": _back(request), "possible": looking_up.is_possible(site)}
    if request.method != "POST":
        form = AskForm(initial={"address": request.GET.get("address", "")[:400]})
        return render(request, "lookups/ask.html", {**context, "form": form})
    form = AskForm(request.POST)
    if form.is_valid():
        (found,) = looking_up.look_up(
            [form.cleaned_data["address"]], site, by=person.actor, at=clock.now(), again=True
        )
        context |= {
            "found": facts.found_shown(found, language_of(request)),
            "may_decide": person.is_certificate_manager,
        }
    return render(request, "lookups/ask.html", {**context, "form": form})


def _back(request: HttpRequest) -> str:
    """Where the person came from, if that is a page of ours."""
    given = request.POST.get("back", "") or request.GET.get("back", "")
    allowed = url_has_allowed_host_and_scheme(given, None, require_https=request.is_secure())
    return given[:LONGEST_BACK] if allowed and given.startswith("/") else ""
