"""A certificate of ours anew: with the key it has, or with a new one."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from siegel.base.errors import Conflict, NotFound
from siegel.flows import renewing_certificates as renewing
from siegel.flows.connectors import Ticket
from siegel.flows.people import Role
from siegel.flows.renewing_certificates import Renewal
from siegel.web import clock, running
from siegel.web.access import for_role, recently
from siegel.web.certificate_names import name_of
from siegel.web.keys.facts import choices_of, chosen, closed
from siegel.web.keys.forms import RenewForm
from siegel.web.keys.views import workshop
from siegel.web.person import Person, language_of


@require_http_methods(["GET", "HEAD", "POST"])
@recently
@for_role(Role.CERTIFICATE_MANAGER)
def renew(request: HttpRequest, person: Person, fingerprint: str) -> HttpResponse:
    try:
        found = renewing.renewal_of(
            fingerprint, directory=running.site().acme_directory, at=clock.now()
        )
    except (NotFound, Conflict) as error:
        raise Http404 from error
    form = RenewForm(request.POST or None, ways=choices_of(found.ways), same=found.same_key)
    if request.method == "POST" and form.is_valid():
        ticket = _renewed(form, found, person)
        if ticket is not None:
            return _next(request, ticket)
    context = {
        "form": form,
        "found": found,
        "name": name_of(found.certificate),
        "closed": closed(found.ways, language_of(request)),
    }
    return render(request, "keys/renew.html", context)


def _renewed(form: RenewForm, found: Renewal, person: Person) -> Ticket | None:
    way = chosen(found.ways, form.cleaned_data["way"])
    try:
        return renewing.renew(
            found, way, form.chosen(), workshop(), by=person.actor, at=clock.now()
        )
    except Conflict as error:
        form.add_error(None, _("This does not go together: %(reason)s") % {"reason": error})
        return None


def _next(request: HttpRequest, ticket: Ticket) -> HttpResponse:
    made = renewing.made_of(ticket)
    if made is None:
        messages.success(request, _("The request is ready. The old certificate stays in use."))
        return redirect("keys:request", ticket.number)
    messages.success(request, _("The new certificate is in use. The old key opens old mail."))
    return redirect("certificates:one", made)
