"""What is done with chosen conversations: one form for lists and for the page of a conversation."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from siegel.base.address import EmailAddress
from siegel.base.errors import MalformedAddress, NotFound
from siegel.flows import mail_actions, mail_selection
from siegel.flows.mail_selection import Act, Choice
from siegel.flows.people import Role
from siegel.web import clock
from siegel.web.access import for_role
from siegel.web.inbox import undoing
from siegel.web.person import Person


@require_POST
@for_role(Role.MEMBER)
def act(request: HttpRequest, person: Person) -> HttpResponse:
    """``action``; ``chosen``: "folder.conversation", often; ``target`` of a move, ``user`` of an
    assignment; ``back``: where the answer leads."""
    chosen = [_choice(each) for each in request.POST.getlist("chosen")]
    what = _act(request)
    target = _number(request.POST.get("target", ""))
    if what is Act.MOVE and target is None:
        messages.warning(request, _("Choose a folder first."))
    elif not chosen:
        messages.warning(request, _("Choose a conversation first."))
    else:
        user = _address(request.POST.get("user", ""))
        if what is Act.ASSIGN and user is None:
            what = Act.UNASSIGN
        try:
            moved = mail_selection.act(
                what, chosen, person.email, at=clock.now(), target=target, user=user
            )
        except NotFound as error:
            raise Http404 from error
        _say(request, what, moved)
    return redirect(_back(request))


@require_POST
@for_role(Role.MEMBER)
def undo(request: HttpRequest, person: Person) -> HttpResponse:
    moved = undoing.taken(request)
    if moved is not None:
        try:
            mail_actions.undo(moved, person.email, at=clock.now())
        except NotFound:
            messages.warning(request, _("That cannot be taken back any more."))
        else:
            messages.success(request, _("Taken back."))
    return redirect(_back(request))


def _say(request: HttpRequest, what: Act, moved: mail_actions.Moved) -> None:
    """What one sees in the list needs no words; what left it does."""
    if moved.for_good:
        messages.success(request, ngettext(
            "%(number)s message is deleted for good.",
            "%(number)s messages are deleted for good.", moved.for_good,
        ) % {"number": moved.for_good})  # fmt: skip
    number = moved.messages - moved.for_good
    if number:
        undoing.offer(request, moved, _words(what, number) % {"number": number})
    if what is Act.ASSIGN:
        messages.success(request, _("Assigned."))


def _words(what: Act, number: int) -> str:
    if what is Act.DELETE:
        return ngettext("%(number)s message lies in the trash.",
                        "%(number)s messages lie in the trash.", number)  # fmt: skip
    if what is Act.SPAM:
        return ngettext("%(number)s message is marked as spam.",
                        "%(number)s messages are marked as spam.", number)  # fmt: skip
    return ngettext("%(number)s message is moved.", "%(number)s messages are moved.", number)


def _act(request: HttpRequest) -> Act:
    try:
        return Act(request.POST.get("action", ""))
    except ValueError:
        raise Http404 from None


def _choice(text: str) -> Choice:
    folder, _dot, conversation = text.partition(".")
    numbers = _number(folder), _number(conversation)
    if numbers[0] is None or numbers[1] is None:
        raise Http404
    return Choice(folder=numbers[0] or None, conversation=numbers[1])


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None


def _address(text: str) -> EmailAddress | None:
    try:
        return EmailAddress.parse(text)
    except MalformedAddress:
        return None


def _back(request: HttpRequest) -> str:
    """A page of ours; the inbox otherwise."""
    wanted = request.POST.get("back", "")
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe else reverse("inbox:home")
