"""The outbox: what it has accepted is sent, or somebody is told.

Accepted means one committed transaction. The decision about protection is the gateway's own;
what may not leave as it is, is held with its reasons, and nothing leaves with less protection than
was decided when it was accepted. Sending itself: ``outbox_sending``.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from siegel.base.address import EmailAddress
from siegel.base.errors import Conflict, MalformedAddress, MalformedMessage, NotFound
from siegel.flows import mail_access, outbox_weighing
from siegel.flows.outbound import Weighed
from siegel.flows.outbox_weighing import Parcel
from siegel.flows.site import Site
from siegel.policy.actions import Action
from siegel.store.outbox_rows import NewOutboxItem, OutboxRow, RecipientRow
from siegel.store.queries import journal, outbox
from siegel.store.queries.outbox import OutboxState as OutboxState
from siegel.store.transaction import conflicting, together
from siegel.transport.envelope import fits_in_a_path

LOOK_AGAIN = timedelta(minutes=3)  # at what is held; a change of certificates is noticed before
SHOWN_FOR = timedelta(days=7)  # what has left or was taken back stays in the list
OPEN = (OutboxState.WAITING, OutboxState.SENDING, OutboxState.HELD)
BEFORE_LEAVING = (OutboxState.WAITING, OutboxState.HELD, OutboxState.FAILED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What somebody wants to send. ``raw``: a complete message with Date and Message-ID, without
    Bcc; a wish of the writer is its field X-Siegel-Protect. ``answers``: the item it replies to.
    ``wait``: hold it until every recipient can be written to encrypted."""

    account: EmailAddress
    sender: EmailAddress
    user: EmailAddress
    raw: bytes = field(repr=False)
    recipients: tuple[tuple[EmailAddress, str], ...]
    subject: str
    message_id: str
    answers: int | None = None
    undo_seconds: int = 0
    wait: bool = False


def accept(letter: Letter, site: Site, *, by: str, at: datetime) -> int:
    """The item; from here on the letter is sent, or its writer is told. The same Message-ID again
    is the same letter.

    Raises ``NotFound`` for an account the person does not write for, ``Conflict`` for a sender
    that is not this account's, for nobody to send to and for a Message-ID of another account,
    ``MalformedMessage`` for what is no message or names its blind recipients, and
    ``MalformedAddress`` for one that no mail server would take.
    """
    if letter.account not in mail_access.writable(letter.user, at=at):
        raise NotFound(f"no account {letter.account}")
    known = outbox.known(letter.account, letter.message_id)
    if known is not None:
        return known
    recipients = _recipients(letter.recipients)
    parcel = Parcel(
        account=letter.account,
        recipients=[each.address for each in recipients],
        raw=letter.raw,
        waits=letter.wait,
    )
    found = outbox_weighing.weighed(parcel, site, at=at)
    _check(letter, found)
    new = _new_item(letter, recipients, found, site, at)
    with conflicting("a message with this Message-ID was accepted already"), together():
        id_ = outbox.add(new, by=by, at=at)
        if new.state is OutboxState.HELD:
            note_held(outbox.get(id_), by=by, at=at)
    return id_


def get(id_: int, person: EmailAddress, *, at: datetime) -> OutboxRow:
    """Raises ``NotFound`` for what is not there or not of an account the person writes for."""
    row = outbox.get(id_)
    if row.account not in mail_access.writable(person, at=at):
        raise NotFound(f"no message {id_} in the outbox")
    return row


def open_items(person: EmailAddress, *, at: datetime) -> tuple[OutboxRow, ...]:
    """What is still here, of all accounts the person writes for."""
    return outbox.of_accounts(mail_access.writable(person, at=at), OPEN)


def ended_items(person: EmailAddress, *, at: datetime) -> tuple[OutboxRow, ...]:
    """What has left or failed lately."""
    states = (OutboxState.SENT, OutboxState.FAILED)
    accounts = mail_access.writable(person, at=at)
    return outbox.of_accounts(accounts, states, since=at - SHOWN_FOR)


def stuck(person: EmailAddress, *, at: datetime) -> Counter[OutboxState]:
    """How many are held, and how many failed lately, of all accounts the person writes for."""
    return outbox.stuck(mail_access.writable(person, at=at), failed_since=at - SHOWN_FOR)


def use_of(message_id: str) -> str:
    """What a sealed text of the outbox is bound to."""
    return f"outbox {message_id}"


