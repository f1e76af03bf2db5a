"""Mail accounts: the list, one account, creating, renaming, switching off and on."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from siegel.base.errors import Conflict, NotFound
from siegel.flows import accounts
from siegel.flows.account_access import Opened, keys_without_account, listed, open_account
from siegel.policy.access import AccountRight
from siegel.policy.roles import Role
from siegel.web import clock, keyset
from siegel.web.access import for_role
from siegel.web.accounts.facts import page_of, row_of
from siegel.web.accounts.forms import CreateForm, NameForm
from siegel.web.person import Person

PAGE = 50


@require_safe
@for_role(Role.MEMBER)
def overview(request: HttpRequest, person: Person) -> HttpResponse:
    at, search = clock.now(), request.GET.get("q", "")[:200]
    after = keyset.address_in(request, keyset.AFTER)
    before = None if after else keyset.address_in(request, keyset.BEFORE)
    rows = listed(
        person.email, person.roles, at=at, search=search, after=after, before=before, limit=PAGE + 1
    )
    shown, has_older, has_newer = keyset.cut(request, rows, PAGE)
    context = {
        "rows": [row_of(row, at) for row in shown],
        "q": search,
        "waiting": keys_without_account(person.roles),
        "may_arrange": person.is_administrator,
        "sees_all": person.is_certificate_manager,
        "page": keyset.neighbours(
            request, shown, lambda row: row.address, older=has_older, newer=has_newer
        ),
    }
    return render(request, "accounts/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_role(Role.ADMINISTRATOR)
def create(request: HttpRequest, person: Person) -> HttpResponse:
    form = CreateForm(request.POST or None, initial={"address": request.GET.get("address", "")})
    if request.method == "POST" and form.is_valid():
        address = form.cleaned_data["address"]
        if _created(form, person):
            return redirect("accounts:detail", account=str(address))
    return render(request, "accounts/create.html", {"form": form})


def _created(form: CreateForm, person: Person) -> bool:
    said = form.cleaned_data
    try:
        accounts.create(
            said["address"], said["name"], by=person.actor, at=clock.now(), owner=said["owner"]
        )
    except Conflict:
        form.add_error("address", _("There is an account with this address already."))
    except NotFound:
        form.add_error("owner", _("Nobody signs in with this address. Invite the person first."))
    else:
        return True
    return False


@require_safe
@for_role(Role.MEMBER)
def detail(request: HttpRequest, person: Person, account: str) -> HttpResponse:
    opened = opened_for(person, account)
    context = {"page": page_of(opened, person, clock.now())}
    return render(request, "accounts/detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_role(Role.ADMINISTRATOR)
def rename(request: HttpRequest, person: Person, account: str) -> HttpResponse:
    opened = opened_for(person, account, AccountRight.ARRANGE)
    address = opened.account.address
    form = NameForm(request.POST or None, initial={"name": opened.account.display_name})
    if request.method == "POST" and form.is_valid():
        accounts.rename(address, form.cleaned_data["name"], by=person.actor, at=clock.now())
        messages.success(request, _("The account has its new name."))
        return redirect("accounts:detail", account=str(address))
    return render(request, "accounts/name.html", {"form": form, "address": address})


@require_POST
@for_role(Role.ADMINISTRATOR)
def switch(request: HttpRequest, person: Person, account: str) -> HttpResponse:
    opened = opened_for(person, account, AccountRight.ARRANGE)
    address, active = opened.account.address, not opened.account.active
    accounts.switch(address, active=active, by=person.actor, at=clock.now())
    said = (
        _("The account signs and opens mail again.")
        if active
        else _("The account is switched off. Nothing was deleted.")
    )
    messages.success(request, said)
    return redirect("accounts:detail", account=str(address))


def opened_for(person: Person, account: str, right: AccountRight = AccountRight.SEE) -> Opened:
    """404 also for what this person may not see or do: nobody learns what there is."""
    try:
        opened = open_account(account, person.email, person.roles, at=clock.now())
    except NotFound as error:
        raise Http404 from error
    if right not in opened.may:
        raise Http404
    return opened
