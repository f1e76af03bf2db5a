"""Mail to the test robot: each message once, until it is answered or left without an answer."""

from datetime import datetime

from django.db.models import F

from siegel.base.address import EmailAddress
from siegel.store.entry_rows import Counted, RobotMailRow
from siegel.store.models import RobotReply
from siegel.store.models.partner_entry import RobotState
from siegel.store.text import clean

__all__ = ["RobotState", "add", "begin", "counted", "end", "forget", "listed", "waiting"]


def add(
    message_sha256: str, *, sender: EmailAddress | None, envelope_from: str, at: datetime
) -> bool:
    """The same octets again are the same message; True if it is new."""
    _, new = RobotReply.objects.get_or_create(
        message_sha256=message_sha256,
        defaults={
            "sender": "" if sender is None else str(sender),
            "domain": "" if sender is None else sender.domain,
            "envelope_from": clean(envelope_from, 400),
            "received_at": at,
        },
    )
    return new


def waiting(*, limit: int) -> tuple[RobotMailRow, ...]:
    """The oldest first."""
    rows = RobotReply.objects.filter(state=RobotState.WAITING).order_by("tries", "id")[:limit]
    return tuple(_row(row) for row in rows)


def begin(number: int, *, at: datetime) -> datetime:
    """When its answer was first made: now, or at a try before."""
    RobotReply.objects.filter(pk=number, begun_at=None).update(begun_at=at)
    RobotReply.objects.filter(pk=number).update(tries=F("tries") + 1)
    return RobotReply.objects.values_list("begun_at", flat=True).get(pk=number) or at


def end(number: int, state: RobotState, reason: str, *, at: datetime) -> None:
    RobotReply.objects.filter(pk=number, state=RobotState.WAITING).update(
        state=state, reason=clean(reason, 32), ended_at=at
    )


def counted(address: EmailAddress, *, since: datetime, all_since: datetime) -> Counted:
    """Answers given: to this address and its domain since one moment, to all since another."""
    given = RobotReply.objects.filter(state=RobotState.ANSWERED)
    recent = given.filter(ended_at__gt=since)
    return Counted(
        address=recent.filter(sender=str(address)).count(),
        group=recent.filter(domain=address.domain).count(),
        all=given.filter(ended_at__gt=all_since).count(),
    )


def listed(*, limit: int = 50) -> tuple[RobotMailRow, ...]:
    return tuple(_row(row) for row in RobotReply.objects.order_by("-id")[:limit])


def forget(*, ended_before: datetime) -> int:
    return RobotReply.objects.filter(ended_at__lt=ended_before).delete()[0]


def _row(found: RobotReply) -> RobotMailRow:
    return RobotMailRow(
        id=found.pk,
        message_sha256=found.message_sha256,
        sender=EmailAddress.parse(found.sender) if found.sender else None,
        envelope_from=found.envelope_from,
        received_at=found.received_at,
        state=found.state,
        reason=found.reason,
        tries=found.tries,
        begun_at=found.begun_at,
        ended_at=found.ended_at,
    )
