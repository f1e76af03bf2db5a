"""Files of the partner site: certificates, authorities, the colours and the picture."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from siegel.directory.colours import stylesheet
from siegel.flows import exporting, publishing, publishing_site
from siegel.flows.exporting import Exported
from siegel.flows.publishing_site import SiteRow
from siegel.pki.certificate import Certificate
from siegel.pki.export import ExportFormat
from siegel.web import clock
from siegel.web.access import public
from siegel.web.directory.facts import FORMATS
from siegel.web.directory.views import accepted
from siegel.web.partner_limits import may_ask
from siegel.web.partner_site import partner_page

AN_HOUR = 3600  # seconds; addresses of these files change with their content
FIVE_MINUTES = 300
OF_AUTHORITIES = ("cer", "pem")  # formats of one authority


@require_safe
@partner_page
def certificate(request: HttpRequest, site: SiteRow, mark: str, format: str) -> HttpResponse:
    """Whoever has to accept something first is led to the page that says so."""
    if format not in FORMATS:
        raise Http404
    if site.asks_acceptance and not accepted(request):
        return redirect("directory:one", mark)
    if not may_ask(request, "files"):
        return too_many()
    found = publishing.by_fingerprints([mark], clock.now())
    if not found:
        raise Http404
    one = found[0]
    return attachment(exporting.public_file(one.certificate, one.chain, FORMATS[format]))


@require_safe
@partner_page
def authority(request: HttpRequest, site: SiteRow, mark: str, format: str) -> HttpResponse:
    """One certificate of the chain; in .cer it is installed by opening it."""
    del site, request
    known = {each.fingerprint: each for each in publishing.chain_files(clock.now())}
    if mark not in known or format not in OF_AUTHORITIES:
        raise Http404
    return _kept(attachment(exporting.public_file(known[mark], (), FORMATS[format])))


@require_safe
@partner_page
def whole_chain(request: HttpRequest, site: SiteRow, format: str) -> HttpResponse:
    """All authorities in one file."""
    del site, request
    found = publishing.chain_files(clock.now())
    if not found or format not in ("p7c", "pem"):
        raise Http404
    return _kept(attachment(_together(found, FORMATS[format])))


@require_safe
@public
def colours(request: HttpRequest) -> HttpResponse:
    """The colours of the organisation: a stylesheet of our own origin, as the policy demands."""
    del request
    site = publishing_site.as_written()
    answer = HttpResponse(stylesheet(site.colour, site.colour_dark), content_type="text/css")
    return _kept(answer, AN_HOUR)


@require_safe
@public
def logo(request: HttpRequest) -> HttpResponse:
    del request
    found = publishing_site.logo()
    if found is None:
        raise Http404
    return _kept(HttpResponse(found, content_type="image/png"), AN_HOUR)


@require_safe
@public
def robots(request: HttpRequest) -> HttpResponse:
    """The page may be found, addresses and certificates may not."""
    del request
    text = "User-agent: *\nAllow: /partner/$\nDisallow: /\n"
    return _kept(HttpResponse(text, content_type="text/plain; charset=utf-8"), AN_HOUR)


def attachment(file: Exported) -> HttpResponse:
    """``file.name`` is plain ASCII without quotes (``exporting.file_name``)."""
    answer = HttpResponse(file.data, content_type=file.media_type)
    answer["Content-Disposition"] = f'attachment; filename="{file.name}"'
    return answer


def too_many() -> HttpResponse:
    answer = HttpResponse("too many requests\n", content_type="text/plain", status=429)
    answer["Retry-After"] = "60"
    return answer


def _together(found: tuple[Certificate, ...], format_: ExportFormat) -> Exported:
    file = exporting.public_file(found[0], found[1:], format_)
    return Exported(
        name=f"chain.{file.name.rpartition('.')[2]}", media_type=file.media_type, data=file.data
    )


def _kept(answer: HttpResponse, seconds: int = FIVE_MINUTES) -> HttpResponse:
    answer["Cache-Control"] = f"public, max-age={seconds}"
    return answer
