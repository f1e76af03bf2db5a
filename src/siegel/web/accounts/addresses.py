"""Addresses of an account besides its own: aliases, and those of others it may write as."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from siegel.base.address import EmailAddress
from siegel.base.errors import Conflict, SiegelError
from siegel.flows import accounts
from siegel.policy.access import AccountRight
from siegel.policy.roles import Role
from siegel.web import clock
from siegel.web.access import for_role, recently
from siegel.web.accounts.forms import AddressForm
from siegel.web.accounts.views import opened_for
from siegel.web.person import Person


@require_http_methods(["GET", "HEAD", "POST"])
@recently
@for_role(Role.ADMINISTRATOR)
def grant(request: HttpRequest, person: Person, account: str) -> HttpResponse:
    opened = opened_for(person, account, AccountRight.ARRANGE)
    address = opened.account.address
    form = AddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            accounts.entitle(
                address,
                said["address"],
                alias=said["kind"] == "alias",
                by=person.actor,
                at=clock.now(),
            )
        except Conflict:
            form.add_error("address", _("This address belongs to this or another account already."))
        else:
            messages.success(request, _("The account has this address now."))
            return redirect("accounts:detail", account=str(address))
    return render(request, "accounts/address.html", {"form": form, "account": opened.account})


@require_POST
@for_role(Role.ADMINISTRATOR)
def withdraw(request: HttpRequest, person: Person, account: str) -> HttpResponse:
    opened = opened_for(person, account, AccountRight.ARRANGE)
    address = opened.account.address
    try:
        other = EmailAddress.parse(request.POST.get("address", ""))
        accounts.withdraw(address, other, by=person.actor, at=clock.now())
    except SiegelError:
        messages.error(request, _("This account does not have that address (any more)."))
    else:
        messages.success(request, _("The account does not use that address any more."))
    return redirect("accounts:detail", account=str(address))
