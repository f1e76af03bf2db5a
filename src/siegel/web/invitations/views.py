"""Invite a partner, see what became of it, withdraw a link."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from siegel.base.address import EmailAddress
from siegel.base.errors import (
    ConfigurationError,
    Conflict,
    MalformedAddress,
    NotFound,
    SiegelError,
    TooManyAttempts,
)
from siegel.flows import invitations_of_partners as invitations
from siegel.flows.people import Role
from siegel.store.entry_rows import PartnerInvitationRow
from siegel.transport.replies import Reply
from siegel.web import clock, running
from siegel.web.access import for_role
from siegel.web.invitations.forms import InvitationForm
from siegel.web.person import Person, language_of
from siegel.wording.words import Language

PAGE = 50
MADE_UP = "…"  # in place of the link, in the letter that is shown before it goes


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    row: PartnerInvitationRow
    state: str
    icon: str
    words: str
    may_withdraw: bool


@require_safe
@for_role(Role.MEMBER)
def listing(request: HttpRequest, person: Person) -> HttpResponse:
    given = request.GET.get("before", "")
    before = int(given) if given.isascii() and given.isdigit() and len(given) < 19 else None
    rows = invitations.listing(before=before, limit=PAGE + 1)
    senders = invitations.senders(person.email, at=clock.now())
    context = {
        "lines": [_line(row, _looks_after(row, person, senders)) for row in rows[:PAGE]],
        "may_invite": bool(senders),
        "page": {"older": f"before={rows[PAGE - 1].id}" if len(rows) > PAGE else ""},
    }
    return render(request, "invitations/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_role(Role.MEMBER)
def new(request: HttpRequest, person: Person) -> HttpResponse:
    """``?to=…&account=…`` fills the form in."""
    at, language = clock.now(), language_of(request)
    senders = invitations.senders(person.email, at=at)
    if not senders:
        return render(request, "invitations/nobody.html", status=403)
    initial = {
        "to": _address(request.GET.get("to", "")),
        "sender": request.GET.get("account", "") or str(senders[0]),
        "language": language.value,
    }
    form = InvitationForm(senders, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid() and _sent(form, person):
        told = _("The invitation to %(address)s is on its way.")
        messages.success(request, told % {"address": form.cleaned_data["to"]})
        return redirect("invitations:list")
    shown_to = EmailAddress.parse(initial["to"] or "partner@example.org")
    letter = invitations.letter_of(
        shown_to, senders[0], language, link=MADE_UP, ends_at=at + invitations.VALID_FOR
    )
    return render(request, "invitations/new.html", {"form": form, "letter": letter})


@require_POST
@for_role(Role.MEMBER)
def withdraw(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """Whoever writes for the account that invited, or looks after certificates."""
    try:
        row = invitations.get(number)
        if not _looks_after(row, person, invitations.senders(person.email, at=clock.now())):
            raise NotFound(f"no invitation {number} of {person.email}")
        invitations.withdraw(number, by=person.actor, at=clock.now())
    except NotFound as error:
        raise Http404 from error
    messages.success(request, _("The link does not work any more."))
    return redirect("invitations:list")


def _sent(form: InvitationForm, person: Person) -> bool:
    given = form.cleaned_data
    try:
        reply = invitations.invite(
            given["to"],
            EmailAddress.parse(given["sender"]),
            Language(given["language"]),
            running.site(),
            person=person.email,
            at=clock.now(),
        )
    except (Conflict, ConfigurationError, TooManyAttempts) as error:
        form.add_error("to" if isinstance(error, Conflict) else None, _why(error))
        return False
    if not reply.accepted:
        form.add_error(None, _refused(reply))
    return reply.accepted


def _why(error: SiegelError) -> str:
    if isinstance(error, Conflict):
        return _("This is one of our own addresses.")
    if isinstance(error, TooManyAttempts):
        return _("This partner was invited three times this week already.")
    return _("Nobody has said yet at which address the pages are reached (web.url).")


def _refused(reply: Reply) -> str:
    if reply.code >= 500:
        return _(
            "The message was not sent, because it could not be signed or was refused. The journal"
            " says why."
        )
    return _("The mail server did not take the message. Try again later.")


def _looks_after(
    row: PartnerInvitationRow, person: Person, senders: tuple[EmailAddress, ...]
) -> bool:
    return person.is_certificate_manager or row.sender in senders


def _line(row: PartnerInvitationRow, looks_after: bool) -> Line:
    if row.used_at is not None:
        look, words = ("is-good", "check"), _("handed in")
    elif row.revoked_at is not None:
        look, words = ("is-open", "close"), _("withdrawn")
    elif row.ends_at <= clock.now():
        look, words = ("is-open", "clock"), _("over")
    else:
        look, words = ("is-todo", "mail"), _("waits for the partner")
    may_withdraw = looks_after and look == ("is-todo", "mail")
    return Line(row=row, state=look[0], icon=look[1], words=words, may_withdraw=may_withdraw)


def _address(text: str) -> str:
    try:
        return str(EmailAddress.parse(text))
    except MalformedAddress:
        return ""
