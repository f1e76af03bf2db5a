"""Messages kept as they came. A file by the hash of its bytes, then the row that points at it.

Order is what makes it safe: the file is whole and on disk before its row is committed, and a file
goes only when no row has pointed at it for an hour. So a crash leaves at most a file nobody knows.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from siegel.base.buffers import Buffer
from siegel.base.errors import NotFound
from siegel.store import raw_files
from siegel.store.models import MailItem, MessageRecipient, StoredMessage
from siegel.store.models.message import Direction
from siegel.store.rows import StoredMessageRow
from siegel.store.text import clean

__all__ = [
    "Direction",
    "due_for_deletion",
    "forget_due",
    "get",
    "keep",
    "raw",
    "rows",
    "sweep",
    "with_message_id",
]

BATCH = 500  # rows or files of one transaction; keeps the write lock of SQLite short


def keep(
    raw: Buffer,
    *,
    direction: Direction,
    received_at: datetime,
    keep_until: datetime,
    envelope_from: str = "",
    recipients: Iterable[str] = (),
    message_id: str = "",
) -> StoredMessageRow:
    """Store the bytes. The same bytes again add recipients and lengthen the time, nothing else."""
    sha256 = hashlib.sha256(raw).hexdigest()
    path = raw_files.put(sha256, raw)
    with transaction.atomic():
        row = _row_for(
            StoredMessage(
                sha256=sha256,
                size=memoryview(raw).nbytes,
                path=path,
                direction=direction,
                received_at=received_at,
                message_id=clean(message_id, 1000),
                envelope_from=clean(envelope_from, 400),
                keep_until=keep_until,
            )
        )
        if row.keep_until < keep_until:
            row.keep_until = keep_until
            row.save(update_fields=["keep_until"])
        MessageRecipient.objects.bulk_create(
            (
                MessageRecipient(message=row, address=clean(each, 400))
                for each in dict.fromkeys(recipients)
            ),
            ignore_conflicts=True,
        )
        return get(sha256)


def _row_for(message: StoredMessage) -> StoredMessage:
    """The row of these bytes, new or old, and locked: a statement of its own does both, so that
    neither a second writer nor ``forget_due`` comes in between."""
    StoredMessage.objects.bulk_create(
        [message], update_conflicts=True, unique_fields=["sha256"], update_fields=["size"]
    )
    return StoredMessage.objects.get(sha256=message.sha256)


def get(sha256: str) -> StoredMessageRow:
    found = rows(StoredMessage.objects.filter(sha256=sha256))
    if not found:
        raise NotFound(f"no stored message {sha256}")
    return found[0]


def raw(sha256: str) -> bytes:
    """The bytes as they came, checked against their hash."""
    path = StoredMessage.objects.filter(sha256=sha256).values_list("path", flat=True).first()
    if path is None:
        raise NotFound(f"no stored message {sha256}")
    return raw_files.read(path, sha256)


def received_by(address: str, *, limit: int = 100) -> tuple[StoredMessageRow, ...]:
    """What was addressed to ``address`` (to open again after a key was imported), newest first."""
    asked = StoredMessage.objects.filter(recipients__address=address)
    return rows(asked.order_by("-received_at", "id")[:limit])


def with_message_id(
    message_id: str, *, recipients: Iterable[str], limit: int
) -> tuple[StoredMessageRow, ...]:
    """Incoming messages of that Message-ID for one of the recipients, the newest first."""
    asked = StoredMessage.objects.filter(
        message_id=message_id, direction=Direction.INBOUND, recipients__address__in=set(recipients)
    )
    return rows(asked.distinct().order_by("-received_at", "id")[:limit])


def due_for_deletion(*, at: datetime, limit: int = BATCH) -> tuple[StoredMessageRow, ...]:
    due = StoredMessage.objects.filter(keep_until__lt=at).order_by("keep_until", "id")
    return rows(due[:limit])


def forget_due(*, at: datetime) -> int:
    """Remove a batch of rows whose time is over; how many. Their files go with ``sweep``. What is
    an item of an account goes with it (``mail_retention``)."""
    with transaction.atomic():
        items = MailItem.objects.filter(stored_id=OuterRef("pk"))
        due = StoredMessage.objects.select_for_update(skip_locked=True).filter(
            ~Exists(items), keep_until__lt=at
        )
        numbers = list(due.order_by("keep_until").values_list("pk", flat=True)[:BATCH])
        StoredMessage.objects.filter(pk__in=numbers).delete()
    return len(numbers)


def sweep(*, at: datetime) -> int:
    """Remove files without a row and unfinished ones, both older than an hour; how many."""
    return raw_files.sweep(at, _known)


def _known(sha256s: Iterable[str]) -> set[str]:
    found = StoredMessage.objects.filter(sha256__in=list(sha256s))
    return set(found.values_list("sha256", flat=True))


def rows(asked: QuerySet[StoredMessage]) -> tuple[StoredMessageRow, ...]:
    """For the queries of this package."""
    return tuple(
        StoredMessageRow(
            sha256=row.sha256,
            size=row.size,
            path=row.path,
            direction=row.direction,
            received_at=row.received_at,
            message_id=row.message_id,
            envelope_from=row.envelope_from,
            keep_until=row.keep_until,
            recipients=tuple(each.address for each in row.recipients.all()),
        )
        for row in asked.prefetch_related("recipients")
    )
