"""Decide about a root: compare and trust, distrust, withdraw. The password is asked for first."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from siegel.base.errors import Conflict, NotFound
from siegel.flows import deciding, previewing, rejudging, trust_centre
from siegel.flows.people import Role
from siegel.flows.trust_centre import RootPage, RootState
from siegel.pki.fingerprints import compare
from siegel.policy.trust import Trust
from siegel.web import clock, running
from siegel.web.access import for_role, recently
from siegel.web.person import Person
from siegel.web.trust import facts
from siegel.web.trust.forms import DecisionForm, ReasonForm, Scope

AT_ONCE = 40  # messages judged anew while a person waits; the worker does the rest


@require_http_methods(["GET", "HEAD", "POST"])
@recently
@for_role(Role.CERTIFICATE_MANAGER)
def decide(request: HttpRequest, person: Person, fingerprint: str) -> HttpResponse:
    """„… indem Sie es auf verifiziert stellen“: only with the very fingerprint.

    "compare" shows both fingerprints beside each other and what would change, "trust" decides.
    """
    page = _page(fingerprint)
    form = DecisionForm(request.POST or None, initial=_suggested(page))
    comparison = compare(fingerprint, form["read"].value() or "")
    wants = request.POST.get("do", "")
    if wants == "trust" and form.is_valid() and _may_trust(form, matches=comparison.matches):
        done = _trusted(request, page, form, person)
        if done:
            return redirect("trust:root", fingerprint)
    if wants == "compare":
        _forget_what_is_still_empty(form)
    domains = _domains(form)
    at = clock.now()
    context = {
        "page": page,
        "root": page.root,
        "certificate": page.root.certificate,
        "form": form,
        "comparison": comparison,
        "has_read": bool((form["read"].value() or "").strip()),
        "changes": facts.changes(
            previewing.preview(page.root.certificate, Trust.TRUSTED, domains, at=at)
        ),
        "domains": sorted(domains),
    }
    return render(request, "trust/decide.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@recently
@for_role(Role.CERTIFICATE_MANAGER)
def distrust(request: HttpRequest, person: Person, fingerprint: str) -> HttpResponse:
    page = _page(fingerprint)
    form = ReasonForm(request.POST or None)
    if form.is_valid() and _said(request, _distrust, page, form, person):
        return redirect("trust:root", fingerprint)
    return _confirm(request, "trust/distrust.html", page, form, Trust.DISTRUSTED)


@require_http_methods(["GET", "HEAD", "POST"])
@recently
@for_role(Role.CERTIFICATE_MANAGER)
def withdraw(request: HttpRequest, person: Person, fingerprint: str) -> HttpResponse:
    page = _page(fingerprint)
    if page.root.state not in (RootState.TRUSTED, RootState.DISTRUSTED):
        raise Http404
    form = ReasonForm(request.POST or None)
    if form.is_valid() and _said(request, _withdraw, page, form, person):
        return redirect("trust:root", fingerprint)
    return _confirm(request, "trust/withdraw.html", page, form, Trust.WITHDRAWN)


def _confirm(
    request: HttpRequest, template: str, page: RootPage, form: ReasonForm, trust: Trust
) -> HttpResponse:
    preview = previewing.preview(page.root.certificate, trust, frozenset(), at=clock.now())
    context = {
        "page": page,
        "root": page.root,
        "certificate": page.root.certificate,
        "form": form,
        "changes": facts.changes(preview),
    }
    return render(request, template, context)


def _may_trust(form: DecisionForm, *, matches: bool) -> bool:
    if not matches:
        form.add_error("read", _("It is not the fingerprint of this certificate."))
    return matches


def _trusted(request: HttpRequest, page: RootPage, form: DecisionForm, person: Person) -> bool:
    data = form.cleaned_data
    mark = page.root.certificate.fingerprint
    try:
        deciding.trust_by_hand(
            mark,
            data["read"],
            channel=data["channel"],
            why=data["why"],
            domains=data["domains"],
            by=person.actor,
            at=clock.now(),
        )
    except Conflict:
        form.add_error(None, _("Somebody else has just decided about this root. Look again."))
        return False
    messages.success(request, _("%(name)s is verified (trusted) now.") % {"name": page.root.name})
    _judge_anew(request)
    return True


def _said(request: HttpRequest, act: Any, page: RootPage, form: ReasonForm, person: Person) -> bool:
    try:
        words = act(page.root.certificate.fingerprint, form.cleaned_data["why"], person)
    except Conflict:
        form.add_error(None, _("Somebody else has just decided about this root. Look again."))
        return False
    messages.success(request, words % {"name": page.root.name})
    _judge_anew(request)
    return True


def _distrust(mark: str, why: str, person: Person) -> str:
    deciding.distrust(mark, why=why, by=person.actor, at=clock.now())
    return _("%(name)s is not trusted any more.")


def _withdraw(mark: str, why: str, person: Person) -> str:
    deciding.withdraw(mark, why=why, by=person.actor, at=clock.now())
    return _("The decision about %(name)s is withdrawn.")


def _judge_anew(request: HttpRequest) -> None:
    """As much as a person will wait for."""
    done = rejudging.judge_anew(running.site(), at=clock.now(), most=AT_ONCE)
    if done.changed:
        said = ngettext(
            "%(n)d message is judged anew.", "%(n)d messages are judged anew.", done.changed
        )
        messages.info(request, said % {"n": done.changed})
    if done.linked:
        said = ngettext(
            "%(n)d certificate is used from now on.",
            "%(n)d certificates are used from now on.",
            done.linked,
        )
        messages.info(request, said % {"n": done.linked})
    if done.more:
        messages.info(request, _("More messages are being judged anew in the background."))


def _suggested(page: RootPage) -> dict[str, object]:
    """The domains that the mail came from, so that nobody trusts more than was asked."""
    senders = page.came.row.senders if page.came is not None else ()
    domains = sorted({sender.domain for sender in senders})
    return {"scope": Scope.NAMED if domains else Scope.ALL, "domains": ", ".join(domains)}


def _domains(form: DecisionForm) -> frozenset[str]:
    """What the preview is about: as typed, or as suggested."""
    if form.is_bound:
        found: frozenset[str] = getattr(form, "cleaned_data", {}).get("domains", frozenset())
        return found
    suggested = str(form.initial.get("domains", ""))
    return frozenset(suggested.replace(",", " ").split())


def _forget_what_is_still_empty(form: DecisionForm) -> None:
    """Who only compares has not forgotten the rest."""
    form.is_valid()
    for name in ("channel", "why"):
        form.errors.pop(name, None)


def _page(fingerprint: str) -> RootPage:
    try:
        return trust_centre.root_page(fingerprint, at=clock.now())
    except NotFound as error:
        raise Http404 from error
