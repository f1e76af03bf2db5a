"""Roots to look at: the overview, the inbox, one root, the catalogue, the history; and import."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from siegel.base.errors import MalformedMessage, NotFound
from siegel.flows import answering, importing, trust_centre, unknown_roots
from siegel.flows.people import Role
from siegel.flows.trust_centre import RootState
from siegel.pki.known_roots import known_private_roots
from siegel.pki.pkcs12 import is_pkcs12
from siegel.store.rows import TrustDecisionRow
from siegel.web import clock
from siegel.web.access import for_role, recently
from siegel.web.person import Person, language_of
from siegel.web.trust import facts
from siegel.web.trust.forms import RootFileForm
from siegel.wording.known_roots import described

PAGE = 50  # rows of one page
FIRST = 5  # unknown roots on the overview; the inbox has them all


@require_safe
@for_role(Role.CERTIFICATE_MANAGER)
def overview(request: HttpRequest, person: Person) -> HttpResponse:
    del person
    found = trust_centre.overview(clock.now())
    current = request.GET.get("show", "all")
    current = current if current in facts.FILTERS else "all"
    asked = request.GET.get("q", "").strip()[:200]
    page = Paginator(facts.matching(found.roots, current, asked), PAGE).get_page(
        request.GET.get("page")
    )
    changes, proposed = answering.counts()
    context = {
        "public": found.public,
        "waiting": found.waiting[:FIRST],
        "waiting_count": len(found.waiting),
        "changes": changes,
        "proposed": proposed,
        "filters": facts.filters(found.roots, current),
        "lines": facts.lines(page),
        "roots": page,
        "show": current,
        "q": asked,
    }
    return render(request, "trust/overview.html", context)


@require_safe
@for_role(Role.CERTIFICATE_MANAGER)
def inbox(request: HttpRequest, person: Person) -> HttpResponse:
    del person
    waiting = unknown_roots.inbox(clock.now())
    page = Paginator(waiting, PAGE).get_page(request.GET.get("page"))
    return render(request, "trust/inbox.html", {"waiting": page, "count": len(waiting)})


@require_safe
@for_role(Role.CERTIFICATE_MANAGER)
def named(request: HttpRequest, person: Person, mark: str) -> HttpResponse:
    """An issuer of which only the name came along."""
    del person
    found = unknown_roots.one(mark)
    if found is None:
        raise Http404
    if found.certificate is not None:
        return redirect("trust:root", found.certificate.fingerprint)
    return render(request, "trust/named.html", {"found": found, "form": RootFileForm()})


@require_safe
@for_role(Role.CERTIFICATE_MANAGER)
def root(request: HttpRequest, person: Person, fingerprint: str) -> HttpResponse:
    del person
    page = _page(fingerprint)
    language = language_of(request)
    context = {
        "page": page,
        "root": page.root,
        "certificate": page.root.certificate,
        "look": facts.LOOKS[page.root.state],
        "is_undecided": page.root.state in (RootState.UNDECIDED, RootState.DISTRUSTED_BY_LIST),
        "may_withdraw": page.root.state in (RootState.TRUSTED, RootState.DISTRUSTED),
        "history": [_decision(row, page.root.name) for row in page.history],
        "catalogue": [described(entry, language) for entry in page.catalogue],
    }
    return render(request, "trust/root.html", context)


@require_safe
@for_role(Role.CERTIFICATE_MANAGER)
def catalogue(request: HttpRequest, person: Person) -> HttpResponse:
    del person
    language = language_of(request)
    entries = [described(entry, language) for entry in known_private_roots()]
    return render(request, "trust/catalogue.html", {"entries": entries})


@require_safe
@for_role(Role.CERTIFICATE_MANAGER)
def decisions(request: HttpRequest, person: Person) -> HttpResponse:
    del person
    rows = trust_centre.decisions(before=_number(request.GET.get("before")), limit=PAGE + 1)
    shown = rows[:PAGE]
    older = f"before={shown[-1].id}" if len(rows) > PAGE else ""
    context = {
        "decisions": [_decision(row, trust_centre.name_of(row)) for row in shown],
        "page": {"older": older, "newer": ""},
    }
    return render(request, "trust/decisions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@recently
@for_role(Role.CERTIFICATE_MANAGER)
def import_root(request: HttpRequest, person: Person) -> HttpResponse:
    """A root certificate becomes known; trusting it is another step."""
    form = RootFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        mark = _imported(form, form.cleaned_data["file"], person)
        if mark is not None:
            messages.success(
                request, _("Imported, not trusted. Compare the fingerprint before you decide.")
            )
            return redirect("trust:root", mark)
    return render(request, "trust/import.html", {"form": form})


def _imported(form: RootFileForm, data: bytes, person: Person) -> str | None:
    """The fingerprint of the first authority in the file; else the form says what is wrong."""
    if is_pkcs12(data):
        form.add_error("file", _("This file holds a private key. A root is imported without one."))
        return None
    try:
        found = importing.import_file(data, None, None, by=person.actor, at=clock.now())
    except MalformedMessage:
        form.add_error("file", _("No certificate can be read in this file."))
        return None
    authorities = [one for one in found.certificates if one.is_ca]
    authorities.sort(key=lambda one: not one.is_self_issued)
    if not authorities:
        form.add_error("file", _("The file holds no certificate of an authority."))
        return None
    return authorities[0].fingerprint


def _page(fingerprint: str) -> trust_centre.RootPage:
    try:
        return trust_centre.root_page(fingerprint, at=clock.now())
    except NotFound as error:
        raise Http404 from error


def _decision(row: TrustDecisionRow, name: str) -> facts.DecisionLine:
    return facts.DecisionLine(row=row, look=facts.DECIDED[row.decision], name=name)


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None
