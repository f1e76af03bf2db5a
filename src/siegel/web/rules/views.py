"""The organisation's rules, and what they make of a mail from X to Y."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from siegel.flows import explaining, ruling
from siegel.flows.people import Role
from siegel.web import clock
from siegel.web.access import for_role
from siegel.web.person import Person, language_of
from siegel.web.rules import facts
from siegel.web.rules.forms import ExplainForm, RulesForm

FIRST_LEVELS = 5  # exceptions named beside the rules; their page has them all


@require_safe
@for_role(Role.MEMBER)
def overview(request: HttpRequest, person: Person) -> HttpResponse:
    values = ruling.organisation_rules().to_dict()
    return _overview(request, person, RulesForm(None, values))


@require_POST
@for_role(Role.ADMINISTRATOR)
def save(request: HttpRequest, person: Person) -> HttpResponse:
    values = ruling.organisation_rules().to_dict()
    form = RulesForm(request.POST, values)
    if not form.is_valid():
        return _overview(request, person, form)
    changed = ruling.set_rules(form.changed, by=person.actor, at=clock.now())
    said = ngettext("%(n)d rule is changed.", "%(n)d rules are changed.", len(changed))
    messages.success(request, said % {"n": len(changed)})
    return redirect("rules:overview")


@require_safe
@for_role(Role.MEMBER)
def explain(request: HttpRequest, person: Person) -> HttpResponse:
    """The page, or with ``part`` only the answer for the page that asked."""
    del person
    form = ExplainForm(request.GET if "to" in request.GET else None)
    context: dict[str, object] = {"form": form, "said": None}
    if form.is_valid():
        context["said"] = _said(request, form)
    whole = "part" not in request.GET
    return render(request, "rules/explain.html" if whole else "rules/said.html", context)


def _said(request: HttpRequest, form: ExplainForm) -> facts.Said:
    data = form.cleaned_data
    found = explaining.explain(data["sender"], data["to"], data["wish"] or "none", at=clock.now())
    return facts.explained(found, language_of(request))


def _overview(request: HttpRequest, person: Person, form: RulesForm) -> HttpResponse:
    values = ruling.organisation_rules().to_dict()
    levels = ruling.levels(limit=FIRST_LEVELS + 1)
    context = {
        "form": form,
        "groups": facts.shelves(form, values),
        "may_change": person.is_administrator,
        "levels": levels[:FIRST_LEVELS],
        "more_levels": len(levels) > FIRST_LEVELS,
        "explain": ExplainForm(),
        "said": None,
    }
    return render(request, "rules/overview.html", context)
