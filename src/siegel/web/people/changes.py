"""What an administrator changes about a person. Each answers a form of the person's page; opened by
GET (after the password was asked for again) they lead back there.
"""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from siegel.base.errors import Conflict
from siegel.flows import people
from siegel.flows.people import LastAdministrator
from siegel.policy.roles import Role
from siegel.store.rows import UserRow
from siegel.web import clock, running
from siegel.web.access import for_role, recently
from siegel.web.people.forms import RolesForm
from siegel.web.people.views import found, linked, shown
from siegel.web.person import Person


@require_http_methods(["GET", "HEAD", "POST"])
@recently
@for_role(Role.ADMINISTRATOR)
def roles(request: HttpRequest, person: Person, email: str) -> HttpResponse:
    user = found(email)
    if request.method != "POST":
        return _back(user)
    form = RolesForm(request.POST)
    if form.is_valid():
        try:
            people.change_roles(user.email, form.chosen(), by=person.actor, at=clock.now())
        except LastAdministrator:
            form.add_error("roles", last_administrator())
        else:
            messages.success(request, _("The roles are changed, from now on."))
            return _back(user)
    return render(request, "people/detail.html", shown(user, form, person))


@require_http_methods(["GET", "HEAD", "POST"])
@recently
@for_role(Role.ADMINISTRATOR)
@never_cache
def new_link(request: HttpRequest, person: Person, email: str) -> HttpResponse:
    user = found(email)
    if request.method != "POST":
        return _back(user)
    try:
        invited = people.invite_again(
            user.email, by=person.actor, at=clock.now(), rng=running.site().rng
        )
    except Conflict:
        messages.error(request, _("Reactivate the person first."))
        return _back(user)
    return linked(request, user.email, invited)


@require_http_methods(["GET", "HEAD", "POST"])
@recently
@for_role(Role.ADMINISTRATOR)
def active(request: HttpRequest, person: Person, email: str) -> HttpResponse:
    """Deactivate, or let in again."""
    user = found(email)
    if request.method != "POST":
        return _back(user)
    change: Callable[..., None] = people.deactivate if user.active else people.reactivate
    try:
        change(user.email, by=person.actor, at=clock.now())
    except LastAdministrator:
        messages.error(request, last_administrator())
        return _back(user)
    said = (
        _("The person cannot sign in any more. Nothing was deleted.")
        if user.active
        else _("The person can sign in again.")
    )
    messages.success(request, said)
    return _back(user)


@require_http_methods(["GET", "HEAD", "POST"])
@recently
@for_role(Role.ADMINISTRATOR)
def second_factor(request: HttpRequest, person: Person, email: str) -> HttpResponse:
    user = found(email)
    if request.method == "POST":
        people.reset_second_factor(user.email, by=person.actor, at=clock.now())
        messages.success(request, _("The second step is removed. The password stays as it was."))
    return _back(user)


def last_administrator() -> str:
    return _("Nobody else administers this installation. Give somebody else the role first.")


def _back(user: UserRow) -> HttpResponse:
    return redirect("people:detail", email=str(user.email))
