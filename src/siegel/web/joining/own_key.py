"""A key made in the partner's browser, and its certificate from our authority.

The private key never comes here: the browser sends a request (PKCS #10) and puts key, certificate
and chain into a .p12 by itself. Whoever has no script makes the request elsewhere and uploads it.
"""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from siegel.base.address import EmailAddress
from siegel.base.errors import Conflict, SiegelError, TooManyAttempts, UnsupportedAlgorithm
from siegel.flows import partner_certificates
from siegel.flows.partner_certificates import WhyNot
from siegel.flows.publishing_site import SiteRow
from siegel.flows.workshop import Workshop
from siegel.pki.certificate import Certificate
from siegel.store.authority_rows import AuthorityRow
from siegel.web import clock, running
from siegel.web.joining.asking import ask, proved_here
from siegel.web.joining.forms import AddressForm, RequestForm
from siegel.web.joining.words import said_of_mail
from siegel.web.partner_site import linked_page, page


@require_http_methods(["GET", "HEAD", "POST"])
@linked_page
@never_cache
def own_key(request: HttpRequest, site: SiteRow) -> HttpResponse:
    """First the address, then – in the browser that used the link – the key."""
    address = proved_here(request)
    if address is not None and request.method != "POST":
        return _making(request, site, address, RequestForm())
    if not site.is_open:
        raise Http404
    form = AddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _asked(request, site, form)
    return page(request, site, "joining/own_key.html", {"form": form})


@require_POST
@linked_page
@never_cache
def certificate(request: HttpRequest, site: SiteRow) -> HttpResponseBase:
    """For the script: JSON. For a form: the file, with the chain behind the certificate."""
    address = proved_here(request)
    wants_json = request.accepts("application/json") and not request.accepts("text/html")
    if address is None:
        return _refused(request, site, None, _("Please prove your address again."), wants_json)
    form = RequestForm(request.POST, request.FILES)
    if not form.is_valid():
        return _making(request, site, address, form)
    authority = partner_certificates.authority_for(address)
    if isinstance(authority, WhyNot):
        return _not_here(request, site, address, authority)
    workshop = Workshop(vault=running.site().vault, rng=running.site().rng)
    try:
        made = partner_certificates.certify(
            form.csr, address, authority, workshop, by=str(address), at=clock.now()
        )
    except SiegelError as error:
        return _refused(request, site, address, _why(error), wants_json)
    return _given(made, authority, wants_json)


def _asked(request: HttpRequest, site: SiteRow, form: AddressForm) -> HttpResponse:
    """What can never end well is said before a mail is sent."""
    address = form.cleaned_data["address"]
    authority = partner_certificates.authority_for(address)
    if isinstance(authority, WhyNot):
        return _not_here(request, site, address, authority)
    problem = ask(request, address)
    if problem is None:
        return page(request, site, "joining/mailed.html", {"address": address})
    form.add_error("address", said_of_mail(problem))
    return page(request, site, "joining/own_key.html", {"form": form})


def _making(
    request: HttpRequest,
    site: SiteRow,
    address: EmailAddress,
    form: RequestForm,
    problem: str = "",
) -> HttpResponse:
    authority = partner_certificates.authority_for(address)
    if isinstance(authority, WhyNot):
        return _not_here(request, site, address, authority)
    context = {"address": address, "authority": authority.name, "form": form, "problem": problem}
    return page(request, site, "joining/make_key.html", context, status=400 if problem else 200)


def _not_here(
    request: HttpRequest, site: SiteRow, address: EmailAddress, why: WhyNot
) -> HttpResponse:
    context = {"why": why.value, "address": address}
    return page(request, site, "joining/not_here.html", context)


def _given(made: Certificate, authority: AuthorityRow, wants_json: bool) -> HttpResponseBase:
    texts = partner_certificates.chain_of(made, authority, at=clock.now())
    if wants_json:
        return JsonResponse({"certificates": list(texts)})
    response = HttpResponse("".join(texts), content_type="application/pem-certificate-chain")
    response["Content-Disposition"] = 'attachment; filename="certificate.pem"'
    return response


def _refused(
    request: HttpRequest,
    site: SiteRow,
    address: EmailAddress | None,
    problem: str,
    wants_json: bool,
) -> HttpResponseBase:
    if wants_json:
        return JsonResponse({"problem": problem}, status=400)
    if address is None:
        return page(request, site, "joining/over.html", status=404)
    return _making(request, site, address, RequestForm(), problem)


def _why(error: SiegelError) -> str:
    if isinstance(error, TooManyAttempts):
        return _("You made several certificates today. Please come back tomorrow.")
    if isinstance(error, UnsupportedAlgorithm):
        return _("The key is too weak or of a kind that mail programs do not know.")
    if isinstance(error, Conflict):
        return _("We cannot make a certificate for this address and this key. Please call us.")
    return _("This is no certification request (PKCS #10), or its signature is wrong.")
