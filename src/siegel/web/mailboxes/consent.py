"""To the provider of tokens and back (RFC 6749 §4.1). What is sent away and what must come back is
kept in the session; whoever comes back with another state has not been sent by us."""

from hmac import compare_digest

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from siegel.base.address import EmailAddress
from siegel.base.errors import NotFound, TransportFailure
from siegel.flows import mailbox_consent, mailbox_trying, mailboxes
from siegel.flows.account_access import open_with
from siegel.policy.access import AccountRight
from siegel.policy.roles import Role
from siegel.store.mailbox_rows import Settings
from siegel.web import clock, running
from siegel.web.access import for_role
from siegel.web.person import Person

_KEY = "siegel_mailbox_consent"


def begin(request: HttpRequest, account: EmailAddress, settings: Settings) -> HttpResponse:
    """A page with the way to the provider; a redirect would be the form's (Content-Security-Policy
    form-action), and people see where they go."""
    asked = mailbox_consent.ask(account, settings, running.site(), redirect_uri=_uri(request))
    if asked is None:
        raise Http404
    request.session[_KEY] = asked.kept
    context = {"account": account, "address": asked.address, "host": asked.host}
    return render(request, "mailboxes/consent.html", context)


@require_safe
@for_role(Role.MEMBER)
def back(request: HttpRequest, person: Person) -> HttpResponse:
    """The state is as good as a CSRF token, and may be used once."""
    kept = request.session.pop(_KEY, None)
    state, code = request.GET.get("state", ""), request.GET.get("code", "")
    asked = mailbox_consent.read(kept)
    if asked is None or not compare_digest(asked.consent.state.encode(), state.encode()):
        raise Http404
    account = asked.account
    try:
        right = AccountRight.CONNECT_MAILBOX
        open_with(right, str(account), person.email, person.roles, at=clock.now())
    except NotFound as error:
        raise Http404 from error
    if _connected(request, person, asked, code):
        messages.success(request, _("Both connections work. The mailbox is connected."))
    return redirect("mailboxes:edit", account=str(account))


def _connected(
    request: HttpRequest, person: Person, asked: mailbox_consent.Asked, code: str
) -> bool:
    site, at = running.site(), clock.now()
    try:
        given = mailbox_consent.given(asked, code, site, redirect_uri=_uri(request), at=at)
    except TransportFailure:
        messages.error(request, _("The provider gave no consent. Nothing was changed."))
        return False
    trials = mailbox_trying.attempt(asked.settings, given, site)
    mailboxes.connect(asked.account, asked.settings, given, site, by=person.actor, at=at)
    if mailbox_trying.succeeded(trials):
        return True
    messages.warning(
        request, _("The consent is kept, but the connection does not work. Test it here.")
    )
    return False


def _uri(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("mailboxes:consent"))
