"""Mail to many: list, new, one job with preview, progress and report."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from siegel.base.address import EmailAddress
from siegel.base.errors import Conflict, NotFound
from siegel.flows import bulk, drafts
from siegel.flows.bulk import Job, Order, Preview
from siegel.flows.people import Role
from siegel.web import clock, running
from siegel.web.access import for_role
from siegel.web.bulk.facts import line_of, look_of, omissions, problem_of, report, unreached
from siegel.web.bulk.forms import BulkForm
from siegel.web.person import Person, language_of

REPORT_AS = "text/csv; charset=utf-8"


@require_safe
@for_role(Role.MEMBER)
def listing(request: HttpRequest, person: Person) -> HttpResponse:
    found = bulk.listed(person.email, at=clock.now())
    return render(request, "bulk/list.html", {"lines": [line_of(job) for job in found]})


@require_http_methods(["GET", "HEAD", "POST"])
@for_role(Role.MEMBER)
def new(request: HttpRequest, person: Person) -> HttpResponse:
    senders = drafts.senders(person.email, at=clock.now())
    if request.method != "POST":
        return render(request, "bulk/new.html", {"form": BulkForm(senders=senders)})
    form = BulkForm(request.POST, request.FILES, senders=senders)
    if form.is_valid():
        try:
            number = _prepared(form, person)
        except Conflict as error:
            form.add_error(*_why(error))
        else:
            return redirect("bulk:show", number)
    return render(request, "bulk/new.html", {"form": form})


@require_safe
@for_role(Role.MEMBER)
def show(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """``?row=…`` chooses whose message is previewed."""
    job, site, language = _job(number, person), running.site(), language_of(request)
    state, icon, tag = look_of(job)
    text = bulk.text_of(job.row, site)
    context = {
        "job": job,
        "state": state,
        "icon": icon,
        "tag": tag,
        "problem": problem_of(job),
        "text": text,
        "omissions": omissions(text),
        "preview": _preview(request, job) if job.row.started_at is None else None,
        "unreached": unreached(bulk.not_reached(job), language) if job.figures.failed else (),
        "percent": 100 * job.figures.done // max(1, job.row.total),
    }
    return render(request, "bulk/show.html", context)


@require_POST
@for_role(Role.MEMBER)
def start(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    _job(number, person)
    try:
        bulk.start(number, person.email, by=person.actor, at=clock.now())
    except Conflict:
        messages.error(request, _("It is being sent already, or is done."))
    else:
        messages.success(request, _("It is being sent. You may leave this page."))
    return redirect("bulk:show", number)


@require_POST
@for_role(Role.MEMBER)
def stop(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    _job(number, person)
    try:
        bulk.stop(number, person.email, by=person.actor, at=clock.now())
    except Conflict:
        messages.error(request, _("It was not being sent any more."))
    else:
        messages.success(request, _("Stopped. Whoever has got nothing yet gets nothing for now."))
    return redirect("bulk:show", number)


@require_POST
@for_role(Role.MEMBER)
def discard(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    _job(number, person)
    try:
        bulk.discard(number, person.email, at=clock.now())
    except Conflict:
        messages.error(request, _("It was started already, so it stays with its report."))
        return redirect("bulk:show", number)
    messages.success(request, _("Discarded. Nobody got anything."))
    return redirect("bulk:list")


@require_safe
@for_role(Role.MEMBER)
def csv_report(request: HttpRequest, person: Person, number: int) -> StreamingHttpResponse:
    job = _job(number, person)
    lines = report(job, bulk.report(job), language_of(request))
    answer = StreamingHttpResponse(lines, content_type=REPORT_AS)
    answer.headers["Content-Disposition"] = f'attachment; filename="report-{number}.csv"'
    return answer


def _prepared(form: BulkForm, person: Person) -> int:
    values, at = form.cleaned_data, clock.now()
    sender = EmailAddress.parse(values["sender"])
    order = Order(
        account=drafts.account_for(values["sender"], person.email, at=at),
        sender=sender,
        user=person.email,
        subject=values["subject"],
        text=values["text"],
        unsubscribe=values["unsubscribe"],
        recipients=form.recipients(),
    )
    return bulk.prepare(order, running.site(), by=person.actor, at=at)


def _why(error: Conflict) -> tuple[str, str]:
    """The field and the sentence."""
    return {
        "fields": (
            "text",
            _("No column of the list is called: %(names)s") % {"names": error.params.get("names")},
        ),
        "nobody": ("file", _("There is no e-mail address in the list.")),
        "key": (
            "text",
            _("There is a private key in the text. It must never leave; take it out."),
        ),
    }.get(str(error.params.get("why")), ("sender", _("You may not write as this sender.")))


def _preview(request: HttpRequest, job: Job) -> Preview:
    asked = request.GET.get("row", "1")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 8 else 1
    try:
        return bulk.preview(job, max(1, min(number, job.row.total)), running.site())
    except NotFound as error:
        raise Http404 from error


def _job(number: int, person: Person) -> Job:
    try:
        return bulk.get(number, person.email, at=clock.now())
    except NotFound as error:
        raise Http404 from error
