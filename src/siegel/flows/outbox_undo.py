"""Undo sending: a message that nobody has got yet becomes a draft again."""

from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.base.errors import Conflict
from siegel.flows import drafts, mail_facts
from siegel.flows import outbox as box
from siegel.flows.drafts import Written
from siegel.flows.site import Site
from siegel.mime.parse import parse_message
from siegel.policy.actions import Action
from siegel.store.outbox_rows import OutboxRow
from siegel.store.queries import outbox, users
from siegel.store.queries.drafts import DraftKind
from siegel.store.transaction import together

SECONDS = (0, 5, 10, 30)
"""How long sending can be undone: what a person may choose."""


def seconds_of(person: EmailAddress) -> int:
    return users.undo_seconds(person)


def choose_seconds(person: EmailAddress, seconds: int) -> None:
    """Raises ``Conflict`` for what is no choice."""
    if seconds not in SECONDS:
        raise Conflict("no such choice")
    users.prefer_undo_seconds(person, seconds)


def back_to_draft(id_: int, person: EmailAddress, site: Site, *, by: str, at: datetime) -> int:
    """The draft, which is its writer's. Raises ``Conflict`` when the message is on its way or
    somebody has got it, and ``NotFound`` for a message of others. The message goes and the draft
    is there again in one transaction."""
    row = box.get(id_, person, at=at)
    if row.state not in box.BEFORE_LEAVING:
        raise Conflict("it is on its way or has left already")
    with together():
        draft = outbox.draft_of(id_) or _made_anew(row, person, site, at)
        if not outbox.withdrawn(id_, come_from=box.BEFORE_LEAVING):
            raise Conflict("it is on its way or has left already")
        box.note(row, Action.OUTBOX_WITHDRAWN, by=by, at=at)
    return draft


def _made_anew(row: OutboxRow, person: EmailAddress, site: Site, at: datetime) -> int:
    """Its draft is gone: whom it was for and what it said, without its files."""
    message = parse_message(box.text_of(row, site), limits=site.limits)
    texts = (part for part in mail_facts.leaves(message.root) if part.media == "text/plain")
    text = next((mail_facts.text_of(part) for part in texts if part.filename is None), "")
    written = Written(
        sender=str(row.sender),
        to=_named(row, "to"),
        cc=_named(row, "cc"),
        bcc=_named(row, "bcc"),
        subject=mail_facts.subject_of(message),
        text=text.replace("\r\n", "\n"),
    )
    return drafts.start(written, person, DraftKind.NEW, None, site, at=at).id


def _named(row: OutboxRow, kind: str) -> tuple[str, ...]:
    return tuple(each.address for each in row.recipients if each.kind == kind)
