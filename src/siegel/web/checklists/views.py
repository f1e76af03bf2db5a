"""All checklists, one, a new one, and its end."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from siegel.base.address import EmailAddress
from siegel.base.errors import LimitExceeded, NotFound
from siegel.flows import checklists
from siegel.flows.checklists import MOST_LISTS
from siegel.flows.people import Role
from siegel.policy.checklists import Counterpart
from siegel.web import clock
from siegel.web.access import for_role
from siegel.web.checklists.facts import line_of, shown
from siegel.web.checklists.forms import NewForm, StepForm
from siegel.web.person import Person, language_of
from siegel.web.templatetags.siegel import plain


@require_safe
@for_role(Role.CERTIFICATE_MANAGER)
def listing(request: HttpRequest, person: Person) -> HttpResponse:
    del person
    language = language_of(request)
    lines = [line_of(state, language) for state in checklists.listing(clock.now())]
    return render(request, "checklists/list.html", {"lines": lines})


@require_safe
@for_role(Role.CERTIFICATE_MANAGER)
def one(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    del person
    try:
        state = checklists.one(number, clock.now())
    except NotFound as error:
        raise Http404 from error
    context = {
        "list": shown(state, language_of(request)),
        "title": plain(state.row.title),
        "form": StepForm(),
    }
    return render(request, "checklists/one.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_role(Role.CERTIFICATE_MANAGER)
def new(request: HttpRequest, person: Person) -> HttpResponse:
    given = request.POST if request.method == "POST" else None
    every = checklists.accounts_to_choose()
    form = NewForm(every, language_of(request), given)
    if given is not None and form.is_valid():
        try:
            number = _made(form, person)
        except LimitExceeded:
            form.add_error(None, _("There are %(n)d lists already.") % {"n": MOST_LISTS})
        else:
            messages.success(request, _("The list is there. Begin with the first step."))
            return redirect("checklists:one", number)
    return render(request, "checklists/new.html", {"form": form, "accounts": every})


@require_http_methods(["GET", "HEAD", "POST"])
@for_role(Role.CERTIFICATE_MANAGER)
def remove(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    try:
        if request.method == "POST":
            title = checklists.remove(number, by=person.actor, at=clock.now())
            messages.success(request, _("“%(name)s” is deleted.") % {"name": plain(title)})
            return redirect("checklists:list")
        row = checklists.one(number, clock.now()).row
    except NotFound as error:
        raise Http404 from error
    return render(request, "checklists/remove.html", {"row": row})


def _made(form: NewForm, person: Person) -> int:
    values = form.cleaned_data
    return checklists.make(
        Counterpart(values["counterpart"]),
        form.named,
        EmailAddress.parse(values["account"]),
        values["page"],
        by=person.actor,
        at=clock.now(),
    )
