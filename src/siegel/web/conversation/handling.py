"""What people do with a conversation as a whole: who looks after it, a note, and where it goes."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from siegel.base.address import EmailAddress
from siegel.base.errors import MalformedAddress, NotFound
from siegel.flows import conversations, mail_actions
from siegel.flows.people import Role
from siegel.web import clock
from siegel.web.access import for_role
from siegel.web.person import Person

LONGEST_NOTE = 4000  # characters
_DIGITS = 18

_Deed = Callable[[tuple[int, ...], Person, int | None], str]


@require_POST
@for_role(Role.MEMBER)
def handle(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """The note is for the people of the account alone; no mail ever carries it."""
    text, at = request.POST.get("note", "")[:LONGEST_NOTE], clock.now()
    try:
        talk = conversations.get(number, person.email, at=at)
        who = _person(request.POST.get("assigned", ""))
        if talk.assigned_to != who:
            mail_actions.assign([number], who, person.email, at=at)
        if talk.note != text:
            mail_actions.note(number, text, person.email, at=at)
    except (NotFound, MalformedAddress):
        raise Http404 from None
    messages.success(request, _("Saved for your team."))
    return redirect("conversation:show", number)


@require_POST
@for_role(Role.MEMBER)
def act(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """All its messages, out of the folder the reader came from; then back to the list."""
    deed = _DEEDS.get(request.POST.get("what", ""))
    if deed is None:
        raise Http404
    folder = _folder(request.POST.get("folder", ""))
    try:
        items = conversations.all_items(number, person.email, at=clock.now())
        said = deed(items, person, folder)
    except NotFound:
        raise Http404 from None
    messages.success(request, said)
    return redirect(list_of(folder))


def list_of(folder: int | None) -> str:
    """The folder the reader came from; the inbox otherwise."""
    try:
        return reverse("inbox:folder", args=[folder]) if folder else reverse("inbox:home")
    except NoReverseMatch:
        return reverse("start")


def _archived(items: tuple[int, ...], person: Person, folder: int | None) -> str:
    mail_actions.archive(items, person.email, at=clock.now(), source=folder)
    return _("The conversation is in the archive.")


def _deleted(items: tuple[int, ...], person: Person, folder: int | None) -> str:
    moved = mail_actions.delete(items, person.email, at=clock.now(), source=folder)
    if moved.for_good:
        return _("The conversation is deleted for good.")
    return _("The conversation is in the trash.")


def _spam(items: tuple[int, ...], person: Person, folder: int | None) -> str:
    mail_actions.spam(items, person.email, at=clock.now(), source=folder)
    return _("The conversation is in the folder for spam.")


def _unseen(items: tuple[int, ...], person: Person, folder: int | None) -> str:
    del folder
    mail_actions.mark_seen(items[-1:], person.email, at=clock.now(), seen=False)
    return _("The newest message counts as unread.")


_DEEDS: dict[str, _Deed] = {
    "archive": _archived,
    "delete": _deleted,
    "spam": _spam,
    "unseen": _unseen,
}


def _person(text: str) -> EmailAddress | None:
    return EmailAddress.parse(text) if text else None


def _folder(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS else None
