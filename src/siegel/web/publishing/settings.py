"""How the partner site looks and what it says; only administrators change it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from siegel.base.errors import LimitExceeded, MalformedMessage
from siegel.directory.logo import read_logo
from siegel.flows import publishing_site
from siegel.flows.publishing_site import NoWebAddress
from siegel.policy.roles import Role
from siegel.web import clock
from siegel.web.access import for_role
from siegel.web.person import Person
from siegel.web.publishing.forms import LogoForm, SiteForm, first_values


@require_http_methods(["GET", "HEAD", "POST"])
@for_role(Role.ADMINISTRATOR)
def site(request: HttpRequest, person: Person) -> HttpResponse:
    written = publishing_site.as_written()
    form = SiteForm(request.POST or None, initial=first_values(written))
    if request.method == "POST" and form.is_valid():
        try:
            publishing_site.save(form.changed(written), by=person.actor, at=clock.now())
        except NoWebAddress as wrong:
            form.say(wrong)
        else:
            messages.success(request, _("The partner page is changed."))
            return redirect("publishing:site")
    context = {"form": form, "logo_form": LogoForm(), "site": written}
    return render(request, "publishing/site.html", context)


@require_POST
@for_role(Role.ADMINISTRATOR)
def logo(request: HttpRequest, person: Person) -> HttpResponse:
    """A new picture, or none."""
    if request.POST.get("act") == "remove":
        publishing_site.put_logo(None, by=person.actor, at=clock.now())
        messages.success(request, _("The picture is gone."))
        return redirect("publishing:site")
    form = LogoForm(request.POST, request.FILES)
    if form.is_valid() and _taken(form, person):
        messages.success(request, _("The picture is on the partner page."))
        return redirect("publishing:site")
    written = publishing_site.as_written()
    context = {
        "form": SiteForm(initial=first_values(written)),
        "logo_form": form,
        "site": written,
    }
    return render(request, "publishing/site.html", context)


@require_POST
@for_role(Role.ADMINISTRATOR)
def switch(request: HttpRequest, person: Person) -> HttpResponse:
    """Open for everybody, or closed."""
    if request.POST.get("act") == "close":
        publishing_site.close(by=person.actor, at=clock.now())
        messages.success(request, _("The partner page is closed."))
    else:
        publishing_site.open_(by=person.actor, at=clock.now())
        messages.success(request, _("The partner page is open for everybody."))
    return redirect("publishing:overview")


def _taken(form: LogoForm, person: Person) -> bool:
    try:
        picture = read_logo(form.octets())
    except LimitExceeded:
        form.add_error("logo", _("The picture is too big: at most 200 KB and 1024 pixels a side."))
    except MalformedMessage:
        form.add_error("logo", _("This is no PNG picture that can be read."))
    else:
        publishing_site.put_logo(picture, by=person.actor, at=clock.now())
        return True
    return False
