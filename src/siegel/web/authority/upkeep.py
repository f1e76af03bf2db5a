"""Look after an authority: trust its root, renew it, issue its list now."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from siegel.base.errors import Conflict
from siegel.flows import authority_upkeep
from siegel.flows.people import Role
from siegel.web import clock, running
from siegel.web.access import for_role, recently
from siegel.web.authority.views import page_of
from siegel.web.person import Person


@require_http_methods(["GET", "HEAD", "POST"])
@recently
@for_role(Role.CERTIFICATE_MANAGER)
def trust(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """Our own root counts here; nobody needs to compare what was made in the same place."""
    found = page_of(number)
    row = found.standing.row
    if not found.standing.is_root or found.is_trusted:
        raise Http404
    if request.method == "POST":
        authority_upkeep.trust_own(row.name, by=person.actor, at=clock.now())
        messages.success(request, _("%(name)s is verified (trusted) now.") % {"name": row.name})
        return redirect("authority:show", number)
    context = {"row": row, "certificate": row.certificate}
    return render(request, "authority/trust.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@recently
@for_role(Role.CERTIFICATE_MANAGER)
def renew(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """Below our own root at once; below one outside by a new request."""
    found = page_of(number)
    row, site = found.standing.row, running.site()
    if found.standing.is_root or row.certificate is None:
        raise Http404
    failed = ""
    if request.method == "POST":
        try:
            if row.parent is None:
                authority_upkeep.request_again(row, site.vault, by=person.actor, at=clock.now())
                said = _("The request is ready. Send it to the authority above.")
            else:
                authority_upkeep.renew(
                    row.name, site.vault, rng=site.rng, by=person.actor, at=clock.now()
                )
                said = _("%(name)s has a new certificate.") % {"name": row.name}
        except Conflict:
            failed = _("It cannot be renewed: it or the root above it has ended or is revoked.")
        else:
            messages.success(request, said)
            return redirect("authority:show", number)
    context = {"found": found, "row": row, "certificate": row.certificate, "failed": failed}
    return render(request, "authority/renew.html", context)


@require_POST
@for_role(Role.CERTIFICATE_MANAGER)
def issue_list(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """At once, whether it is due or not: the next number, everything revoked until now."""
    row = page_of(number).standing.row
    try:
        ((_name, issued),) = authority_upkeep.issue_lists(
            row.name, running.site().vault, by=person.actor, at=clock.now()
        )
    except Conflict:
        messages.error(request, _("There is no list while the certificate has not come."))
    else:
        messages.success(request, _("List %(number)s is issued.") % {"number": issued.number})
    return redirect("authority:show", number)
