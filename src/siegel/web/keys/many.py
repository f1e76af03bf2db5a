"""Certificates for many: the list, a look at it, progress, report."""

from collections.abc import Callable

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from siegel.base.errors import Conflict, LimitExceeded, MalformedMessage, NotFound
from siegel.flows import enrolling_many
from siegel.flows.enrolling_many import Job
from siegel.flows.people import Role
from siegel.flows.staff_list import MAX_LINES, MAX_SIZE, read_staff_list
from siegel.flows.ways import issuing_ones
from siegel.pki.key_generation import KeyChoice
from siegel.web import clock
from siegel.web.access import for_role, recently
from siegel.web.keys.forms import KEY_NAMES
from siegel.web.keys.jobs import failed_lines, look_of, report
from siegel.web.keys.many_forms import ManyForm
from siegel.web.person import Person, language_of

REPORT_AS = "text/csv; charset=utf-8"


@require_http_methods(["GET", "HEAD", "POST"])
@recently
@for_role(Role.CERTIFICATE_MANAGER)
def new(request: HttpRequest, person: Person) -> HttpResponse:
    ours = [row.name for row in issuing_ones()]
    if not ours:
        return render(request, "keys/many_none.html")
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ManyForm(*given, authorities=ours)
    if request.method == "POST" and form.is_valid():
        number = _prepared(form, person)
        if number is not None:
            return redirect("keys:job", number)
    return render(request, "keys/many.html", {"form": form})


@require_safe
@for_role(Role.CERTIFICATE_MANAGER)
def show(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    del person
    job = _job(number)
    state, icon, tag = look_of(job)
    kinds = [KEY_NAMES[KeyChoice(kind)] for kind in (job.row.key, job.row.second_key) if kind]
    context = {
        "job": job,
        "state": state,
        "icon": icon,
        "tag": tag,
        "kinds": kinds,
        "failed": failed_lines(enrolling_many.not_made(number), language_of(request)),
        "percent": 100 * job.figures.done // max(1, job.row.total),
    }
    return render(request, "keys/job.html", context)


@require_POST
@for_role(Role.CERTIFICATE_MANAGER)
def start(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    _changed(
        request,
        lambda: enrolling_many.start(number, by=person.actor, at=clock.now()),
        _("The certificates are being made. You may leave this page."),
        _("They are being made already, or it is done."),
    )
    return redirect("keys:job", number)


@require_POST
@for_role(Role.CERTIFICATE_MANAGER)
def stop(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    _changed(
        request,
        lambda: enrolling_many.stop(number, by=person.actor, at=clock.now()),
        _("Stopped. What is made stays; the rest waits."),
        _("Nothing was being made any more."),
    )
    return redirect("keys:job", number)


@require_POST
@for_role(Role.CERTIFICATE_MANAGER)
def discard(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    del person
    done = _changed(
        request,
        lambda: enrolling_many.discard(number),
        _("Discarded. Nothing was made."),
        _("It was started already, so it stays with its report."),
    )
    return redirect("keys:list") if done else redirect("keys:job", number)


@require_safe
@for_role(Role.CERTIFICATE_MANAGER)
def csv_report(request: HttpRequest, person: Person, number: int) -> StreamingHttpResponse:
    del person
    _job(number)
    lines = report(enrolling_many.report(number), language_of(request))
    answer = StreamingHttpResponse(lines, content_type=REPORT_AS)
    answer.headers["Content-Disposition"] = f'attachment; filename="certificates-{number}.csv"'
    return answer


def _prepared(form: ManyForm, person: Person) -> int | None:
    """The job; None: the form says what is wrong with the list."""
    plan, at, file = form.plan(), clock.now(), form.cleaned_data["file"]
    try:
        if not isinstance(file, UploadedFile):
            return enrolling_many.prepare_without_certificate(plan, by=person.actor, at=at)
        lines = read_staff_list(file.read(MAX_SIZE + 1))
        return enrolling_many.prepare(lines, plan, by=person.actor, at=at)
    except LimitExceeded:
        said = _("Too big: at most %(lines)s lines and 4 MB.") % {"lines": MAX_LINES}
        form.add_error("file", said)
    except MalformedMessage as error:
        form.add_error("file", _unreadable(error))
    except Conflict as error:
        form.add_error("file", _nobody(form) if error.params.get("why") else str(error))
    return None


def _unreadable(error: MalformedMessage) -> str:
    known = _("Known are: address, given_name, surname, name, shared.")
    said = {
        "sheet": _("This is no table of text. Save the sheet as CSV."),
        "csv": _("Line %(line)s is not CSV: a quotation mark is open or stands where none may."),
        "column": _("The first line names a column that is not known: %(name)s."),
        "columns": _("The first line must name the column address, and each column once."),
    }[str(error.params.get("why"))]
    needs_names = error.params.get("why") in ("column", "columns")
    return f"{said % error.params} {known if needs_names else ''}".strip()


def _nobody(form: ManyForm) -> str:
    if form.cleaned_data["everybody"]:
        return _("Every account of this authority’s domains has a certificate.")
    return _("In no line of the list stands an address that this authority may certify.")


def _changed(request: HttpRequest, change: Callable[[], None], done: str, refused: str) -> bool:
    try:
        change()
    except NotFound as error:
        raise Http404 from error
    except Conflict:
        messages.error(request, refused)
        return False
    messages.success(request, done)
    return True


def _job(number: int) -> Job:
    try:
        return enrolling_many.get(number)
    except (NotFound, OverflowError) as error:
        raise Http404 from error
