"""Send what the outbox has accepted: take, decide anew, protect, hand over, settle.

At any moment one worker has an item, for as long as its lease lasts; a worker that died lets it
run out, and the next one goes on where the store says the item stands. What the next hop took is
recorded recipient by recipient at once, so that only a kill between its 250 and that record can
send a copy twice, with the same Message-ID.
"""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

from siegel.base.errors import SiegelError
from siegel.flows import (
    delivery,
    journaling,
    mailboxes,
    outbound,
    outbox_filing,
    outbox_telling,
    outbox_weighing,
)
from siegel.flows import outbox as box
from siegel.flows.delivery import HandedOver
from siegel.flows.outbound import Weighed
from siegel.flows.outbox_weighing import Parcel
from siegel.flows.points import Point
from siegel.flows.sent_copy import sent_copy
from siegel.flows.site import Site
from siegel.policy.actions import ActionGroup, actions_of
from siegel.policy.outbound import OutboundDecision, Send
from siegel.store.outbox_rows import OutboxRow
from siegel.store.queries import deliveries, journal, outbox
from siegel.store.queries.mail_folders import FolderRole
from siegel.store.queries.outbox import OutboxState
from siegel.store.transaction import together
from siegel.transport.envelope import Role
from siegel.transport.submission import Refusal
from siegel.wording.outbox_letters import News, Undelivered

log = logging.getLogger(__name__)
LEASE = timedelta(seconds=90)  # renewed while a message is being sent, see ``Hand``
PAUSES = tuple(timedelta(minutes=m) for m in (1, 2, 4, 8, 15, 30, 60, 120, 240))
TELL_AFTER = timedelta(days=1)
GIVE_UP_AFTER = timedelta(days=5)  # RFC 5321 §4.5.4.1: at least four to five days
_FOR_GOOD = frozenset({"malformed", "malformed_address", "limit_exceeded"})
COPY_AGAIN = timedelta(hours=1)  # a copy that could not be made may be made later
_MAY_RELEASE = tuple(
    action.value
    for group in (
        ActionGroup.CERTIFICATES,
        ActionGroup.TRUST,
        ActionGroup.RULES,
        ActionGroup.ACCOUNTS,
    )
    for action in actions_of(group)
)
NO_COPY = "no_copy"
"""As answer of a sent item: the writer's copy cannot be encrypted to him."""


class Hand:
    """What a worker is sending right now, so that its lease can be renewed beside it."""

    def __init__(self) -> None:
        self._item: tuple[int, int] | None = None

    @contextmanager
    def holding(self, row: OutboxRow) -> Iterator[None]:
        self._item = (row.id, row.attempts)
        try:
            yield
        finally:
            self._item = None

    def renew(self, at: datetime) -> None:
        item = self._item
        if item is not None:
            outbox.keep(*item, until=at + LEASE)


def send_next(site: Site, hand: Hand, *, at: datetime) -> bool:
    """Send one item that is due; False when there is none."""
    id_ = outbox.take_due(at=at, until=at + LEASE)
    if id_ is None:
        return False
    site.passes(Point.TAKEN)
    row = outbox.get(id_)
    with hand.holding(row):
        _send(row, site, at)
    return True


def finish_next(site: Site, *, at: datetime) -> bool:
    """Finish one item that has left, if a worker died before it had; False when there is none."""
    id_ = outbox.take_unfiled(at=at, until=at + LEASE)
    if id_ is None:
        return False
    _finish(outbox.get(id_), site, at)
    return True


class Watch:
    """Notices that something has changed that may let held messages go: a certificate learnt, a
    decision about trust, a rule, an account."""

    def __init__(self) -> None:
        self._seen = 0

    def ring(self, *, at: datetime) -> bool:
        """Held messages are due at once, if so."""
        newest = journal.newest()
        changed = newest > self._seen and journal.happened(_MAY_RELEASE, after=self._seen)
        self._seen = newest
        return changed and bool(outbox.look_at_held(at=at))


def look_at_held(site: Site, *, at: datetime) -> int:
    """Decide anew about what is held; how many may leave."""
    return sum(
        _release(row, site, at) for row in outbox.take_held(at=at, until=at + box.LOOK_AGAIN)
    )


def pause(attempts: int) -> timedelta:
    """Until the next try."""
    return PAUSES[min(max(attempts, 1), len(PAUSES)) - 1]


