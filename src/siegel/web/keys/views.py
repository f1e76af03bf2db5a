"""Requests to authorities: the list, one of them, its files, the answer, withdrawing."""

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from siegel.base.errors import Conflict, LimitExceeded, MalformedMessage, NotFound
from siegel.flows import enrolling_many, mail_reopening, requesting, tickets
from siegel.flows.connectors import ConnectorKind
from siegel.flows.issuing import Workshop
from siegel.flows.people import Role
from siegel.flows.requesting import Answered
from siegel.flows.tickets import TicketLine
from siegel.pki.bundle import MAX_SIZE
from siegel.pki.keyguard import contains_private_key
from siegel.pki.request import parse_request, pem_of
from siegel.policy.tickets import Standing
from siegel.store.authority_rows import RequestRow
from siegel.web import clock, running
from siegel.web.access import for_role
from siegel.web.keys.facts import line_of
from siegel.web.keys.jobs import job_line
from siegel.web.person import Person, language_of
from siegel.wording.outside_authorities import OUTSIDE_AUTHORITIES

_FORMS = {"csr": "application/x-pem-file", "p10": "application/pkcs10"}  # RFC 5967 §4


def workshop() -> Workshop:
    """What keys are made and certificates issued with."""
    site = running.site()
    return Workshop(vault=site.vault, rng=site.rng)


@require_safe
@for_role(Role.CERTIFICATE_MANAGER)
def listing(request: HttpRequest, person: Person) -> HttpResponse:
    del person
    language = language_of(request)
    context = {
        "waiting": [line_of(found, language) for found in tickets.waiting()],
        "lately": [line_of(found, language) for found in tickets.lately()],
        "jobs": [job_line(job) for job in enrolling_many.listed()],
    }
    return render(request, "keys/list.html", context)


@require_safe
@for_role(Role.CERTIFICATE_MANAGER)
def show(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """A request: what is in it, where it goes, and the way back of its answer."""
    del person
    row, language = request_of(number), language_of(request)
    found, ticket = parse_request(row.der), tickets.of_request(row)
    context = {
        "row": row,
        "line": line_of(ticket, language),
        "ordered": is_on_its_way(ticket),
        "open": row.certificate is None and row.withdrawn_at is None,
        "addresses": found.addresses,
        "text": pem_of(row.der).decode(),
        "guides": [
            (each.names[language], each.steps[language], each.takes_requests)
            for each in OUTSIDE_AUTHORITIES
        ],
    }
    return render(request, "keys/request.html", context)


@require_safe
@for_role(Role.CERTIFICATE_MANAGER)
def download(request: HttpRequest, person: Person, number: int, form: str) -> HttpResponse:
    """``csr``: as text (PEM); ``p10``: as DER."""
    del request, person
    row = request_of(number)
    if form not in _FORMS:
        raise Http404
    data = pem_of(row.der) if form == "csr" else row.der
    response = HttpResponse(data, content_type=_FORMS[form])
    response["Content-Disposition"] = f'attachment; filename="request-{number}.{form}"'
    return response


@require_POST
@for_role(Role.CERTIFICATE_MANAGER)
def answer(request: HttpRequest, person: Person) -> HttpResponse:
    """What an authority sent, in one file or several; each finds its key by itself."""
    files = request.FILES.getlist("files")
    if not files:
        messages.error(request, _("No file was chosen, or it is too big."))
    for file in files[:20]:
        _answer(request, person, file)
    back = request.POST.get("request", "")
    return redirect("keys:request", int(back)) if back.isdigit() else redirect("keys:list")


@require_http_methods(["GET", "HEAD", "POST"])
@for_role(Role.CERTIFICATE_MANAGER)
def withdraw(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    row = request_of(number)
    if request.method == "POST":
        try:
            requesting.withdraw(number, by=person.actor, at=clock.now())
        except Conflict:
            messages.error(request, _("It has its answer already, or was withdrawn before."))
        else:
            messages.success(request, _("Nobody waits for the answer any more. The key stays."))
        return redirect("keys:request", number)
    return render(request, "keys/withdraw.html", {"row": row})


def is_on_its_way(found: TicketLine) -> bool:
    """Over ACME: nobody hands anything in."""
    is_acme = found.ticket.kind is ConnectorKind.ACME
    return is_acme and found.progress.standing is Standing.WAITING


def request_of(number: int) -> RequestRow:
    try:
        return requesting.get(number)
    except (NotFound, OverflowError) as error:
        raise Http404 from error


def _answer(request: HttpRequest, person: Person, file: "UploadedFile[bytes]") -> None:
    name, data = (file.name or "")[:100], file.read(MAX_SIZE + 1)
    try:
        done = requesting.answer(data, workshop(), by=person.actor, at=clock.now())
    except (Conflict, LimitExceeded, MalformedMessage) as error:
        messages.error(request, f"{name}: {_refusal(error, data)}")
        return
    site, accounts = running.site(), {a for one in done.certificates for a in one.addresses}
    mail_reopening.reopen(accounts, site, at=clock.now())
    messages.success(request, _came(done))
    for account in done.without_address:
        said = _("Attention: the certificate does not name %(address)s.")
        messages.warning(request, said % {"address": account})


def _came(done: Answered) -> str:
    number = len(done.certificates)
    said = ngettext(
        "%(n)s certificate has found its key.", "%(n)s certificates have found their keys.", number
    )
    return said % {"n": number}


def _refusal(error: Exception, data: bytes) -> str:
    """Why a file is no answer, and which one would be."""
    if contains_private_key(data):
        return _("In this file lies a private key. Import it under “Certificates”.")
    if isinstance(error, Conflict):
        return _(
            "There are certificates in it, but none for a key that waits here. Perhaps it is the "
            "chain alone, or the answer to a request of another program."
        )
    if isinstance(error, LimitExceeded):
        return _("The file is too big for an answer.")
    if b"CERTIFICATE REQUEST" in data[:200]:
        return _("This is the request itself. The authority sends the certificate back.")
    return _("There is no certificate in it. Take the file as the authority sent it.")
