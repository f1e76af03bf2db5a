"""Revoke a certificate that an authority of ours issued: what will happen is said before."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from siegel.base.errors import Conflict, NotFound
from siegel.flows import authority_pages, issuing
from siegel.flows.authority_pages import RevocationPage
from siegel.flows.people import Role
from siegel.flows.workshop import Workshop
from siegel.web import clock, running
from siegel.web.access import for_role, recently
from siegel.web.authority.facts import profile_in_words
from siegel.web.authority.forms import RevokeForm
from siegel.web.certificate_names import name_of
from siegel.web.person import Person, language_of


@require_http_methods(["GET", "HEAD", "POST"])
@recently
@for_role(Role.CERTIFICATE_MANAGER)
def revoke(request: HttpRequest, person: Person, fingerprint: str) -> HttpResponse:
    """For ever, and in the same moment on a new list."""
    try:
        found = authority_pages.revocation(fingerprint, clock.now())
    except (NotFound, Conflict) as error:
        raise Http404 from error
    form = RevokeForm(request.POST or None, of_authority=found.of_authority is not None)
    if request.method == "POST" and form.is_valid() and _revoked(form, found, person):
        messages.success(request, _("The certificate is revoked and stands on the new list."))
        return redirect("certificates:one", fingerprint)
    certificate = found.found.certificate
    context = {
        "form": form,
        "found": found,
        "certificate": certificate,
        "name": name_of(certificate),
        "kind": profile_in_words(found.found.profile, language_of(request)),
    }
    return render(request, "authority/revoke.html", context)


def _revoked(form: RevokeForm, found: RevocationPage, person: Person) -> bool:
    site = running.site()
    try:
        issuing.revoke(
            found.found.certificate.fingerprint,
            form.reason_given(),
            Workshop(vault=site.vault, rng=site.rng),
            by=person.actor,
            at=clock.now(),
        )
    except Conflict:
        form.add_error(None, _("Somebody else has just revoked it."))
        return False
    return True
