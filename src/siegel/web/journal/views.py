"""The journal: the list with its filters, and one entry."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from siegel.flows import journal_view
from siegel.flows import why as why_flow
from siegel.flows.journal_view import Sight
from siegel.policy.roles import Role
from siegel.web import clock, keyset
from siegel.web.access import for_role
from siegel.web.journal.details import facts_of
from siegel.web.journal.facts import days, line_of
from siegel.web.journal.forms import FilterForm
from siegel.web.journal.telling import said_of_reasons, tell
from siegel.web.person import Person, language_of
from siegel.wording.actions import said_of_action

PAGE = 50


@require_safe
@for_role(Role.MEMBER)
def overview(request: HttpRequest, person: Person) -> HttpResponse:
    language = language_of(request)
    form = FilterForm(request.GET, language=language)
    form.is_valid()
    after, before = _number(request, keyset.AFTER), _number(request, keyset.BEFORE)
    rows = journal_view.page(
        form.question(sight(person)),
        before=after,  # the page behind this entry: older ones have smaller numbers
        after=None if after is not None else before,
        limit=PAGE + 1,
    )
    shown, has_older, has_newer = keyset.cut(request, rows, PAGE)
    context = {
        "days": days(shown, language),
        "form": form,
        "asks": form.has_changed(),
        "query": request.GET.urlencode(),
        "may_export": person.is_administrator,
        "sees_all": person.is_administrator,
        "page": keyset.neighbours(
            request, shown, lambda row: row.id, older=has_older, newer=has_newer
        ),
    }
    return render(request, "journal/list.html", context)


@require_safe
@for_role(Role.MEMBER)
def detail(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """404 also for entries that this person may not read."""
    seen = sight(person)
    row = journal_view.entry(number, seen) if number < 2**63 else None
    if row is None:
        raise Http404
    language, told = language_of(request), None
    senders = journal_view.may_ask_about_sender(seen)
    if senders is None or row.about in senders:
        found = why_flow.of_entry(number, at=clock.now())
        told = None if found is None else tell(found, language)
    context = {
        "line": line_of(row, language),
        "said": said_of_action(row.action, language),
        "told": told,
        "reasons": () if told else said_of_reasons(row, language),
        "facts": facts_of(row, language),
        "may_manage": person.is_certificate_manager,
    }
    return render(request, "journal/detail.html", context)


def sight(person: Person) -> Sight | None:
    return journal_view.sight_of(person.email, person.roles, at=clock.now())


def _number(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
