"""The journal: written for people who ask later what happened, and why.

Callers put codes and addresses in, never bodies, subjects, passphrases or keys.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from siegel.store.models import JournalAddress, JournalEntry
from siegel.store.rows import JournalRow
from siegel.store.text import Json, clean, clean_json


def write(
    *,
    at: datetime,
    actor: str,
    action: str,
    about: str = "",
    message_id: str = "",
    recipients: Iterable[str] = (),
    reasons: Iterable[str] = (),
    detail: Mapping[str, Json] | None = None,
) -> int:
    """One entry; its number is the journal number that notices mention."""
    with transaction.atomic():
        entry = JournalEntry.objects.create(
            at=at,
            actor=clean(actor, 400),
            action=clean(action, 64),
            about=clean(about, 400),
            message_id=clean(message_id, 1000),
            reasons=clean_json(list(reasons)),
            detail=clean_json(detail or {}),
        )
        JournalAddress.objects.bulk_create(
            JournalAddress(entry=entry, address=clean(address, 400))
            for address in dict.fromkeys(recipients)
        )
    return entry.pk


def read(
    *,
    number: int | None = None,
    address: str | None = None,
    action: str | None = None,
    actor: str | None = None,
    message_id: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    before: int | None = None,
    limit: int = 100,
) -> tuple[JournalRow, ...]:
    """The newest first; each filter narrows. ``address``: sender or recipient. ``before``: a
    number, to read on where the last page ended."""
    plain = {
        "pk": number, "action": action, "actor": actor, "message_id": message_id,
        "at__gte": since, "at__lt": until, "pk__lt": before,
    }  # fmt: skip
    asked = Q(**{name: value for name, value in plain.items() if value is not None})
    if address is not None:
        among = JournalAddress.objects.filter(entry=OuterRef("pk"), address=address)
        asked &= Q(about=address) | Q(Exists(among))
    entries = JournalEntry.objects.filter(asked).prefetch_related("recipients")
    return tuple(_row(entry) for entry in entries.order_by("-pk")[:limit])


def about(names: Iterable[str], *, limit: int = 100) -> tuple[JournalRow, ...]:
    """What was done to one of these (fingerprints, addresses, names), the newest first."""
    entries = JournalEntry.objects.filter(about__in=list(names)).prefetch_related("recipients")
    return tuple(_row(entry) for entry in entries.order_by("-pk")[:limit])


def expire(*, before: datetime) -> int:
    """Remove entries older than the retention time of the organisation; how many went."""
    old = JournalEntry.objects.filter(at__lt=before)
    count = old.count()
    old.purge()
    return count


def _row(entry: JournalEntry) -> JournalRow:
    return JournalRow(
        id=entry.pk,
        at=entry.at,
        actor=entry.actor,
        action=entry.action,
        about=entry.about,
        message_id=entry.message_id,
        recipients=tuple(row.address for row in entry.recipients.all()),
        reasons=tuple(entry.reasons),
        detail=entry.detail,
    )
