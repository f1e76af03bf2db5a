"""Hand the copies of one transaction to the next hop: all of them, or say honestly what failed.

Nothing is queued. What the next hop took is recorded copy by copy, so that a retry by the mail
server before us sends only the rest; our 250 comes after the last copy. A copy that is refused for
good while others went out becomes a failure report that is accepted first (RFC 3464).
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from siegel.base.buffers import Buffer
from siegel.base.errors import TransportFailure
from siegel.flows.points import Point
from siegel.flows.site import Site
from siegel.mime.message import Message
from siegel.store.queries import deliveries
from siegel.transport import replies
from siegel.transport.dsn import FailedRecipient, failure_report
from siegel.transport.envelope import Envelope, MailOptions, Ret
from siegel.transport.replies import Reply
from siegel.transport.submission import NextHop, Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """One message for some of the recipients. ``opened``: it was encrypted when it came;
    ``encrypted``: it leaves encrypted. ``taken_by``: who takes it instead of the next hop."""

    recipients: tuple[str, ...]
    chunks: Sequence[Buffer]
    opened: bool = False
    encrypted: bool = False
    taken_by: NextHop | None = None


class NoRoom(TransportFailure):
    """There is no room on our own disk; the mail server before us keeps the message."""

    code = "no_room"


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOver:
    """What the next hop said, tries before this one included: a refused recipient may be told to
    come again (``Refusal.permanent``)."""

    accepted: frozenset[str]
    refused: Mapping[str, Refusal]


# a certificate ended between two tries: what one recipient got encrypted, nobody gets readable
_NOT_READABLE_NOW = Refusal(
    code=550,
    enhanced="5.7.1",
    text="can no longer be encrypted to, and other recipients got this mail encrypted",
    permanent=True,
)


def transaction_key(envelope: Envelope, raw: bytes) -> str:
    """What a retry of the same transaction has in common with it."""
    digest = hashlib.sha256(f"{envelope.role}\0{envelope.sender}\0".encode())
    digest.update(raw)
    return digest.hexdigest()


def deliver(
    envelope: Envelope, message: Message, key: str, copies: Iterable[Copy], site: Site, at: datetime
) -> Reply:
    """Submit what is not yet accepted; the reply is 250 only if every recipient is settled."""
    with site.transactions.claim(key, at) as free:
        if not free:
            return replies.TRY_LATER
        reply = _delivered(envelope, message, key, copies, site, at)
        if reply.accepted:
            site.transactions.answered(key, at)
        site.passes(Point.FINISHED)
        return reply


def hand_over(
    envelope: Envelope, key: str, copies: Iterable[Copy], site: Site, at: datetime
) -> HandedOver:
    """Submit what is not yet accepted. Raises ``TransportFailure`` where the next hop says
    nothing; what it took before that is recorded."""
    hop = site.hops[envelope.role]
    done = deliveries.accepted(key)
    sealed = bool(done) and deliveries.left_encrypted(key)
    accepted, refused = set(done), dict[str, Refusal]()
    for copy in copies:
        waiting = tuple(r for r in copy.recipients if r not in done)
        if not waiting:
            continue
        if sealed and not copy.encrypted:
            refused |= dict.fromkeys(waiting, _NOT_READABLE_NOW)
            continue
        receipt = (copy.taken_by or hop).submit(
            envelope.sender,
            waiting,
            copy.chunks,
            options=_options(envelope.options, opened=copy.opened),
            recipient_options=envelope.recipient_options,
        )
        site.passes(Point.SUBMITTED)
        kind = deliveries.ENCRYPTED if copy.encrypted else ""
        deliveries.record(key, receipt.accepted, kind, at=at)
        site.passes(Point.RECORDED)
        accepted.update(receipt.accepted)
        refused.update(receipt.refused)
    return HandedOver(accepted=frozenset(accepted), refused=refused)


def _delivered(
    envelope: Envelope, message: Message, key: str, copies: Iterable[Copy], site: Site, at: datetime
) -> Reply:
    try:
        handed = hand_over(envelope, key, copies, site, at)
    except NoRoom:
        return replies.NO_ROOM
    except TransportFailure:
        return replies.TRY_LATER
    return _reply(envelope, message, handed, site, at)


def _options(options: MailOptions, *, opened: bool) -> MailOptions:
    # RFC 3461 §4.3: a bounce must not carry home what was encrypted on its way here
    return replace(options, ret=Ret.HEADERS, size=None) if opened else replace(options, size=None)


def _reply(
    envelope: Envelope, message: Message, handed: HandedOver, site: Site, at: datetime
) -> Reply:
    refused = handed.refused
    if not refused:
        return replies.ACCEPTED
    if not handed.accepted or not all(refusal.permanent for refusal in refused.values()):
        return replies.for_refusals(refused.values())
    return _report(envelope, message, refused, site.hops[envelope.role], site, at)


def _report(
    envelope: Envelope,
    message: Message,
    refused: Mapping[str, Refusal],
    hop: NextHop,
    site: Site,
    at: datetime,
) -> Reply:
    """Some went out, some never will: tell the sender before we say 250 (or nobody would)."""
    failures = [
        FailedRecipient(address=address, enhanced=refusal.enhanced, text=refusal.text)
        for address, refusal in refused.items()
    ]
    report = failure_report(
        envelope, failures, message.root.header, hostname=site.hostname, at=at, rng=site.rng
    )
    if report is None:
        return replies.ACCEPTED
    try:
        receipt = hop.submit("", (envelope.sender,), [report])
    except TransportFailure:
        return replies.TRY_LATER
    return replies.TRY_LATER if receipt.refused else replies.ACCEPTED
