"""Certificate files that wait for their passphrase."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction
from django.db.models.functions import Length

from siegel.base.errors import LimitExceeded, NotFound, TooManyAttempts
from siegel.store.listed import list_locked_file
from siegel.store.models import LockedFile, UnlockAttempt
from siegel.store.rows import LockedFileRow
from siegel.store.text import clean

WAITING_AT_MOST = 100  # files of one person; an office hands in dozens at its start
LARGEST = 1024 * 1024  # octets; a .p12 with a long chain takes 20 KB


def add(name: str, data: bytes, *, by: str, at: datetime) -> LockedFileRow:
    """Keep the file as it is. The same file again is the same row."""
    if len(data) > LARGEST:
        raise LimitExceeded(f"a certificate file has at most {LARGEST} octets")
    digest = hashlib.sha256(data).hexdigest()
    mine = LockedFile.objects.filter(uploaded_by=clean(by, 400)).exclude(sha256=digest)
    if mine.count() >= WAITING_AT_MOST:
        raise LimitExceeded("too many files wait for their passphrase already", limit="waiting")
    row, _ = LockedFile.objects.get_or_create(
        sha256=digest,
        defaults={
            "name": clean(name, 500),
            "data": data,
            "uploaded_at": at,
            "uploaded_by": clean(by, 400),
        },
    )
    list_locked_file(row)
    return row_of(row, len(data))


def list_all() -> tuple[LockedFileRow, ...]:
    waiting = LockedFile.objects.annotate(size=Length("data")).defer("data")
    return tuple(row_of(row, row.size) for row in waiting.order_by("uploaded_at", "id"))


def get(id_: int) -> LockedFileRow:
    for row in LockedFile.objects.filter(pk=id_).annotate(size=Length("data")).defer("data"):
        return row_of(row, row.size)
    raise NotFound(f"no locked file {id_}")


def attempt(
    id_: int, *, by: str, at: datetime, since: datetime, on_file: int, of_all: int
) -> bytes:
    """The file's content for one try at its passphrase, which is written down before.

    ``TooManyAttempts`` after ``on_file`` tries of this person on the file since then, or ``of_all``
    on all files: also for those who try at the same moment.
    """
    actor = clean(by, 400)
    with transaction.atomic():
        row = LockedFile.objects.select_for_update().filter(pk=id_).first()
        if row is None:
            raise NotFound(f"no locked file {id_}")
        tried = UnlockAttempt.objects.filter(actor=actor, at__gt=since)
        if tried.filter(locked_file=row).count() >= on_file or tried.count() >= of_all:
            raise TooManyAttempts("too many passphrases were tried; wait a while")
        UnlockAttempt.objects.create(locked_file=row, actor=actor, at=at)
    return bytes(row.data)


def forget_attempts(*, before: datetime) -> int:
    return UnlockAttempt.objects.filter(at__lt=before).delete()[0]


def remove(id_: int) -> LockedFileRow:
    """The file goes for good; what it was called stays with the caller."""
    row = get(id_)
    LockedFile.objects.filter(pk=id_).delete()
    return row


@contextmanager
def take(id_: int) -> Iterator[bytes]:
    """The file's content for the import inside the block.

    The file goes when the block ends well, in the same transaction as what the import stored; an
    exception (a wrong passphrase) leaves it where it was.
    """
    with transaction.atomic():
        row = LockedFile.objects.select_for_update().filter(pk=id_).first()
        if row is None:
            raise NotFound(f"no locked file {id_}")
        yield bytes(row.data)
        row.delete()


def row_of(row: LockedFile, size: int) -> LockedFileRow:
    return LockedFileRow(
        id=row.pk,
        name=row.name,
        sha256=row.sha256,
        size=size,
        uploaded_at=row.uploaded_at,
        uploaded_by=row.uploaded_by,
    )
