"""What a reader does with a message: each a form, each back to where it stood."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from siegel.base.errors import NotFound, SiegelError
from siegel.flows import (
    consents,
    contacts,
    conversations,
    importing,
    mail_access,
    mail_reading,
    mail_reopening,
    mail_reporting,
)
from siegel.flows.mail_parts import FileKind, file_of
from siegel.flows.people import Role
from siegel.web import clock, running
from siegel.web.access import for_role
from siegel.web.conversation.ways import way_of
from siegel.web.person import Person
from siegel.web.templatetags.siegel import plain

LONGEST_NOTE = 4000  # characters


@require_POST
@for_role(Role.MEMBER)
def consent(request: HttpRequest, person: Person, item: int) -> HttpResponse:
    """Pictures of this sender from now on, or no longer. Only of a checked sender."""
    try:
        shown = mail_reading.read(item, person.email, running.site(), at=clock.now())
    except NotFound:
        raise Http404 from None
    if not shown.trustworthy:
        raise Http404
    if "withdraw" in request.POST:
        consents.withdraw(person.email, shown.address)
        messages.success(request, _("Pictures of this sender are not loaded any more."))
    else:
        consents.give(person.email, shown.address, at=clock.now())
        words = _("Pictures in messages from %(address)s are loaded from now on.")
        messages.success(request, words % {"address": plain(shown.address, 320)})
    return _to(shown.item.conversation, item)


@require_POST
@for_role(Role.MEMBER)
def report(request: HttpRequest, person: Person, item: int) -> HttpResponse:
    site, at = running.site(), clock.now()
    try:
        row = mail_access.item(item, person.email, at=at)
        told = mail_reporting.report(item, person.email, site, by=person.actor, at=at)
    except NotFound:
        raise Http404 from None
    if told:
        words = ngettext(
            "%(number)d administrator is told.", "%(number)d administrators are told.", told
        )
        messages.success(request, words % {"number": told})
    else:
        messages.warning(request, _("It stands in the journal, but no mail could be sent."))
    return _to(row.conversation, item)


@require_POST
@for_role(Role.MEMBER)
def note(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """For the people of the account alone; no mail ever carries it."""
    text = request.POST.get("note", "")[:LONGEST_NOTE]
    try:
        conversations.set_note(number, text, person.email, at=clock.now())
    except NotFound:
        raise Http404 from None
    messages.success(request, _("The note is saved."))
    return redirect("conversation:show", number)


@require_POST
@for_role(Role.MEMBER)
def take(request: HttpRequest, person: Person, item: int, number: int) -> HttpResponse:
    """Cards and certificates of a file into the address book."""
    site, at = running.site(), clock.now()
    try:
        shown = mail_reading.read(item, person.email, site, at=at, way=way_of(request))
        part = mail_reading.part_of(shown, number)
    except NotFound:
        raise Http404 from None
    kind = file_of(part, number).kind
    if shown.withheld or kind not in (FileKind.CARD, FileKind.CERTIFICATE):
        raise Http404
    try:
        words = _taken(kind, part.decoded(site.limits), person)
    except SiegelError:
        messages.error(request, _("There is nothing in this file that could be taken over."))
    else:
        messages.success(request, words)
    return _to(shown.item.conversation, item)


def _taken(kind: FileKind, octets: bytes, person: Person) -> str:
    at = clock.now()
    if kind is FileKind.CARD:
        added = len(contacts.take_cards(octets, by=person.actor, at=at).added)
        return ngettext("%(n)s contact added.", "%(n)s contacts added.", added) % {"n": added}
    found = importing.import_file(octets, None, None, by=person.actor, at=at).certificates
    many = len(found)
    return ngettext("%(n)s certificate taken over.", "%(n)s certificates taken over.", many) % {
        "n": many
    }


@require_safe
@for_role(Role.MEMBER)
def state(request: HttpRequest, person: Person, item: int) -> HttpResponse:
    """For the script of an open page: the state of a message that waits for its key, now."""
    del request
    site, at = running.site(), clock.now()
    try:
        row = mail_access.item(item, person.email, at=at)
        mail_reopening.reopen([row.account], site, at=at, most=1)
        row = mail_access.item(item, person.email, at=at)
    except NotFound:
        raise Http404 from None
    return HttpResponse(row.state.value, content_type="text/plain")


def _to(conversation: int, item: int) -> HttpResponse:
    address = reverse("conversation:show", args=[conversation])
    return redirect(f"{address}?open={item}#m{item}")
