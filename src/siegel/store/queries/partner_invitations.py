"""Links by which partners hand in their certificate: for one address, once, until a moment."""

from datetime import datetime

from django.db.models import F, Q

from siegel.base.address import EmailAddress
from siegel.base.errors import NotFound
from siegel.store.entry_rows import PartnerInvitationRow
from siegel.store.models import PartnerInvitation
from siegel.store.text import clean


def add(
    address: EmailAddress,
    token_sha256: str,
    *,
    sender: EmailAddress,
    by: str,
    at: datetime,
    ends_at: datetime,
) -> int:
    row = PartnerInvitation.objects.create(
        address=str(address),
        token_sha256=token_sha256,
        sender=str(sender),
        invited_by=clean(by, 400),
        invited_at=at,
        ends_at=ends_at,
    )
    return row.pk


def sent_since(address: EmailAddress, since: datetime) -> int:
    return PartnerInvitation.objects.filter(address=str(address), invited_at__gt=since).count()


def find(token_sha256: str, *, at: datetime) -> PartnerInvitationRow | None:
    """None: unknown, used, withdrawn, or too late."""
    found = PartnerInvitation.objects.filter(_open(at), token_sha256=token_sha256).first()
    return None if found is None else _row(found)


def try_once(number: int, *, most: int) -> bool:
    """Counts an upload; False once there were too many."""
    open_ones = PartnerInvitation.objects.filter(pk=number, tries__lt=most)
    return bool(open_ones.update(tries=F("tries") + 1))


def use(number: int, certificate: str, *, at: datetime) -> bool:
    """True for whoever comes first."""
    waiting = PartnerInvitation.objects.filter(_open(at), pk=number)
    return bool(waiting.update(used_at=at, certificate=certificate))


def revoke(number: int, *, by: str, at: datetime) -> PartnerInvitationRow:
    """Raises ``NotFound`` for one that is over already."""
    waiting = PartnerInvitation.objects.filter(_open(at), pk=number)
    if not waiting.update(revoked_at=at, revoked_by=clean(by, 400)):
        raise NotFound(f"no open invitation {number}")
    return get(number)


def get(number: int) -> PartnerInvitationRow:
    found = PartnerInvitation.objects.filter(pk=number).first()
    if found is None:
        raise NotFound(f"no invitation {number}")
    return _row(found)


def listed(*, before: int | None = None, limit: int = 50) -> tuple[PartnerInvitationRow, ...]:
    """The newest first; ``before``: a number, to read on behind it."""
    rows = PartnerInvitation.objects.all()
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return tuple(_row(row) for row in rows.order_by("-pk")[:limit])


def forget(*, ended_before: datetime) -> int:
    return PartnerInvitation.objects.filter(ends_at__lt=ended_before).delete()[0]


def _open(at: datetime) -> Q:
    return Q(used_at=None, revoked_at=None, ends_at__gt=at)


def _row(found: PartnerInvitation) -> PartnerInvitationRow:
    return PartnerInvitationRow(
        id=found.pk,
        address=EmailAddress.parse(found.address),
        sender=EmailAddress.parse(found.sender),
        invited_by=found.invited_by,
        invited_at=found.invited_at,
        ends_at=found.ends_at,
        tries=found.tries,
        used_at=found.used_at,
        certificate=found.certificate,
        revoked_at=found.revoked_at,
    )
