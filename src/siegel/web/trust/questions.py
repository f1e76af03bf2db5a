"""What partners' mail asks: certificates that wait, and keys that changed."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from siegel.base.errors import NotFound
from siegel.flows import answering
from siegel.flows.answering import Question
from siegel.flows.people import Role
from siegel.pki.certificate import Certificate
from siegel.pki.names import short_name
from siegel.pki.verdict import PathStatus, PathVerdict
from siegel.web import clock
from siegel.web.access import for_role, recently
from siegel.web.person import Person, language_of
from siegel.wording.lookup import words
from siegel.wording.words import Language, Words

PAGE = 50  # certificates of one page
MOST_CHANGES = 200  # changes of keys are rare; more than these means that something is wrong


@require_safe
@for_role(Role.CERTIFICATE_MANAGER)
def listing(request: HttpRequest, person: Person) -> HttpResponse:
    del person
    before = request.GET.get("before", "")
    after = int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None
    rows = answering.proposed(before=after, limit=PAGE + 1)
    context = {
        "changes": answering.changes(limit=MOST_CHANGES) if after is None else [],
        "proposed": rows[:PAGE],
        "page": {"older": f"before={rows[PAGE - 1].number}" if len(rows) > PAGE else ""},
    }
    return render(request, "trust/questions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@recently
@for_role(Role.CERTIFICATE_MANAGER)
def question(request: HttpRequest, person: Person, kind: str, number: int) -> HttpResponse:
    asked = _question(kind, number)
    answer = request.POST.get("answer", "")
    if request.method == "POST" and answer in ("accept", "refuse"):
        accepted = answer == "accept"
        try:
            answering.answer(kind, number, accepted=accepted, by=person.actor, at=clock.now())
        except NotFound as error:
            raise Http404 from error
        said = _said(asked, accepted=accepted)
        messages.success(request, said % {"address": asked.waiting.address})
        return redirect("trust:questions")
    language = language_of(request)
    context = {
        "asked": asked,
        "is_change": kind == answering.CHANGE,
        "new": _side(asked.certificate, asked.path, language),
        "old": None
        if asked.before is None or asked.before_path is None
        else _side(asked.before, asked.before_path, language),
        "same_key": asked.before is not None
        and asked.before.spki_sha256 == asked.certificate.spki_sha256,
    }
    return render(request, "trust/question.html", context)


def _said(asked: Question, *, accepted: bool) -> str:
    if asked.waiting.kind == answering.CHANGE:
        if accepted:
            return _("The new key of %(address)s is confirmed.")
        return _("The new key of %(address)s is refused and no longer used.")
    if accepted:
        return _("The certificate of %(address)s is accepted.")
    return _("The certificate of %(address)s is refused.")


def _side(certificate: Certificate, path: PathVerdict, language: Language) -> dict[str, object]:
    """One of the two certificates beside each other."""
    status = words(path.status, language)
    reasons: list[Words] = [words(finding, language) for finding in path.findings[:3]]
    return {
        "certificate": certificate,
        "name": certificate.person or certificate.common_name or certificate.subject,
        "issuer": short_name(certificate.issuer_der),
        "holds": path.status is PathStatus.VALID,
        "status": status,
        "reasons": reasons,
    }


def _question(kind: str, number: int) -> Question:
    if kind not in (answering.CERTIFICATE, answering.CHANGE):
        raise Http404
    try:
        return answering.question(kind, number, at=clock.now())
    except NotFound as error:
        raise Http404 from error
