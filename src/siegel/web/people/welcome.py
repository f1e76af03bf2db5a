"""The page behind an invitation's link: choose a password, once. Nobody is signed in here."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from siegel.base.errors import NotFound
from siegel.base.secret import Secret
from siegel.flows import people
from siegel.web import clock
from siegel.web.access import public
from siegel.web.people.forms import WelcomeForm


@require_http_methods(["GET", "HEAD", "POST"])
@public
@never_cache
def welcome(request: HttpRequest, token: str) -> HttpResponse:
    found = people.invitation(token, at=clock.now())
    if found is None:
        return render(request, "people/link_over.html", status=404)
    form = WelcomeForm(request.POST or None, initial={"name": found.display_name})
    if request.method == "POST" and form.is_valid() and _accepted(token, form):
        messages.success(request, _("Your password is set. Sign in with it now."))
        return redirect("account_login")
    context = {"form": form, "email": found.user, "ends_at": found.ends_at}
    return render(request, "people/welcome.html", context)


def _accepted(token: str, form: WelcomeForm) -> bool:
    said = form.cleaned_data
    try:
        people.accept(token, said["name"], Secret(said["password"]), at=clock.now())
    except NotFound:
        form.add_error(None, _("The link was used in the meantime."))
        return False
    return True
