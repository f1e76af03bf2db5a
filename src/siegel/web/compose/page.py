"""The page of one message that is being written, whole or in part."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from siegel.base.address import EmailAddress
from siegel.base.errors import MalformedAddress, NotFound
from siegel.flows import (
    drafts,
    handing_over,
    looking_up,
    mail_reading,
    replying,
    signature_texts,
    suggesting,
)
from siegel.flows.drafts import Draft, Written
from siegel.flows.replying import DOUBTFUL
from siegel.policy.message_state import MessageState
from siegel.store.queries import organisation
from siegel.store.queries.drafts import DraftKind
from siegel.web import running
from siegel.web.compose import facts
from siegel.web.compose.fields import split, written_from
from siegel.web.person import Person, language_of
from siegel.wording.letters import asking_letter

NO_SENDER = ""
LONGEST_PATH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What somebody works at: ``draft`` is None before anything was kept. ``carried``: names of
    files that will be passed on. ``state``: of the message it answers."""

    kind: DraftKind = DraftKind.NEW
    item: int | None = None
    draft: Draft | None = None
    written: Written = field(default_factory=Written)
    carried: tuple[str, ...] = ()
    state: MessageState | None = None
    asks_elsewhere: str = ""

    @property
    def doubtful(self) -> bool:
        return self.state in DOUBTFUL

    @property
    def action(self) -> str:
        if self.draft is not None:
            return reverse("compose:edit", args=[self.draft.id])
        return ""


def blank(request: HttpRequest, person: Person, at: datetime) -> Desk:
    """A new message, filled in from the address of the page; nothing is kept."""
    asked = request.GET
    sender = sender_of(asked.get("account", ""), person, at)
    text, subject = "", " ".join(asked.get("subject", "").split())[:500]
    if asked.get("ask") in ("signed", "new"):
        letter = asking_letter(
            sender=sender,
            organisation=organisation.get().name,
            anew=asked["ask"] == "new",
        )
        subject, text = letter.subject, letter.text
    elif sender:
        text = signature_texts.below(drafts.account_for(sender, person.email, at=at))
    to = split(asked.get("to", "")[:LONGEST_PATH])
    return Desk(written=Written(sender=sender, to=to, subject=subject, text=text))


def answering(
    request: HttpRequest, person: Person, kind: DraftKind, item: int, at: datetime
) -> Desk:
    """Raises ``NotFound`` for a message that is not for this person."""
    found = replying.answer(kind, item, person.email, language_of(request), running.site(), at=at)
    written = found.written
    sender = sender_of(written.sender, person, at)
    if sender:
        below = signature_texts.below(drafts.account_for(sender, person.email, at=at))
        written = replace(written, sender=sender, text=f"{below}{written.text}")
    return Desk(
        kind=kind,
        item=item,
        written=written,
        carried=found.files,
        state=found.state,
        asks_elsewhere=found.asks_elsewhere,
    )


def at_draft(draft: Draft, person: Person, at: datetime) -> Desk:
    state, elsewhere = None, ""
    if draft.item is not None and draft.kind is not DraftKind.NEW:
        state, elsewhere = _of_answered(draft.item, person, at)
    return Desk(
        kind=draft.kind,
        item=draft.item,
        draft=draft,
        written=draft.written,
        state=state,
        asks_elsewhere=elsewhere if draft.kind is not DraftKind.FORWARD else "",
    )


def posted(request: HttpRequest, person: Person, desk: Desk, at: datetime) -> Desk:
    """As the browser sent it. Raises ``NotFound`` for a sender that is not this person's."""
    sender = request.POST.get("from", "") or sender_of(desk.written.sender, person, at)
    drafts.account_for(sender, person.email, at=at)
    written = written_from(request, sender, closed=desk.written.closed)
    return replace(desk, written=written)


def sender_of(wished: str, person: Person, at: datetime) -> str:
    """The wished address if this person may write as it; else the first one; "" without any."""
    mine = drafts.senders(person.email, at=at)
    known = {str(address): address for address in mine}
    try:
        wished = str(EmailAddress.parse(wished)) if wished else ""
    except MalformedAddress:
        wished = ""
    if wished in known:
        return wished
    usual = (suggesting.sender(person.email), str(person.email))
    return next((each for each in usual if each in known), next(iter(known), NO_SENDER))


def context(
    request: HttpRequest, person: Person, desk: Desk, at: datetime, **more: object
) -> dict[str, object]:
    """Everything the whole page shows."""
    mine = drafts.senders(person.email, at=at)
    return {
        **parts(request, person, desk, at),
        "title": _TITLES[desk.kind](),
        "desk": desk,
        "senders": [
            {
                "address": str(address),
                "name": name,
                "chosen": str(address) == desk.written.sender,
            }
            for address, (_account, name) in mine.items()
        ],
        "back": back_of(request),
        "files": desk.draft.files if desk.draft is not None else (),
        **more,
    }


def parts(request: HttpRequest, person: Person, desk: Desk, at: datetime) -> dict[str, object]:
    """What changes while somebody types."""
    account = drafts.account_for(desk.written.sender, person.email, at=at)
    types = [each.media_type for each in desk.draft.files] if desk.draft is not None else []
    found = handing_over.standings_of(desk.written, account, types, at=at)
    missing = found.ready < len(found.recipients)
    return {
        "written": desk.written,
        "shown": facts.shown(desk.written, found, person, language_of(request), at),
        "may_look_up": missing and looking_up.is_possible(running.site()),
        "wanted": found.wanted,
    }


def live(request: HttpRequest, person: Person, at: datetime) -> dict[str, object]:
    """For the script. Raises ``NotFound`` for a draft or sender that is not this person's."""
    number = request.POST.get("draft", "")
    draft = None
    if number.isdigit():
        draft = drafts.get(int(number), person.email, running.site())
    closed = draft.written.closed if draft is not None else bool(request.POST.get("closed"))
    desk = Desk(draft=draft, written=Written(closed=closed))
    return parts(request, person, posted(request, person, desk, at), at)


def back_of(request: HttpRequest) -> str:
    """Where the person came from, if that is a page of ours."""
    given = request.POST.get("back", "") or request.GET.get("back", "")
    allowed = url_has_allowed_host_and_scheme(given, None, require_https=request.is_secure())
    return given[:LONGEST_PATH] if allowed and given.startswith("/") else ""


def _of_answered(item: int, person: Person, at: datetime) -> tuple[MessageState | None, str]:
    try:
        shown = mail_reading.read(item, person.email, running.site(), at=at)
    except NotFound:
        return None, ""
    return shown.state, replying.asks_elsewhere(shown)


_TITLES = {
    DraftKind.NEW: lambda: _("New message"),
    DraftKind.REPLY: lambda: _("Answer"),
    DraftKind.REPLY_ALL: lambda: _("Answer to all"),
    DraftKind.FORWARD: lambda: _("Forward"),
}