def text_of(row: OutboxRow, site: Site) -> bytes:
    """The message before protection; ``NotFound`` when it is not kept any more."""
    sealed = outbox.sealed(row.id)
    if not sealed:
        raise NotFound(f"the text of message {row.id} is not in the outbox any more")
    return site.vault.unseal_content(sealed, use_of(row.message_id))


def try_now(id_: int, person: EmailAddress, *, at: datetime) -> None:
    """Send it at once, or look at it anew if it is held. Raises ``Conflict`` when it is on its way
    or has ended."""
    row = get(id_, person, at=at)
    if row.state not in (OutboxState.WAITING, OutboxState.HELD) or not outbox.change(
        id_, come_from=[row.state], to=row.state, due_at=at
    ):
        raise Conflict("it is on its way or has left already")


def withdraw(id_: int, person: EmailAddress, *, by: str, at: datetime) -> None:
    """Take it back for good, its draft with it. Raises ``Conflict`` when a recipient has got it
    already."""
    row = get(id_, person, at=at)
    with together():
        if not outbox.withdrawn(id_, come_from=BEFORE_LEAVING):
            raise Conflict("it is on its way or has left already")
        outbox.remove_draft(id_)
        note(row, Action.OUTBOX_WITHDRAWN, by=by, at=at)


def note_held(row: OutboxRow, *, by: str, at: datetime) -> None:
    """Into the journal: whose message is held, for whom and why; never what it says."""
    note(row, Action.OUTBOX_HELD, by=by, at=at)


def note_failed(row: OutboxRow, *, at: datetime) -> None:
    note(row, Action.OUTBOX_FAILED, by="system:outbox", at=at)


def note(row: OutboxRow, action: Action, *, by: str, at: datetime) -> None:
    journal.write(
        at=at,
        actor=by,
        action=action,
        about=str(row.sender),
        message_id=row.message_id,
        recipients=[each.address for each in row.recipients],
        reasons=row.reasons,
        detail={"recipients": {address: list(o) for address, o in row.obstacles.items()}},
    )


def _recipients(given: Iterable[tuple[EmailAddress, str]]) -> tuple[RecipientRow, ...]:
    """Each once, as first named; the domain as DNS knows it, the rest as the writer spelt it."""
    found: dict[EmailAddress, RecipientRow] = {}
    for address, kind in given:
        local = address.spelling.rpartition("@")[0]
        as_sent = f"{local}@{address.domain}" if local else str(address)
        if not fits_in_a_path(as_sent):
            raise MalformedAddress(f"cannot be said in SMTP: {as_sent[:120]!r}")
        found.setdefault(address, RecipientRow(address=as_sent, kind=kind))
    if not found:
        raise Conflict("nobody to send it to")
    return tuple(found.values())


def _check(letter: Letter, found: Weighed) -> None:
    """The border: whatever a form let through ends here."""
    message, facts = found.outgoing.message, found.gathered.facts
    if message.get("Bcc") is not None:
        raise MalformedMessage("the message names its blind recipients")
    named = message.get("Message-ID")
    if named is None or named.value.strip() != letter.message_id or len(letter.message_id) > 200:
        raise MalformedMessage("the message has another Message-ID than its letter")
    if facts.sender != letter.sender or not facts.sender_entitled:
        raise Conflict("the account may not write as this sender")


def _new_item(
    letter: Letter,
    recipients: tuple[RecipientRow, ...],
    found: Weighed,
    site: Site,
    at: datetime,
) -> NewOutboxItem:
    least = outbox_weighing.least_of(found)
    leaves = outbox_weighing.may_leave(found.decision, least) is not None
    state = OutboxState.WAITING if leaves else OutboxState.HELD
    return NewOutboxItem(
        account=letter.account,
        user=letter.user,
        sender=letter.sender,
        subject=letter.subject,
        message_id=letter.message_id,
        sealed=site.vault.seal_content(letter.raw, use_of(letter.message_id), rng=site.rng),
        recipients=recipients,
        state=state,
        plan=least,
        reasons=tuple(reason.value for reason in found.decision.reasons),
        obstacles=outbox_weighing.obstacles(found.decision),
        answers=letter.answers,
        due_at=at + (timedelta(seconds=letter.undo_seconds) if leaves else LOOK_AGAIN),
        waits=letter.wait,
    )
