"""The page of a conversation."""

import logging
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from siegel.base.errors import NotFound, SiegelError
from siegel.flows import conversations, mail_facts, mail_reading
from siegel.flows.conversations import Talk
from siegel.flows.people import Role
from siegel.store.conversation_rows import PlacedItem
from siegel.web import clock, running
from siegel.web.access import for_role
from siegel.web.conversation import facts
from siegel.web.conversation.facts import Wishes
from siegel.web.conversation.message import Line, opened
from siegel.web.person import Person, language_of
from siegel.web.policies import besides
from siegel.web.templatetags.siegel import plain

log = logging.getLogger(__name__)
FRAMES = {"frame-src": ["'self'"]}
LONGEST_TITLE = 200  # characters of a subject as the heading


@require_safe
@for_role(Role.MEMBER)
def show(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    try:
        talk = conversations.talk(
            number,
            person.email,
            at=clock.now(),
            before=_number(request, "before"),
            asked=frozenset(filter(None, (_number(request, "open"),))),
        )
    except NotFound:
        raise Http404 from None
    lines = [_line(request, each, talk) for each in talk.items]
    subjects = [line.opened.shown for line in lines if line.opened is not None]
    context = {
        "talk": talk.row,
        "title": plain(_subject(subjects, talk), LONGEST_TITLE) or _("No subject"),
        "subject_protected": bool(subjects) and subjects[-1].subject_protected,
        "lines": lines,
        "newest": lines[-1],
        "many": facts.number_of_messages(talk.row.messages),
        "older": f"?{urlencode({**_kept(request), 'before': talk.older})}" if talk.older else "",
        "people": facts.people_of(each.row for each in talk.items),
        "back": _back(request),
    }
    return besides(FRAMES, render(request, "conversation/show.html", context), request)


def _subject(shown: list[mail_reading.Shown], talk: Talk) -> str:
    """As its readers see it, of the newest message that was opened."""
    if shown:
        return shown[-1].subject
    return mail_facts.inside_of(talk.items[-1].row, running.site().vault).subject


def _line(request: HttpRequest, each: PlacedItem, talk: Talk) -> Line:
    language = language_of(request)
    preview = mail_facts.inside_of(each.row, running.site().vault).preview
    wishes = _wishes(request, each.row.id)
    head = facts.head_of(each, preview, language, wishes)
    if each.row.id not in talk.open:
        return Line(head=head, opened=None)
    try:
        shown = mail_reading.shown(each.row, running.site(), at=clock.now())
    except SiegelError as error:
        log.error("message cannot be shown item=%s: %s", each.row.id, error)
        return Line(head=head, opened=None, failed=True)
    return Line(head=head, opened=opened(shown, wishes, language))


def _wishes(request: HttpRequest, item: int) -> Wishes:
    return Wishes(
        base=request.path,
        kept=_kept(request),
        text=_number(request, "text") == item,
        anyway=_number(request, "anyway") == item,
        pictures=_number(request, "pictures") == item,
    )


def _kept(request: HttpRequest) -> dict[str, str]:
    """Where the reader came from, and how far back the page goes."""
    named = {name: _number(request, name) for name in ("folder", "before")}
    return {name: str(number) for name, number in named.items() if number is not None}


def _number(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _back(request: HttpRequest) -> str:
    """The folder the reader came from; the inbox otherwise."""
    folder = _number(request, "folder")
    try:
        return reverse("inbox:folder", args=[folder]) if folder else reverse("inbox:home")
    except NoReverseMatch:
        return reverse("start")
