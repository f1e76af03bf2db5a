"""A guide for a partner by signed mail: chosen, looked at, sent."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from siegel.base.address import EmailAddress
from siegel.base.errors import MalformedAddress, NotFound
from siegel.flows import publishing_site
from siegel.flows.people import Role
from siegel.flows.sending_guide import Package, packed, send_guide, senders
from siegel.transport.replies import Reply
from siegel.web import clock, running
from siegel.web.access import for_role
from siegel.web.guides.facts import facts_of
from siegel.web.guides.forms import GuideForm
from siegel.web.guides.office import paper_of
from siegel.web.person import Person, language_of
from siegel.wording.guides.placing import complete
from siegel.wording.guides.reading import PARTNER_GUIDES, guide_of
from siegel.wording.words import Language


@require_http_methods(["GET", "HEAD", "POST"])
@for_role(Role.MEMBER)
def send(request: HttpRequest, person: Person) -> HttpResponse:
    """``?to=…`` fills the address in. Nothing leaves before somebody has seen the letter: the
    first answer to the form shows it."""
    language = language_of(request)
    allowed = senders(person.email, [r for r in Role if person.may(r)], clock.now())
    given = request.POST if request.method == "POST" else None
    first = {"to": _address(request.GET.get("to", "")), "language": language.value}
    form = GuideForm(allowed, language, given, initial=first)
    package = None
    if given is not None and form.is_valid():
        package = _package(request, form)
        if "send" in given:
            reply = send_guide(
                package,
                form.cleaned_data["to"],
                running.site(),
                by=person.actor,
                at=clock.now(),
            )
            if reply.accepted:
                told = _("The guide is on its way to %(address)s.")
                messages.success(request, told % {"address": form.cleaned_data["to"]})
                return redirect("office_guides:list")
            form.add_error(None, _refused(reply))
    context = {"form": form, "package": package, "senders": allowed}
    return render(request, "guides/send.html", context)


def _package(request: HttpRequest, form: GuideForm) -> Package:
    given = form.cleaned_data
    language, slug = Language(given["language"]), given["program"]
    guide = guide_of(slug, language)
    if guide is None or slug not in PARTNER_GUIDES:
        raise Http404
    sender = EmailAddress.parse(given["sender"])
    site = publishing_site.site()
    facts = facts_of(request, site, language, sender, is_open=site.is_open)
    try:
        return packed(
            sender,
            complete(guide, facts),
            paper_of(request, slug, language),
            organisation=facts.office,
            at=clock.now(),
        )
    except NotFound as error:
        raise Http404 from error


def _address(text: str) -> str:
    try:
        return str(EmailAddress.parse(text))
    except MalformedAddress:
        return ""


def _refused(reply: Reply) -> str:
    if reply.code >= 500:
        return _(
            "The message was not sent, because it could not be signed or was refused. The journal"
            " says why."
        )
    return _("The mail server did not take the message. Try again later.")
