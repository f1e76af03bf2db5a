"""Keys for the mail programs of staff: got ready by managers, fetched by their people.

File and passphrase are on pages of their own: no answer of ours holds both.
"""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from siegel.base.address import EmailAddress
from siegel.base.errors import Conflict, NotFound
from siegel.flows import key_delivery, preparing_keys
from siegel.flows.people import Role
from siegel.pki.pkcs12 import Flavour
from siegel.policy.delivering import DeliveryFault
from siegel.store.delivery_rows import KeyDeliveryRow
from siegel.web import clock, running
from siegel.web.access import for_role, recently
from siegel.web.keys.deliveries import delivery_line, faults_of
from siegel.web.keys.many_forms import DeliverForm
from siegel.web.person import Person, language_of


@require_safe
@for_role(Role.CERTIFICATE_MANAGER)
def listing(request: HttpRequest, person: Person) -> HttpResponse:
    del person
    at, language = clock.now(), language_of(request)
    lines = [delivery_line(row, at, language) for row in key_delivery.listed()]
    return render(request, "keys/deliveries.html", {"lines": lines})


@require_http_methods(["GET", "HEAD", "POST"])
@recently
@for_role(Role.CERTIFICATE_MANAGER)
def prepare(request: HttpRequest, person: Person) -> HttpResponse:
    form = DeliverForm(request.POST or None, initial={"accounts": request.GET.get("account", "")})
    if request.method == "POST" and form.is_valid():
        missing = _prepared(request, form, person)
        if not missing:
            return redirect("keys:deliveries")
        form.add_error("accounts", " ".join(missing))
    return render(request, "keys/deliver.html", {"form": form})


@require_safe
@for_role(Role.CERTIFICATE_MANAGER)
def show(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    del person
    line = delivery_line(_any(number), clock.now(), language_of(request))
    return render(request, "keys/delivery.html", {"line": line})


@require_http_methods(["GET", "HEAD", "POST"])
@for_role(Role.CERTIFICATE_MANAGER)
def withdraw(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    line = delivery_line(_any(number), clock.now(), language_of(request))
    if request.method == "POST":
        try:
            key_delivery.withdraw(number, by=person.actor, at=clock.now())
        except Conflict:
            messages.error(request, _("The file was fetched already. Revoke the certificate."))
        else:
            messages.success(request, _("Taken back. File and passphrase are deleted here."))
        return redirect("keys:delivery", number)
    return render(request, "keys/delivery_withdraw.html", {"line": line})


@require_safe
@for_role(Role.MEMBER)
def mine(request: HttpRequest, person: Person) -> HttpResponse:
    at, language = clock.now(), language_of(request)
    lines = [delivery_line(row, at, language) for row in key_delivery.mine(person.email)]
    return render(request, "keys/mine.html", {"lines": lines})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@recently
@for_role(Role.MEMBER)
def fetch(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """The file, once, and how each mail program takes it."""
    row, at = _mine(number, person), clock.now()
    if request.method != "POST":
        line = delivery_line(row, at, language_of(request))
        return render(request, "keys/fetch.html", {"line": line})
    try:
        file = key_delivery.fetch(number, person.email, running.site(), by=person.actor, at=at)
    except Conflict:
        messages.error(request, _("The file is not here any more. Ask for a new one."))
        return redirect("keys:fetch", number)
    response = HttpResponse(file.data, content_type=file.media_type)
    response["Content-Disposition"] = f'attachment; filename="{file.name}"'
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@recently
@for_role(Role.MEMBER)
def passphrase(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """Shown once, to the person or to a manager who tells it; the file is elsewhere."""
    row = _any(number) if person.is_certificate_manager else _mine(number, person)
    shown = ""
    if request.method == "POST":
        try:
            secret = key_delivery.passphrase(
                number, running.site(), by=person.actor, at=clock.now()
            )
            shown = secret.reveal().decode()
        except Conflict:
            messages.error(request, _("The passphrase is not here any more."))
            return redirect("keys:passphrase", number)
    line = delivery_line(row, clock.now(), language_of(request))
    context = {"line": line, "shown": shown, "is_mine": row.user == person.email}
    return render(request, "keys/passphrase.html", context)


def _prepared(request: HttpRequest, form: DeliverForm, person: Person) -> list[str]:
    """What is missing, a sentence for each account; the others are ready."""
    said = form.cleaned_data
    flavour, site, at = Flavour(said["flavour"]), running.site(), clock.now()
    if said["person"] is not None:
        wanted = preparing_keys.Wanted(
            account=said["accounts"][0], person=said["person"], flavour=flavour, days=said["days"]
        )
        try:
            preparing_keys.prepare(wanted, site, by=person.actor, at=at)
        except preparing_keys.NotDelivered as error:
            return faults_of({wanted.account: error.why}, language_of(request))
        outcomes: dict[EmailAddress, DeliveryFault | None] = {wanted.account: None}
    else:
        outcomes = dict(
            preparing_keys.prepare_many(
                said["accounts"], flavour, said["days"], site, by=person.actor, at=at
            )
        )
    number = sum(why is None for why in outcomes.values())
    if number:
        words = ngettext("%(n)s key is ready.", "Keys of %(n)s accounts are ready.", number)
        messages.success(request, words % {"n": number})
    return faults_of(outcomes, language_of(request))


def _any(number: int) -> KeyDeliveryRow:
    try:
        return key_delivery.get(number)
    except (NotFound, OverflowError) as error:
        raise Http404 from error


def _mine(number: int, person: Person) -> KeyDeliveryRow:
    try:
        return key_delivery.mine_of(number, person.email, at=clock.now())
    except (NotFound, OverflowError) as error:
        raise Http404 from error
