"""Links that prove control of an address: used once, each counted."""

from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.store.entry_rows import ControlRow, Counted
from siegel.store.models import ControlProof
from siegel.store.text import clean


def add(
    address: EmailAddress,
    token_sha256: str,
    *,
    purpose: str,
    client: str,
    by: str,
    at: datetime,
    link_ends_at: datetime,
) -> None:
    ControlProof.objects.create(
        address=str(address),
        purpose=purpose,
        token_sha256=token_sha256,
        client=client,
        asked_by=clean(by, 400),
        asked_at=at,
        link_ends_at=link_ends_at,
    )


def asked(address: EmailAddress, client: str, *, since: datetime, all_since: datetime) -> Counted:
    """Links asked for: to this address and from this client since one moment, all since another."""
    recent = ControlProof.objects.filter(asked_at__gt=since)
    return Counted(
        address=recent.filter(address=str(address)).count(),
        group=recent.filter(client=client).count() if client else 0,
        all=ControlProof.objects.filter(asked_at__gt=all_since).count(),
    )


def find(token_sha256: str, *, at: datetime) -> ControlRow | None:
    """None: unknown, used, or too late."""
    found = ControlProof.objects.filter(
        token_sha256=token_sha256, proved_at=None, link_ends_at__gt=at
    ).first()
    return None if found is None else _row(found)


def use(token_sha256: str, *, at: datetime, ends_at: datetime) -> bool:
    """True for whoever comes first."""
    waiting = ControlProof.objects.filter(
        token_sha256=token_sha256, proved_at=None, link_ends_at__gt=at
    )
    return bool(waiting.update(proved_at=at, ends_at=ends_at))


def newest_proof(address: EmailAddress, *, at: datetime) -> ControlRow | None:
    """The one that counts longest at that moment."""
    found = ControlProof.objects.filter(address=str(address), ends_at__gt=at)
    row = found.order_by("-ends_at").first()
    return None if row is None else _row(row)


def forget(*, at: datetime, asked_before: datetime) -> int:
    """Links that nobody used, and proofs that are over; how many went."""
    over = ControlProof.objects.filter(asked_at__lt=asked_before, proved_at=None)
    ended = ControlProof.objects.filter(ends_at__lt=at)
    return over.delete()[0] + ended.delete()[0]


def _row(found: ControlProof) -> ControlRow:
    return ControlRow(
        id=found.pk,
        address=EmailAddress.parse(found.address),
        purpose=found.purpose,
        asked_by=found.asked_by,
        asked_at=found.asked_at,
        link_ends_at=found.link_ends_at,
        proved_at=found.proved_at,
        ends_at=found.ends_at,
    )
