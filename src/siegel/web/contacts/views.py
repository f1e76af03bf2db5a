"""The address book: list, one contact, new, changed, removed."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from siegel.base.address import EmailAddress
from siegel.base.errors import Conflict, MalformedAddress, NotFound
from siegel.flows import contacts
from siegel.flows.contacts import ContactState
from siegel.flows.people import Role
from siegel.web import clock
from siegel.web.access import for_role
from siegel.web.contacts.facts import addresses_of, line_of, proposal_of
from siegel.web.contacts.forms import CardsForm, ContactForm
from siegel.web.person import Person, language_of
from siegel.web.templatetags.siegel import plain

LONGEST_SEARCH = 200  # characters, as in the form


@require_safe
@for_role(Role.MEMBER)
def listing(request: HttpRequest, person: Person) -> HttpResponse:
    del person
    text = request.GET.get("q", "")[:LONGEST_SEARCH]
    found = contacts.listing(
        text, at=clock.now(), after=request.GET.get("after"), before=request.GET.get("before")
    )
    context = {
        "text": text,
        "lines": [line_of(state) for state in found.states],
        "page": {
            "newer": _query(text, before=found.page.before),
            "older": _query(text, after=found.page.after),
        },
        "too_many": found.page.too_many,
        "proposals": [] if text else [proposal_of(row) for row in contacts.proposals()],
        "cards": CardsForm(),
    }
    return render(request, "contacts/list.html", context)


@require_safe
@for_role(Role.MEMBER)
def one(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    state = _state(number)
    context = {
        "contact": state.row,
        "title": plain(state.row.name),
        "addresses": addresses_of(state, person, language_of(request), clock.now()),
    }
    return render(request, "contacts/one.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_role(Role.MEMBER)
def new(request: HttpRequest, person: Person) -> HttpResponse:
    """``?name=…&address=…`` fills the form in; nothing is kept before it is sent."""
    if request.method != "POST":
        initial = {
            "name": request.GET.get("name", "")[:200],
            "organisation": request.GET.get("organisation", "")[:200],
            "addresses": _known_address(request.GET.get("address", "")),
        }
        return render(request, "contacts/form.html", {"form": ContactForm(initial=initial)})
    form = ContactForm(request.POST)
    if form.is_valid():
        try:
            number = contacts.add(form.given(), by=person.actor, at=clock.now())
        except Conflict as error:
            form.add_error("addresses", _taken(error))
        else:
            messages.success(request, _("The contact is saved."))
            return redirect("contacts:one", number)
    return render(request, "contacts/form.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@for_role(Role.MEMBER)
def edit(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    row = _state(number).row
    initial = {
        "name": row.name,
        "organisation": row.organisation,
        "note": row.note,
        "addresses": "\n".join(map(str, row.addresses)),
    }
    form = ContactForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            contacts.change(number, form.given(), by=person.actor, at=clock.now())
        except Conflict as error:
            form.add_error("addresses", _taken(error))
        else:
            messages.success(request, _("The contact is saved."))
            return redirect("contacts:one", number)
    return render(request, "contacts/form.html", {"form": form, "contact": row})


@require_http_methods(["GET", "HEAD", "POST"])
@for_role(Role.MEMBER)
def remove(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    row = _state(number).row
    if request.method == "POST":
        contacts.remove(number, by=person.actor, at=clock.now())
        messages.success(request, _("“%(name)s” is removed.") % {"name": plain(row.name)})
        return redirect("contacts:list")
    return render(request, "contacts/remove.html", {"contact": row})


def _state(number: int) -> ContactState:
    try:
        return contacts.one(number, clock.now())
    except NotFound as error:
        raise Http404 from error


def _known_address(text: str) -> str:
    try:
        return str(EmailAddress.parse(text))
    except MalformedAddress:
        return ""


def _taken(error: Conflict) -> str:
    return _("%(address)s stands in another contact already.") % error.params


def _query(text: str, **marks: str | None) -> str:
    """ "" where there is nothing further."""
    place = {name: mark for name, mark in marks.items() if mark}
    return urlencode({"q": text, **place} if text else place) if place else ""