def _send(row: OutboxRow, site: Site, at: datetime) -> None:
    try:
        parcel = _parcel(row, site)
        found = outbox_weighing.weighed(parcel, site, at=at)
        decision = outbox_weighing.may_leave(found.decision, row.plan)
        if decision is None:
            _hold(row, found.decision, at)
            return
        handed = _handed_over(row, parcel, found, decision, site, at)
    except SiegelError as error:
        log.warning("not sent item=%s code=%s", row.id, error.code)
        handed = HandedOver(accepted=frozenset(), refused=_trouble(row, error))
    _settle(row, handed, site, at)


def _parcel(row: OutboxRow, site: Site) -> Parcel:
    return Parcel(
        account=row.account,
        recipients=[each.address for each in row.recipients],
        raw=box.text_of(row, site),
        waits=row.waits,
    )


def _handed_over(
    row: OutboxRow, parcel: Parcel, found: Weighed, decision: Send, site: Site, at: datetime
) -> HandedOver:
    hop = mailboxes.next_hop(row.account, site, at)
    number = _journal_number(row, found, decision, at)
    copies = outbound.protected_copies(found, decision, number, site)
    key = delivery.transaction_key(parcel.envelope, parcel.raw)
    there = replace(site, hops={Role.OUTBOUND: hop})
    done = frozenset(each.address for each in row.recipients if each.state == "accepted")
    deliveries.record(key, done, _receipt(decision), at=at)
    return delivery.hand_over(parcel.envelope, key, copies, there, at)


def _receipt(decision: Send) -> str:
    encrypted = journaling.plan_name(decision) == "sign_and_encrypt"
    return deliveries.ENCRYPTED if encrypted else ""


def _journal_number(row: OutboxRow, found: Weighed, decision: Send, at: datetime) -> int:
    """Written once, with the first try; from then on the plan is the least."""
    if row.journal is not None:
        return row.journal
    with together():
        number = journaling.outbound(
            found.envelope, found.outgoing, decision, at, actor=row.accepted_by
        )
        outbox.note(row.id, journal=number, plan=journaling.plan_name(decision))
    return number


def _hold(row: OutboxRow, decision: OutboundDecision, at: datetime) -> None:
    """It may not leave as it is: neither weaker than promised nor at all."""
    with together():
        held = outbox.hold(
            row.id,
            come_from=[OutboxState.SENDING],
            attempt=row.attempts,
            reasons=[reason.value for reason in decision.reasons],
            obstacles=outbox_weighing.obstacles(decision),
            at=at,
            look_at=at + box.LOOK_AGAIN,
        )
        if held:
            box.note_held(outbox.get(row.id), by="system:outbox", at=at)


def _trouble(row: OutboxRow, error: SiegelError) -> Mapping[str, Refusal]:
    """Ours, or on the way to the next hop: everybody has to wait. What cannot be said in SMTP at
    all stays so."""
    if error.code in _FOR_GOOD:
        refusal = Refusal(code=554, enhanced="5.6.0", text=error.code, permanent=True)
    else:
        refusal = Refusal(code=451, enhanced="4.4.0", text=error.code, permanent=False)
    return {each.address: refusal for each in row.recipients if each.state != "accepted"}


def _settle(row: OutboxRow, handed: HandedOver, site: Site, at: datetime) -> None:
    """What the next hop said becomes the state of the item, in one transaction."""
    over = at - (row.tried_at or at) >= GIVE_UP_AFTER
    refused = {a: r for a, r in handed.refused.items() if r.permanent or over}
    told = {each.address for each in row.recipients if each.state == "refused"}
    answers = {
        **{address: ("accepted", "") for address in handed.accepted},
        **{address: ("", _answer(refusal)) for address, refusal in handed.refused.items()},
        **{address: ("refused", _answer(refusal)) for address, refusal in refused.items()},
    }
    with together():
        outbox.settle(row.id, answers)
        state = _state_after(row, handed, refused, at)
    if state is None:
        return
    site.passes(Point.SETTLED)
    now = outbox.get(row.id)
    _tell(now, tuple(a for a in refused if a not in told), site, at)
    if state is OutboxState.SENT:
        _finish(now, site, at)


