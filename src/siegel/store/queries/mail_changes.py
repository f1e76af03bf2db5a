"""Changes made here that wait for the server of an account, in the order they were made."""

from django.db import transaction
from django.db.models import F, QuerySet

from siegel.base.address import EmailAddress
from siegel.store.mail_rows import Flags
from siegel.store.models import FolderChange, FolderMessage
from siegel.store.models.mail import ChangeKind
from siegel.store.queries import mail_filing
from siegel.store.sync_rows import ChangeRow

__all__ = ["ChangeKind", "arrived", "done", "get", "give_up", "of_account", "tried"]


def of_account(account: EmailAddress, *, limit: int = 500) -> tuple[ChangeRow, ...]:
    """The oldest first; one query. A change of a message that has no UID yet takes the one that
    its place got in the meantime."""
    asked = FolderChange.objects.filter(account__address=str(account))
    return _rows(asked.order_by("id")[:limit])


def get(change: int) -> ChangeRow | None:
    """As it is now; None if it was done or given up."""
    return next(iter(_rows(FolderChange.objects.filter(pk=change))), None)


def tried(change: int) -> None:
    """Before the server is asked: from now on it may have been done without our knowing."""
    FolderChange.objects.filter(pk=change).update(attempts=F("attempts") + 1)


def done(change: int) -> None:
    FolderChange.objects.filter(pk=change).delete()


def arrived(change: ChangeRow, uid: int | None) -> None:
    """The server has moved or appended the message. Its place here learns the UID, and so do later
    changes that were made before anybody knew it."""
    folder = change.target if change.kind == ChangeKind.MOVE else change.folder
    with transaction.atomic():
        FolderChange.objects.filter(pk=change.id).delete()
        if uid is None or folder is None:
            return
        later = FolderChange.objects.filter(folder_id=folder, item_id=change.item, uid=None)
        later.filter(id__gt=change.id).update(uid=uid)
        if FolderMessage.objects.filter(folder_id=folder, uid=uid).exists():
            return
        if change.place is not None:
            waits = FolderMessage.objects.filter(pk=change.place, folder_id=folder, uid=None)
            waits.update(uid=uid)


def give_up(change: ChangeRow) -> None:
    """The server does not take it: what it says counts again. A message that it kept where it was
    is read anew from there, so the place that shows the change goes."""
    with transaction.atomic():
        FolderChange.objects.filter(pk=change.id).delete()
        if change.kind == ChangeKind.MOVE and None not in (change.place, change.target):
            moved = FolderMessage.objects.filter(pk=change.place, folder_id=change.target, uid=None)
            if not FolderChange.objects.filter(place_id=change.place).exists():
                mail_filing.take_out(moved.values_list("pk", flat=True))


def _rows(asked: QuerySet[FolderChange]) -> tuple[ChangeRow, ...]:
    related = asked.select_related("folder", "target", "place", "item__stored")
    return tuple(_row(change) for change in related)


def _row(change: FolderChange) -> ChangeRow:
    place = change.place
    known = place.uid if place is not None and place.folder_id == change.folder_id else None
    return ChangeRow(
        id=change.pk,
        kind=change.kind,
        folder=change.folder_id,
        folder_name=change.folder.name,
        uid_validity=change.folder.uid_validity,
        uid=change.uid if change.uid is not None else known,
        target=change.target_id,
        target_name=change.target.name if change.target is not None else "",
        place=change.place_id,
        item=change.item_id,
        sha256=change.item.stored.sha256,
        message_id=change.item.message_id,
        received_at=change.item.received_at,
        flags=Flags()
        if place is None
        else Flags(
            seen=place.seen, flagged=place.flagged, answered=place.answered, draft=place.draft
        ),
        attempts=change.attempts,
    )
