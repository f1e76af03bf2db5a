"""Make an authority: a root with an issuing one below it, or one below a root outside."""

from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from siegel.base.errors import Conflict, MalformedMessage
from siegel.flows import authorities, authority_pages, requesting
from siegel.flows.people import Role
from siegel.flows.workshop import Workshop
from siegel.store.authority_rows import AuthorityRow
from siegel.web import clock, running
from siegel.web.access import for_role, recently
from siegel.web.authority.facts import published_here
from siegel.web.authority.forms import AnswerForm, BelowForm, CreateForm
from siegel.web.authority.views import page_of
from siegel.web.person import Person

FILES = {
    "p10": (Encoding.DER, "application/pkcs10"),
    "csr": (Encoding.PEM, "application/x-pem-file"),
}


@require_http_methods(["GET", "HEAD", "POST"])
@recently
@for_role(Role.ADMINISTRATOR)
def create(request: HttpRequest, person: Person) -> HttpResponse:
    form = CreateForm(
        request.POST or None, domains=authority_pages.own_domains(), initial=_preset()
    )
    if request.method == "POST" and form.is_valid():
        made = _created(form, person)
        if made is not None:
            messages.success(
                request,
                _("%(name)s is ready: root, issuing authority and their first lists.")
                % {"name": form.cleaned_data["name"]},
            )
            return redirect("authority:show", made.id)
    return render(request, "authority/create.html", {"form": form, "here": published_here()})


@require_http_methods(["GET", "HEAD", "POST"])
@recently
@for_role(Role.ADMINISTRATOR)
def below(request: HttpRequest, person: Person) -> HttpResponse:
    form = BelowForm(request.POST or None, domains=authority_pages.own_domains(), initial=_preset())
    if request.method == "POST" and form.is_valid():
        try:
            row = authorities.create_below(
                form.plan(), running.site().vault, by=person.actor, at=clock.now()
            )
        except Conflict:
            _name_is_taken(form)
        else:
            messages.success(request, _("The request is ready. Send it to the authority above."))
            return redirect("authority:show", row.id)
    return render(request, "authority/below.html", {"form": form, "here": published_here()})


@require_safe
@for_role(Role.ADMINISTRATOR)
def request_file(request: HttpRequest, person: Person, number: int, format: str) -> HttpResponse:
    """PKCS #10 as octets or as text."""
    del request, person
    found = page_of(number)
    if found.request is None or format not in FILES:
        raise Http404
    encoding, kind = FILES[format]
    content = x509.load_der_x509_csr(found.request.der).public_bytes(encoding)
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="authority-{number}.{format}"'
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@recently
@for_role(Role.ADMINISTRATOR)
def answer(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """The certificate from above, in whatever file it comes."""
    found = page_of(number)
    if found.request is None:
        raise Http404
    form = AnswerForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and _answered(form, found.standing.row, person):
        messages.success(
            request,
            _("The certificate has come: %(name)s works.") % {"name": found.standing.row.name},
        )
        return redirect("authority:show", number)
    context = {"form": form, "row": found.standing.row}
    return render(request, "authority/answer.html", context)


def _answered(form: AnswerForm, row: AuthorityRow, person: Person) -> bool:
    site = running.site()
    tools = Workshop(vault=site.vault, rng=site.rng)
    try:
        requesting.answer(
            form.cleaned_data["file"],
            tools,
            only=row.spki_sha256,
            by=person.actor,
            at=clock.now(),
        )
    except MalformedMessage:
        form.add_error("file", _("No certificate can be read in this file."))
    except Conflict:
        form.add_error(
            "file",
            _(
                "This is not the answer to the request: it holds no certificate of an authority"
                " for this key that may issue certificates and sign lists."
            ),
        )
    else:
        return True
    return False


def _created(form: CreateForm, person: Person) -> AuthorityRow | None:
    site = running.site()
    try:
        made = authorities.create(
            form.plan(),
            site.vault,
            rng=site.rng,
            by=person.actor,
            at=clock.now(),
            trust=form.cleaned_data["trust"],
        )
    except Conflict:
        _name_is_taken(form)
        return None
    return made.issuing


def _name_is_taken(form: BelowForm) -> None:
    """What else a flow may refuse, the form has refused before."""
    form.add_error("name", _("There is an authority of this name already."))


def _preset() -> dict[str, Any]:
    return {
        "organisation": settings.SIEGEL.organisation.name,
        "country": "DE",
        "key": "rsa-4096",
        "publish_at": published_here(),
        "trust": True,
    }
