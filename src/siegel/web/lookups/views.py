"""The list of directories, and LDAP directories: entered, tried, changed, removed."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from siegel.base.address import EmailAddress
from siegel.base.errors import Conflict, NotFound
from siegel.base.secret import Secret
from siegel.flows import lookup_sources
from siegel.flows.lookup_sources import Trial
from siegel.flows.people import Role
from siegel.store.lookup_rows import DirectoryRow, LdapSettings
from siegel.web import clock, running
from siegel.web.access import for_role, recently
from siegel.web.lookups import facts
from siegel.web.lookups.forms import AskForm, DirectoryForm, DnsForm, initial
from siegel.web.lookups.presets import PRESETS
from siegel.web.person import Person, language_of

_ANYBODY = EmailAddress.parse("siegel-test@example.org")  # nobody's; RFC 2606 §3


@require_safe
@for_role(Role.CERTIFICATE_MANAGER)
def listing(request: HttpRequest, person: Person) -> HttpResponse:
    language, dns = language_of(request), lookup_sources.settings()
    context = {
        "directories": [facts.line_of_ldap(r, language) for r in lookup_sources.directories()],
        "stores": [facts.line_of_store(row, language) for row in lookup_sources.stores()],
        "dns": dns,
        "dns_form": DnsForm(initial={"smimea": dns.smimea, "domain_asserts": dns.domain_asserts}),
        "has_resolver": running.site().finders.resolver is not None,
        "ask": AskForm(),
        "presets": PRESETS,
        "may_change": person.is_administrator,
    }
    return render(request, "lookups/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@recently
@for_role(Role.ADMINISTRATOR)
def new(request: HttpRequest, person: Person) -> HttpResponse:
    """``?preset=…`` fills in what is the same for everybody."""
    preset = PRESETS.get(request.GET.get("preset", ""))
    if request.method == "POST":
        return _put(request, person, None)
    filled = {} if preset is None else {"name": preset.name, "domains": preset.domains}
    return _page(request, None, DirectoryForm(initial=filled), preset=preset)


@require_http_methods(["GET", "HEAD", "POST"])
@recently
@for_role(Role.ADMINISTRATOR)
def edit(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    row = _row(number)
    if request.method == "POST":
        return _put(request, person, row)
    return _page(request, row, DirectoryForm(initial=initial(row.settings)))


@require_POST
@recently
@for_role(Role.ADMINISTRATOR)
def test(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """Try what is kept."""
    del person
    row = _row(number)
    trial = lookup_sources.attempt(
        row.id, row.settings, None, _probe(row.settings, None), running.site()
    )
    return _page(request, row, DirectoryForm(initial=initial(row.settings)), trial=trial)


@require_http_methods(["GET", "HEAD", "POST"])
@recently
@for_role(Role.ADMINISTRATOR)
def remove(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """GET says what will happen; POST does it."""
    row = _row(number)
    if request.method != "POST":
        context = {"name": row.settings.name, "back": ("lookups:edit", row.id)}
        return render(request, "lookups/remove.html", context)
    lookup_sources.remove_directory(number, by=person.actor, at=clock.now())
    messages.success(request, _("The directory is removed."))
    return redirect("lookups:list")


def _put(request: HttpRequest, person: Person, row: DirectoryRow | None) -> HttpResponse:
    """Tried first, unless the person wants it kept all the same."""
    form = DirectoryForm(request.POST)
    if not form.is_valid():
        return _page(request, row, form)
    settings, password = form.settings(), form.given()
    number = None if row is None else row.id
    if password is None and lookup_sources.asks_again(number, settings):
        form.add_error("password", _("Please enter the password for this server and name."))
        return _page(request, row, form)
    untried = request.POST.get("do") == "keep"
    if not untried:
        trial = _tried(number, settings, password, form.cleaned_data["probe"])
        if trial.problem is not None:
            return _page(request, row, form, trial=trial, may_keep=True)
    try:
        lookup_sources.put_directory(
            number, settings, password, running.site(), by=person.actor, at=clock.now()
        )
    except Conflict:
        form.add_error("name", _("There is a directory of this name already."))
        return _page(request, row, form)
    if untried:
        messages.warning(request, _("Saved as entered. Whether it works is not tested."))
    else:
        messages.success(request, _("The directory answers, and it is saved."))
    return redirect("lookups:list")


def _tried(
    number: int | None, settings: LdapSettings, password: Secret | None, probe: EmailAddress | None
) -> Trial:
    address = _probe(settings, probe)
    return lookup_sources.attempt(number, settings, password, address, running.site())


def _probe(settings: LdapSettings, given: EmailAddress | None) -> EmailAddress:
    if given is not None:
        return given
    domain = next(iter(settings.domains), None)
    return EmailAddress.parse(f"siegel-test@{domain}") if domain else _ANYBODY


def _page(
    request: HttpRequest,
    row: DirectoryRow | None,
    form: DirectoryForm,
    *,
    trial: Trial | None = None,
    **more: object,
) -> HttpResponse:
    language = language_of(request)
    context = {
        "row": row,
        "form": form,
        "line": None if row is None else facts.line_of_ldap(row, language),
        "trial": None if trial is None else facts.trial_shown(trial, language),
        **more,
    }
    return render(request, "lookups/edit.html", context)


def _row(number: int) -> DirectoryRow:
    try:
        return lookup_sources.directory(number)
    except NotFound as error:
        raise Http404 from error
