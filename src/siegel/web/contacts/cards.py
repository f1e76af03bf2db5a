"""vCards: a file of them comes in, the card of one contact goes out."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from siegel.base.errors import LimitExceeded, MalformedMessage, NotFound
from siegel.flows import contacts
from siegel.flows.contacts import CardsTaken
from siegel.flows.people import Role
from siegel.pki.vcard import MAX_SIZE
from siegel.web import clock
from siegel.web.access import for_role
from siegel.web.contacts.forms import CardsForm
from siegel.web.person import Person


@require_POST
@for_role(Role.MEMBER)
def take(request: HttpRequest, person: Person) -> HttpResponse:
    form = CardsForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, _("No file was chosen, or it is too large."))
        return redirect("contacts:list")
    data = form.cleaned_data["cards"].read(MAX_SIZE + 1)
    try:
        taken = contacts.take_cards(data, by=person.actor, at=clock.now())
    except MalformedMessage:
        messages.error(request, _("There is no contact in this file."))
    except LimitExceeded:
        messages.error(request, _("The file is too large. Export fewer contacts at once."))
    else:
        messages.success(request, _told(taken))
    return redirect("contacts:list")


@require_safe
@for_role(Role.MEMBER)
def give(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    del request, person
    try:
        file = contacts.export_card(number, clock.now())
    except NotFound as error:
        raise Http404 from error
    response = HttpResponse(file.data, content_type=file.media_type)
    response["Content-Disposition"] = f'attachment; filename="{file.name}"'
    return response


def _told(taken: CardsTaken) -> str:
    added = len(taken.added)
    words = [ngettext("%(n)s contact added.", "%(n)s contacts added.", added) % {"n": added}]
    if taken.skipped:
        skipped = len(taken.skipped)
        words.append(
            ngettext(
                "%(n)s was left as it is, because its address is known.",
                "%(n)s were left as they are, because their addresses are known.",
                skipped,
            )
            % {"n": skipped}
        )
    if taken.certificates:
        number = taken.certificates
        words.append(ngettext("%(n)s new certificate.", "%(n)s new certificates.", number)
                     % {"n": number})  # fmt: skip
    return " ".join(words)
