"""Certificate stores over HTTP, and DNS."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from siegel.base.errors import Conflict, NotFound
from siegel.flows import lookup_sources
from siegel.flows.people import Role
from siegel.store.lookup_rows import SettingsRow, StoreRow
from siegel.web import clock
from siegel.web.access import for_role, recently
from siegel.web.lookups import facts
from siegel.web.lookups.forms import DnsForm, StoreForm, initial_of_store
from siegel.web.person import Person, language_of


@require_http_methods(["GET", "HEAD", "POST"])
@recently
@for_role(Role.ADMINISTRATOR)
def new(request: HttpRequest, person: Person) -> HttpResponse:
    form = StoreForm(request.POST if request.method == "POST" else None)
    return _answer(request, person, None, form)


@require_http_methods(["GET", "HEAD", "POST"])
@recently
@for_role(Role.ADMINISTRATOR)
def edit(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    row = _row(number)
    given = request.POST if request.method == "POST" else None
    return _answer(request, person, row, StoreForm(given, initial=initial_of_store(row)))


@require_http_methods(["GET", "HEAD", "POST"])
@recently
@for_role(Role.ADMINISTRATOR)
def remove(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """GET says what will happen; POST does it."""
    row = _row(number)
    if request.method != "POST":
        context = {"name": row.name, "back": ("lookups:edit_store", row.id)}
        return render(request, "lookups/remove.html", context)
    lookup_sources.remove_store(number, by=person.actor, at=clock.now())
    messages.success(request, _("The directory is removed."))
    return redirect("lookups:list")


@require_POST
@recently
@for_role(Role.ADMINISTRATOR)
def dns(request: HttpRequest, person: Person) -> HttpResponse:
    """Whether DNS is asked."""
    form = DnsForm(request.POST)
    if form.is_valid():
        said = SettingsRow(
            smimea=form.cleaned_data["smimea"],
            domain_asserts=form.cleaned_data["domain_asserts"],
        )
        lookup_sources.set_dns(said, by=person.actor, at=clock.now())
        messages.success(request, _("Saved."))
    return redirect("lookups:list")


def _answer(
    request: HttpRequest, person: Person, row: StoreRow | None, form: StoreForm
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        number = None if row is None else row.id
        try:
            lookup_sources.put_store(number, form.settings(), by=person.actor, at=clock.now())
        except Conflict:
            form.add_error("name", _("There is a directory of this name already."))
        else:
            messages.success(request, _("Saved."))
            return redirect("lookups:list")
    line = None if row is None else facts.line_of_store(row, language_of(request))
    return render(request, "lookups/store.html", {"row": row, "form": form, "line": line})


def _row(number: int) -> StoreRow:
    try:
        return lookup_sources.store(number)
    except NotFound as error:
        raise Http404 from error
