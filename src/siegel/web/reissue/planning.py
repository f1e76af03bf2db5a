"""Pages with a form: a new campaign with its preview, telling partners, revoking the old ones."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from siegel.base.errors import Conflict
from siegel.ca.crl import RevocationReason
from siegel.flows import reissuing, reissuing_telling, ways
from siegel.flows.people import Role
from siegel.flows.reissuing import Plan
from siegel.flows.reissuing_finding import Finding, Found, find, issuers
from siegel.web import clock, running
from siegel.web.access import for_role, recently
from siegel.web.keyset import AFTER, BEFORE, Neighbours, neighbours
from siegel.web.person import Person, language_of
from siegel.web.reissue.facts import counts_of, preview_of
from siegel.web.reissue.forms import CriteriaForm, LetterForm, PlanForm, RevokeForm
from siegel.web.reissue.views import campaign_of

PAGE = 50
PARTNERS_SHOWN = 200


@require_http_methods(["GET", "HEAD", "POST"])
@recently
@for_role(Role.CERTIFICATE_MANAGER)
def new(request: HttpRequest, person: Person) -> HttpResponse:
    """The criteria stand in the address; the plan is posted to it."""
    at, language = clock.now(), language_of(request)
    asked = request.GET or None
    form = CriteriaForm(asked, issuers=issuers(at), language=language)
    posted = request.POST if request.method == "POST" else None
    offered = ways.ways(None, directory=running.site().acme_directory, at=at)
    plan = PlanForm(posted, ways=offered)
    context: dict[str, object] = {"form": form, "plan": plan}
    if not (asked and form.is_valid()):
        return render(request, "reissue/new.html", context)
    if posted and plan.is_valid():
        number = _prepared(form, plan, person)
        if number is not None:
            return redirect("reissue:one", number)
    finding = find(form.criteria(), at)
    shown, page = _page(request, finding)
    context |= {
        "finding": finding,
        "counts": counts_of(finding, language),
        "lines": preview_of(shown, language),
        "page": page,
    }
    return render(request, "reissue/new.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_role(Role.CERTIFICATE_MANAGER)
def partners(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """Whom it tells and what; saved or sent by the button that was pressed."""
    campaign = campaign_of(number)
    row = campaign.row
    given = {"subject": row.subject, "german": row.german, "english": row.english}
    form = LetterForm(request.POST if request.method == "POST" else None, initial=given)
    if request.method == "POST" and (row.telling_since is not None or form.is_valid()):
        return _told(request, form, person, number)
    telling = reissuing_telling.preview(number)
    context = {
        "campaign": campaign,
        "figures": campaign.figures,
        "form": form,
        "mails": telling.mails,
        "partners": telling.first(PARTNERS_SHOWN),
        "unreached": reissuing_telling.not_reached(number),
        "may_tell": row.started_at is not None and row.ended_at is None,
    }
    return render(request, "reissue/partners.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@recently
@for_role(Role.CERTIFICATE_MANAGER)
def revoke(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    campaign = campaign_of(number)
    form = RevokeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        reason = RevocationReason(form.cleaned_data["reason"])
        try:
            reissuing.revoke_old(number, reason, by=person.actor, at=clock.now())
        except Conflict:
            messages.error(request, _("The old certificates still sign. Switch over first."))
        else:
            messages.success(request, _("They are revoked one after the other."))
        return redirect("reissue:one", number)
    context = {"campaign": campaign, "figures": campaign.figures, "form": form}
    return render(request, "reissue/revoke.html", context)


def _prepared(form: CriteriaForm, plan: PlanForm, person: Person) -> int | None:
    """None: the form says why not."""
    way = plan.chosen_way
    wanted = Plan(criteria=form.criteria(), way=way.kind, authority=way.name, key=plan.choice)
    try:
        return reissuing.prepare(wanted, by=person.actor, at=clock.now())
    except Conflict as error:
        why = {
            "many": _("There are too many for one go. Narrow the question down."),
            "nothing": _("Nothing of it has to be replaced."),
        }
        plan.add_error(None, why.get(str(error.params.get("why")), _("This does not work.")))
        return None


def _told(request: HttpRequest, form: LetterForm, person: Person, number: int) -> HttpResponse:
    try:
        if form.is_valid():
            reissuing_telling.rewrite(number, **form.cleaned_data)
        if "send" in request.POST:
            at = clock.now()
            new = reissuing_telling.tell(number, running.site(), by=person.actor, at=at)
            said = ngettext("%(n)d mail is on its way.", "%(n)d mails are on their way.", new)
            messages.success(request, said % {"n": new})
            return redirect("reissue:one", number)
        messages.success(request, _("Saved. Nobody was told yet."))
    except Conflict:
        messages.error(request, _("This is not possible any more, or not yet."))
    return redirect("reissue:partners", number)


def _page(request: HttpRequest, finding: Finding) -> tuple[tuple[Found, ...], Neighbours]:
    """The preview page by page; what was found is in memory anyway."""
    places = [each.place for each in finding.found]
    after, before = request.GET.get(AFTER), request.GET.get(BEFORE)
    begin = 0
    if after is not None:
        begin = sum(place <= after for place in places)
    elif before is not None:
        begin = max(0, sum(place < before for place in places) - PAGE)
    shown = finding.found[begin : begin + PAGE]
    page = neighbours(
        request,
        shown,
        lambda each: each.place,
        older=begin + PAGE < len(places),
        newer=begin > 0,
    )
    return shown, page
