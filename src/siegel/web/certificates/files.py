"""Files in and out: uploads, the public part for everybody, a private key under conditions."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from siegel.base.errors import NotFound, UnsupportedAlgorithm
from siegel.flows import certificate_page, exporting, mail_reopening, uploading
from siegel.flows.exporting import Exported, WeakPassphrase
from siegel.flows.people import Role
from siegel.flows.uploading import Offered, Result
from siegel.pki.certificate import Certificate
from siegel.pki.export import ExportFormat
from siegel.pki.pkcs12 import Flavour
from siegel.policy.uploads import Became
from siegel.web import clock, running
from siegel.web.access import for_role, recently
from siegel.web.certificate_names import name_of
from siegel.web.certificates.forms import ExportKeyForm
from siegel.web.certificates.page import page_of
from siegel.web.person import Person, language_of
from siegel.wording.certificates import told
from siegel.wording.words import Language

_KEPT = "certificates_uploaded"  # in the session: what the last upload brought
_LOOKS = {
    Became.KEY: ("is-good", "key"),
    Became.CERTIFICATES: ("is-good", "check"),
    Became.KNOWN: ("is-open", "equal"),
    Became.LOCKED: ("is-todo", "lock"),
    Became.TOO_MANY_WAITING: ("is-todo", "lock"),
}


@require_POST
@for_role(Role.MEMBER)
def upload(request: HttpRequest, person: Person) -> HttpResponse:
    """What became of each file stands above the list once."""
    files = [
        Offered(name=file.name or "", size=file.size or 0, data=file.read(uploading.LARGEST + 1))
        for file in request.FILES.getlist("files")
    ]
    if not files:
        messages.error(request, _no_files(request))
        return redirect("certificates:list")
    results = uploading.upload(files, running.site().vault, by=person.actor, at=clock.now())
    brought = (address for each in results if each.imported for address in each.imported.accounts)
    mail_reopening.reopen(brought, running.site(), at=clock.now())
    request.session[_KEPT] = [_kept(result) for result in results]
    return redirect("certificates:list")


def taken_results(request: HttpRequest) -> list[dict[str, object]]:
    """The results of the last upload, shown once."""
    kept = request.session.pop(_KEPT, [])
    return [_shown(each, language_of(request)) for each in kept]


@require_safe
@for_role(Role.MEMBER)
def export(request: HttpRequest, person: Person, fingerprint: str, format: str) -> HttpResponse:
    """„Zertifikat exportieren“: the public part as a file, in one click."""
    del person
    try:
        wanted = ExportFormat(format)
        return _attachment(exporting.export_public(fingerprint, wanted, clock.now()))
    except (ValueError, NotFound) as error:
        raise Http404 from error


@require_http_methods(["GET", "HEAD", "POST"])
@recently
@for_role(Role.CERTIFICATE_MANAGER)
def export_key(request: HttpRequest, person: Person, fingerprint: str) -> HttpResponse:
    """The private key as .p12; whoever gets here has given the password again."""
    try:
        found = certificate_page.gather(fingerprint, clock.now())
        if not found.state.row.has_private_key:
            raise NotFound("its key is not here")
    except NotFound as error:
        raise Http404 from error
    form = ExportKeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _attachment(_exported(form, fingerprint, person))
        except WeakPassphrase as weak:
            form.add_error("passphrase", told(weak.weakness, language_of(request)).sentence)
        except UnsupportedAlgorithm:
            form.add_error("flavour", _("Old devices know no key of this kind."))
    page = page_of(found, person, language_of(request), clock.now())
    return render(request, "certificates/export_key.html", {"page": page, "form": form})


def _exported(form: ExportKeyForm, fingerprint: str, person: Person) -> Exported:
    passphrase, repeated = form.secrets()
    return exporting.export_key(
        fingerprint,
        Flavour(form.cleaned_data["flavour"]),
        passphrase,
        repeated,
        running.site().vault,
        by=person.actor,
        at=clock.now(),
    )


def _attachment(file: Exported) -> HttpResponse:
    """Saved, never shown: no browser guesses what it is."""
    response = HttpResponse(file.data, content_type=file.media_type)
    response["Content-Disposition"] = f'attachment; filename="{file.name}"'
    return response


def _no_files(request: HttpRequest) -> str:
    size = request.META.get("CONTENT_LENGTH") or "0"
    if size.isdigit() and int(size) > uploading.LARGEST_TOGETHER:
        return _("That is too much at once. Upload fewer files together.")
    return _("No file was chosen.")


def _kept(result: Result) -> dict[str, object]:
    imported = result.imported
    shown = imported.own or imported.certificates if imported is not None else ()
    return {
        "name": result.name[:200],
        "became": result.became.value,
        "locked": result.locked,
        "brought": [_brought(c) for c in shown[:5]],
        "more": max(0, len(shown) - 5),
        "without_account": [
            str(address) for address in (imported.without_account if imported else ())
        ][:5],
    }


def _brought(certificate: Certificate) -> tuple[str, str]:
    return certificate.fingerprint, name_of(certificate)[:200]


def _shown(kept: dict[str, object], language: Language) -> dict[str, object]:
    became = Became(str(kept["became"]))
    state, icon = _LOOKS.get(became, ("is-warn", "warning"))
    return {**kept, "state": state, "icon": icon, "words": told(became, language)}
