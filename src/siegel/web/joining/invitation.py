"""The page behind an invitation: hand in a certificate, or go on to a key of one's own."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from siegel.flows import invitations_of_partners as invitations
from siegel.flows import registering
from siegel.flows.publishing_site import SiteRow
from siegel.flows.registering import HandedIn
from siegel.store.entry_rows import PartnerInvitationRow
from siegel.web import clock
from siegel.web.joining.asking import ask
from siegel.web.joining.forms import CertificateForm
from siegel.web.joining.words import said_of_file, said_of_mail
from siegel.web.partner_site import linked_page, page


@require_http_methods(["GET", "HEAD", "POST"])
@linked_page
@never_cache
def hand_in(request: HttpRequest, site: SiteRow, token: str) -> HttpResponse:
    found = invitations.invitation(token, at=clock.now())
    if found is None:
        return page(request, site, "joining/over.html", status=404)
    form = CertificateForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data["file"].read(registering.LARGEST + 1)
        done = registering.hand_in(token, data, at=clock.now())
        if done.outcome is HandedIn.LINK_OVER:
            return page(request, site, "joining/over.html", status=404)
        title, sentence = said_of_file(done.outcome)
        if done.outcome.is_good:
            context = {"title": title, "sentence": sentence, "certificate": done.certificate}
            return page(request, site, "joining/handed_in.html", context)
        form.add_error("file", f"{title}. {sentence}")
    return _shown(request, site, token, found, form)


@require_POST
@linked_page
@never_cache
def own_key(request: HttpRequest, site: SiteRow, token: str) -> HttpResponse:
    """The invited person has no certificate yet: a second mail proves the address."""
    found = invitations.invitation(token, at=clock.now())
    if found is None:
        return page(request, site, "joining/over.html", status=404)
    problem = ask(request, found.address)
    if problem is None:
        return page(request, site, "joining/mailed.html", {"address": found.address})
    form = CertificateForm()
    return _shown(request, site, token, found, form, problem=said_of_mail(problem))


def _shown(
    request: HttpRequest,
    site: SiteRow,
    token: str,
    found: PartnerInvitationRow,
    form: CertificateForm,
    problem: str = "",
) -> HttpResponse:
    context = {"form": form, "invitation": found, "token": token, "problem": problem}
    return page(request, site, "joining/invitation.html", context)
