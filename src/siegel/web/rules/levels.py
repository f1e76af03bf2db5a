"""Exceptions: rules of domains, partners and accounts that differ from the organisation's."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from siegel.base.errors import ConfigurationError
from siegel.flows import ruling
from siegel.flows.people import Role
from siegel.policy.rule_levels import SETTABLE, Level
from siegel.store.rows import LevelRow
from siegel.web import clock
from siegel.web.access import for_role
from siegel.web.person import Person
from siegel.web.rules import facts
from siegel.web.rules.forms import LevelForm, NewLevelForm
from siegel.web.rules.words import LEVELS, RULES

PAGE = 50


@require_safe
@for_role(Role.MEMBER)
def listing(request: HttpRequest, person: Person) -> HttpResponse:
    before = request.GET.get("before", "")
    after = int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None
    rows = ruling.levels(after=after, limit=PAGE + 1)
    shown = rows[:PAGE]
    context = {
        "lines": [
            {
                "row": row,
                "kind": LEVELS[row.layer.level][0],
                "rules": [
                    (RULES[name].title, facts.said(name, value))
                    for name, value in row.layer.values.items()
                ],
                "who": row.changed_by.removeprefix("user:").removeprefix("cli:"),
            }
            for row in shown
        ],
        "may_change": person.is_administrator,
        "page": {"older": f"before={shown[-1].id}" if len(rows) > PAGE else ""},
    }
    return render(request, "rules/levels.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_role(Role.ADMINISTRATOR)
def new(request: HttpRequest, person: Person) -> HttpResponse:
    del person
    form = NewLevelForm(request.POST or None)
    if form.is_valid():
        return redirect("rules:level", form.cleaned_data["level"], form.cleaned_data["name"])
    hints = [(widget, LEVELS[Level(widget.data["value"])][1]) for widget in form["level"]]
    return render(request, "rules/new.html", {"form": form, "kinds": hints})


@require_http_methods(["GET", "HEAD", "POST"])
@for_role(Role.ADMINISTRATOR)
def level(request: HttpRequest, person: Person, level: str, name: str) -> HttpResponse:
    kind, found = _found(level, name)
    values = dict(found.layer.values) if found is not None else {}
    form = LevelForm(request.POST or None, kind, values)
    if request.method == "POST" and form.is_valid() and _saved(form, kind, name, person):
        messages.success(request, _("The exceptions for %(name)s are saved.") % {"name": name})
        return redirect("rules:levels")
    upper = ruling.organisation_rules().to_dict()
    context = {
        "form": form,
        "name": name,
        "kind": LEVELS[kind],
        "exists": found is not None,
        "rows": [facts.row(rule, form[rule], upper[rule]) for rule in SETTABLE[kind]],
    }
    return render(request, "rules/level.html", context)


def _found(level: str, name: str) -> tuple[Level, LevelRow | None]:
    try:
        kind = Level(level)
        return kind, ruling.level_of(kind, name)
    except (ValueError, ConfigurationError) as error:
        raise Http404 from error


def _saved(form: LevelForm, kind: Level, name: str, person: Person) -> bool:
    """Each rule by itself, because each is written down in the journal."""
    for rule, value in form.changed.items():
        try:
            ruling.set_level_rule(kind, name, rule, value, by=person.actor, at=clock.now())
        except ConfigurationError:
            form.add_error(rule, _("This value is not possible here."))
    return not form.errors
