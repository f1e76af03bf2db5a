"""A new key for one account, with its certificate or a request for it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from siegel.base.address import EmailAddress
from siegel.base.errors import Conflict, MalformedAddress, NotFound
from siegel.flows.connectors import Ticket
from siegel.flows.people import Role
from siegel.flows.ways import Way, connector, default_organisation, ways
from siegel.policy.tickets import Progress, TicketStep
from siegel.web import clock, running
from siegel.web.access import for_role, recently
from siegel.web.keys.facts import choices_of, chosen, closed
from siegel.web.keys.forms import NewKeyForm
from siegel.web.keys.views import workshop
from siegel.web.person import Person, language_of


@require_http_methods(["GET", "HEAD", "POST"])
@recently
@for_role(Role.CERTIFICATE_MANAGER)
def new(request: HttpRequest, person: Person) -> HttpResponse:
    """``?account=``: everything is chosen already, one button is left."""
    asked = request.POST.get("account", request.GET.get("account", ""))
    found = ways(_address(asked), directory=running.site().acme_directory, at=clock.now())
    behind = default_organisation()
    initial = {"account": asked[:320], "organisation": behind.name if behind else ""}
    form = NewKeyForm(request.POST or None, ways=choices_of(found), initial=initial)
    if request.method == "POST" and form.is_valid():
        done = _ordered(form, found, person)
        if done is not None:
            return _next(request, *done)
    context = {"form": form, "closed": closed(found, language_of(request)), "chosen": bool(asked)}
    return render(request, "keys/new.html", context)


def told(request: HttpRequest, progress: Progress) -> None:
    if progress.certificate is not None:
        messages.success(request, _("The certificate is made. It signs and opens mail now."))
    elif progress.next_step is TicketStep.WAIT:
        messages.success(request, _("The certificate is ordered. It comes by itself."))
    else:
        said = _("The key is made and kept here. Now hand the request in, and bring its answer.")
        messages.success(request, said)


def _ordered(
    form: NewKeyForm, found: tuple[Way, ...], person: Person
) -> tuple[Ticket, Progress] | None:
    """The first of the tickets; None: the form says why not."""
    at = clock.now()
    try:
        way = connector(chosen(found, form.cleaned_data["way"]), workshop(), form.behind())
        tickets = [way.request(order, by=person.actor, at=at) for order in form.orders()]
        return tickets[0], way.status(tickets[0], at=at)
    except NotFound:
        form.add_error("account", _("There is no mail account with this address yet. Create it."))
    except Conflict as error:
        form.add_error(None, _why(error))
    return None


def _next(request: HttpRequest, ticket: Ticket, progress: Progress) -> HttpResponse:
    told(request, progress)
    if progress.certificate is not None:
        return redirect("certificates:one", progress.certificate)
    return redirect("keys:request", ticket.number)


def _why(error: Conflict) -> str:
    return _("This does not go together: %(reason)s") % {"reason": error}


def _address(text: str) -> EmailAddress | None:
    try:
        return EmailAddress.parse(text)
    except MalformedAddress:
        return None
