"""The page of a conversation."""

import logging
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from siegel.base.errors import NotFound, SiegelError
from siegel.flows import (
    consents,
    conversations,
    mail_access,
    mail_actions,
    mail_facts,
    mail_reading,
    mail_reopening,
    replying,
)
from siegel.flows.conversations import Talk
from siegel.flows.people import Role
from siegel.policy.message_state import MessageState
from siegel.store.conversation_rows import PlacedItem
from siegel.web import clock, running
from siegel.web.access import for_role
from siegel.web.conversation import facts
from siegel.web.conversation.handling import list_of
from siegel.web.conversation.message import Line, opened
from siegel.web.conversation.people import people_of
from siegel.web.conversation.wishes import kept, number_in, wishes_of
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
        talk = _talk(request, person, number)
        if any(each.row.state is MessageState.KEY_MISSING for each in talk.items):
            mail_reopening.reopen([talk.row.account], running.site(), at=clock.now())
            talk = _talk(request, person, number)
    except NotFound:
        raise Http404 from None
    agreed = consents.of_person(person.email, (each.row.from_address for each in talk.items))
    lines = [_line(request, each, talk, agreed) for each in talk.items]
    _seen(talk, person)
    subjects = [line.opened.shown for line in lines if line.opened is not None]
    context = {
        "talk": talk.row,
        "title": plain(_subject(subjects, talk), LONGEST_TITLE) or _("No subject"),
        "subject_protected": bool(subjects) and subjects[-1].subject_protected,
        "lines": lines,
        "newest": lines[-1],
        "several": _several(lines[-1], person),
        "many": facts.number_of_messages(talk.row.messages),
        "older": f"?{urlencode({**kept(request), 'before': talk.older})}" if talk.older else "",
        "people": people_of(talk, language_of(request), clock.now()),
        "may_write": talk.row.account in mail_access.writable(person.email, at=clock.now()),
        "readers": conversations.readers(talk.row.account, at=clock.now()),
        "back": list_of(number_in(request, "folder")),
        "folder": number_in(request, "folder"),
        "in_trash": all(each.roles == {"trash"} for each in talk.items),
    }
    return besides(FRAMES, render(request, "conversation/show.html", context), request)


def _talk(request: HttpRequest, person: Person, number: int) -> Talk:
    return conversations.talk(
        number,
        person.email,
        at=clock.now(),
        before=number_in(request, "before"),
        asked=frozenset(filter(None, (number_in(request, "open"),))),
    )


def _several(newest: Line, person: Person) -> bool:
    """Of a message that cannot be opened one does not know; then both answers are offered."""
    if newest.opened is None:
        return True
    return replying.to_several(newest.opened.shown, person.email, at=clock.now())


def _seen(talk: Talk, person: Person) -> None:
    """What is shown in full has been read."""
    new = [each.row.id for each in talk.items if each.row.id in talk.open and not each.seen]
    if new:
        mail_actions.mark_seen(new, person.email, at=clock.now())


def _subject(shown: list[mail_reading.Shown], talk: Talk) -> str:
    """As its readers see it, of the newest message that was opened."""
    if shown:
        return shown[-1].subject
    return mail_facts.inside_of(talk.items[-1].row, running.site().vault).subject


def _line(request: HttpRequest, each: PlacedItem, talk: Talk, agreed: frozenset[str]) -> Line:
    language = language_of(request)
    preview = mail_facts.inside_of(each.row, running.site().vault).preview
    wishes = wishes_of(request, each.row.id)
    head = facts.head_of(each, preview, language, wishes)
    if each.row.id not in talk.open:
        return Line(head=head, opened=None)
    try:
        shown = mail_reading.shown(each.row, running.site(), at=clock.now())
    except SiegelError as error:
        log.error("message cannot be shown item=%s: %s", each.row.id, error)
        return Line(head=head, opened=None, failed=True)
    consented = shown.trustworthy and shown.address in agreed
    return Line(head=head, opened=opened(shown, wishes, language, consented=consented))
