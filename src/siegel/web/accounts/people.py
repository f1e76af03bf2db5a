"""People of an account: put on it, change how, take off. Reading somebody's mail is at stake, so
the password is asked for again.
"""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from siegel.base.errors import Conflict, NotFound
from siegel.flows import accounts
from siegel.flows.account_access import Opened
from siegel.policy.access import AccountRight, Capacity, Standing
from siegel.policy.roles import Role
from siegel.store.rows import AccountPersonRow
from siegel.web import clock, keyset
from siegel.web.access import for_role, recently
from siegel.web.accounts.facts import last_day
from siegel.web.accounts.forms import PersonForm
from siegel.web.accounts.views import opened_for
from siegel.web.person import Person


@require_http_methods(["GET", "HEAD", "POST"])
@recently
@for_role(Role.MEMBER)
def admit(request: HttpRequest, person: Person, account: str) -> HttpResponse:
    opened = opened_for(person, account, AccountRight.APPOINT_DEPUTIES)
    known = _known(request, opened)
    form = PersonForm(request.POST or None, initial=_initial(known), capacities=_capacities(opened))
    if request.method == "POST" and form.is_valid() and _admitted(form, opened, person):
        messages.success(request, _("Saved. It counts from the chosen day on."))
        return redirect("accounts:detail", account=str(opened.account.address))
    context = {"form": form, "account": opened.account, "known": known}
    return render(request, "accounts/person.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@recently
@for_role(Role.MEMBER)
def dismiss(request: HttpRequest, person: Person, account: str) -> HttpResponse:
    """GET says what will happen; POST does it."""
    opened = opened_for(person, account, AccountRight.APPOINT_DEPUTIES)
    known = _known(request, opened)
    if known is None or not _may_change(opened, known.standing):
        raise Http404
    if request.method != "POST":
        context = {"account": opened.account, "known": known, "is_last": len(opened.people) == 1}
        return render(request, "accounts/dismiss.html", context)
    accounts.dismiss(opened.account.address, known.user, by=person.actor, at=clock.now())
    messages.success(request, _("The person no longer works with this account."))
    return redirect("accounts:detail", account=str(opened.account.address))


def _admitted(form: PersonForm, opened: Opened, person: Person) -> bool:
    at, user = clock.now(), form.cleaned_data["person"]
    there = next((row for row in opened.people if row.user == user), None)
    if there is not None and not _may_change(opened, there.standing):
        form.add_error("person", _("This person is on the account already, and not as deputy."))
        return False
    try:
        accounts.admit(opened.account.address, user, form.standing(at), by=person.actor, at=at)
    except NotFound:
        form.add_error("person", _("Nobody signs in with this address. Invite the person first."))
        return False
    except Conflict:
        form.add_error("until", _("This day has passed already."))
        return False
    return True


def _capacities(opened: Opened) -> tuple[Capacity, ...]:
    """Owners appoint deputies; everything else is the administration's."""
    every = AccountRight.ARRANGE in opened.may
    return tuple(Capacity) if every else (Capacity.DEPUTY,)


def _may_change(opened: Opened, standing: Standing) -> bool:
    return standing.capacity in _capacities(opened)


def _known(request: HttpRequest, opened: Opened) -> AccountPersonRow | None:
    """The person that the address of the page names."""
    asked = keyset.address_in(request, "person")
    return next((row for row in opened.people if row.user == asked), None)


def _initial(known: AccountPersonRow | None) -> dict[str, object]:
    if known is None:
        return {}
    return {
        "person": str(known.user),
        "capacity": known.standing.capacity.value,
        "since": known.standing.since.date(),
        "until": last_day(known.standing),
    }
