"""„Mein Zertifikat senden“: a partner gets a signed mail with the certificate attached."""

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from siegel.base.address import EmailAddress
from siegel.base.errors import NotFound
from siegel.flows import certificate_page
from siegel.flows.people import Role
from siegel.flows.sending_certificate import letter_of, send_certificate, senders
from siegel.transport.replies import Reply
from siegel.web import clock, running
from siegel.web.access import for_role
from siegel.web.certificates.forms import SendForm
from siegel.web.certificates.page import page_of
from siegel.web.person import Person, language_of
from siegel.wording.words import Language


@require_http_methods(["GET", "HEAD", "POST"])
@for_role(Role.MEMBER)
def send(request: HttpRequest, person: Person, fingerprint: str) -> HttpResponse:
    """Shows the letter before it goes; 404 for certificates that this person may not send."""
    at, language = clock.now(), language_of(request)
    try:
        found = certificate_page.gather(fingerprint, at)
        allowed = senders_for(person, fingerprint, at)
    except NotFound as error:
        raise Http404 from error
    if not allowed:
        raise Http404
    given = request.POST if request.method == "POST" else None
    form = SendForm(allowed, given, initial={"language": language.value})
    if given is not None and form.is_valid():
        reply = _sent(form, fingerprint, person)
        if reply.accepted:
            told = _("The certificate is on its way to %(address)s.")
            messages.success(request, told % {"address": form.cleaned_data["to"]})
            return redirect("certificates:one", fingerprint)
        form.add_error(None, _refused(reply))
    letter = letter_of(allowed[0], language)
    context = {"page": page_of(found, person, language, at), "form": form, "letter": letter}
    return render(request, "certificates/send.html", context)


def senders_for(person: Person, fingerprint: str, at: datetime) -> tuple[EmailAddress, ...]:
    """The accounts from which this person may send the certificate."""
    roles = [role for role in Role if person.may(role)]
    return senders(fingerprint, person.email, roles, at)


def _sent(form: SendForm, fingerprint: str, person: Person) -> Reply:
    given = form.cleaned_data
    return send_certificate(
        fingerprint,
        EmailAddress.parse(given["sender"]),
        given["to"],
        Language(given["language"]),
        running.site(),
        by=person.actor,
        at=clock.now(),
    )


def _refused(reply: Reply) -> str:
    if reply.code >= 500:
        return _(
            "The message was not sent, because it could not be signed or was refused. The journal"
            " says why."
        )
    return _("The mail server did not take the message. Try again later.")
