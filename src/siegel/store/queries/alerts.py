"""Alerts that a partner's key has changed, and the answers of people."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from siegel.base.address import EmailAddress
from siegel.base.errors import NotFound
from siegel.store.models import KeyChangeAlert
from siegel.store.models.certificate import LinkState
from siegel.store.models.partner import Answer
from siegel.store.queries import certificates
from siegel.store.rows import AlertRow
from siegel.store.text import clean

MAX_LISTED = 1000  # rows of one list; a page shows fewer


def add_alert(address: EmailAddress, *, previous: str, current: str, at: datetime) -> bool:
    """``previous`` and ``current`` are fingerprints; True if nobody was told of it before."""
    _, new = KeyChangeAlert.objects.get_or_create(
        address=str(address), current=current, defaults={"previous": previous, "seen_at": at}
    )
    return new


def open_alerts(*, limit: int = MAX_LISTED) -> tuple[AlertRow, ...]:
    """The newest first."""
    waiting = KeyChangeAlert.objects.filter(answer=Answer.OPEN).order_by("-pk")
    return tuple(_row(row) for row in waiting[:limit])


def get(id_: int) -> AlertRow:
    """Raises ``NotFound`` for what is answered already."""
    found = KeyChangeAlert.objects.filter(pk=id_, answer=Answer.OPEN).first()
    if found is None:
        raise NotFound(f"no open alert {id_}")
    return _row(found)


def about_certificate(fingerprint: str) -> tuple[AlertRow, ...]:
    """Open alerts that a certificate took the place of another one, or was replaced."""
    waiting = KeyChangeAlert.objects.filter(answer=Answer.OPEN)
    found = waiting.filter(Q(current=fingerprint) | Q(previous=fingerprint))
    return tuple(_row(row) for row in found.order_by("-seen_at", "id"))


def confirm(id_: int, *, by: str, at: datetime) -> None:
    """The new key is the partner's: the certificate is used without reserve."""
    _answer(id_, Answer.CONFIRMED, LinkState.CONFIRMED, by, at)


def reject(id_: int, *, by: str, at: datetime) -> None:
    """The new key is not the partner's: the certificate is not used for the address."""
    _answer(id_, Answer.REJECTED, LinkState.REJECTED, by, at)


def _answer(id_: int, answer: Answer, state: LinkState, by: str, at: datetime) -> None:
    with transaction.atomic():
        row = KeyChangeAlert.objects.select_for_update().filter(pk=id_, answer=Answer.OPEN).first()
        if row is None:
            raise NotFound(f"no open alert {id_}")
        row.answer, row.answered_by, row.answered_at = answer, clean(by, 400), at
        row.save(update_fields=["answer", "answered_by", "answered_at"])
        certificates.link(row.current, EmailAddress.parse(row.address), by=by, at=at, state=state)


def _row(row: KeyChangeAlert) -> AlertRow:
    return AlertRow(
        id=row.pk,
        address=EmailAddress.parse(row.address),
        previous=row.previous,
        current=row.current,
        seen_at=row.seen_at,
    )