def _state_after(
    row: OutboxRow, handed: HandedOver, refused: Mapping[str, Refusal], at: datetime
) -> OutboxState | None:
    """The state that was reached; None if the item was not ours any more."""
    waiting = [address for address in handed.refused if address not in refused]
    if waiting:
        to, due = OutboxState.WAITING, at + pause(row.attempts)
    elif handed.accepted:
        to, due = OutboxState.SENT, at + LEASE
    else:
        to, due = OutboxState.FAILED, None
    values: dict[str, object] = {"due_at": due}
    if waiting:
        values["answer"] = _answer(handed.refused[waiting[0]])
    if to is OutboxState.SENT:
        values |= {"sent_at": at, "answer": ""}
    done = outbox.change(
        row.id, come_from=[OutboxState.SENDING], to=to, attempt=row.attempts, **values
    )
    if done and to is OutboxState.FAILED:
        box.note_failed(row, at=at)
    return to if done else None


def _answer(refusal: Refusal) -> str:
    return f"{refusal.code} {refusal.enhanced} {refusal.text}".strip()[:500]


def _tell(row: OutboxRow, refused: tuple[str, ...], site: Site, at: datetime) -> None:
    """Bad news at once, trouble after a day, and that a held message has left."""
    if row.state is OutboxState.FAILED:
        outbox_telling.tell(row, News.FAILED, _undelivered(row), site, at=at)
    elif refused:
        mine = [each for each in _undelivered(row) if each.address in refused]
        outbox_telling.tell(row, News.REFUSED, mine, site, at=at)
    if row.state is OutboxState.WAITING and row.told_at is None and _is_late(row, at):
        outbox_telling.tell(row, News.DELAYED, _undelivered(row), site, at=at)
        outbox.note(row.id, told_at=at)


def _is_late(row: OutboxRow, at: datetime) -> bool:
    return row.tried_at is not None and at - row.tried_at >= TELL_AFTER


def _undelivered(row: OutboxRow) -> list[Undelivered]:
    return [
        Undelivered(address=each.address, answer=each.answer)
        for each in row.recipients
        if each.state != "accepted"
    ]


def _finish(row: OutboxRow, site: Site, at: datetime) -> None:
    """After our SENT is committed: forget the receipts, file the copy, mark what was answered.
    Every step may be done again."""
    parcel = _parcel(row, site)
    deliveries.finish(delivery.transaction_key(parcel.envelope, parcel.raw))
    outbox.remove_draft(row.id)
    site.passes(Point.FINISHED)
    if row.answers is not None:
        outbox_filing.mark_answered(row.account, row.answers, at=at)
    if row.held_at is not None and row.answer != NO_COPY:
        outbox_telling.tell(row, News.LEFT, (), site, at=at)
    copy = _copy(row, parcel, site)
    if copy is None:
        outbox.note(row.id, due_at=at + COPY_AGAIN, answer=NO_COPY)
        return
    outbox_filing.put(
        row.account, FolderRole.SENT, row.message_id, copy, site, seen=True, at=row.sent_at or at
    )
    site.passes(Point.FILED)
    outbox.note(row.id, filed_at=at, due_at=None, sealed=b"", answer="")


def _copy(row: OutboxRow, parcel: Parcel, site: Site) -> bytes | None:
    found = outbox_weighing.weighed(parcel, site, at=row.sent_at or row.accepted_at)
    blind = [each.address for each in row.recipients if each.kind == "bcc"]
    return sent_copy(found, row.plan, blind, site)


def _release(row: OutboxRow, site: Site, at: datetime) -> bool:
    """Whether a held item may leave now; its writer hears of it when it has left, or after a day
    of being held."""
    try:
        found = outbox_weighing.weighed(_parcel(row, site), site, at=at)
    except SiegelError as error:
        log.warning("held item not looked at item=%s code=%s", row.id, error.code)
        return False
    decision = outbox_weighing.may_leave(found.decision, row.plan)
    if decision is not None:
        plan = journaling.plan_name(decision)
        return outbox.change(
            row.id,
            come_from=[OutboxState.HELD],
            to=OutboxState.WAITING,
            plan=plan,
            due_at=at,
            tried_at=None,
        )
    outbox.hold(
        row.id,
        come_from=[OutboxState.HELD],
        reasons=[reason.value for reason in found.decision.reasons],
        obstacles=outbox_weighing.obstacles(found.decision),
        at=at,
        look_at=at + box.LOOK_AGAIN,
    )
    if row.told_at is None and row.held_at is not None and at - row.held_at >= TELL_AFTER:
        _tell_held(outbox.get(row.id), site, at)
    return False


def _tell_held(row: OutboxRow, site: Site, at: datetime) -> None:
    against = [
        Undelivered(address=address or str(row.sender), obstacles=found)
        for address, found in row.obstacles.items()
    ]
    outbox_telling.tell(row, News.HELD, against, site, at=at)
    outbox.note(row.id, told_at=at)
