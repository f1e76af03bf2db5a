"""What keeping a folder in step with its server needs of the store.

A message is known here by a place with its UID, or as one that cannot be filed. What the server
still has to learn lies in ``FolderChange``; it wins over what the server says of that message.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction

from siegel.store.mail_rows import Flags
from siegel.store.models import Folder, FolderChange, FolderMessage, UnfiledMessage
from siegel.store.models.mail import ChangeKind
from siegel.store.queries import mail_filing
from siegel.store.text import clean

FOR_ROBOT = (
    "for_robot"  # taken aside, not unreadable: known by its UID, and not counted as left out
)
BATCH = 500  # UIDs named in one statement; SQLite takes a bounded number

_GOES_AWAY = (ChangeKind.MOVE, ChangeKind.DELETE)


def known_uids(folder: int) -> set[int]:
    """Of messages that lie here, and of those that cannot be filed."""
    placed = FolderMessage.objects.filter(folder_id=folder, uid__isnull=False)
    unfiled = UnfiledMessage.objects.filter(folder_id=folder)
    uids = (*placed.values_list("uid", flat=True), *unfiled.values_list("uid", flat=True))
    return {uid for uid in uids if uid is not None}


def leaving_uids(folder: int) -> set[int]:
    """Of messages that were moved or deleted here; the server does not know yet."""
    asked = FolderChange.objects.filter(folder_id=folder, kind__in=_GOES_AWAY, uid__isnull=False)
    return {uid for uid in asked.values_list("uid", flat=True) if uid is not None}


def begin_anew(folder: int, uid_validity: int) -> None:
    """The server gave the folder another UIDVALIDITY: no UID means anything any more. What lies
    here waits to be recognised by its octets."""
    with transaction.atomic():
        FolderMessage.objects.filter(folder_id=folder).update(uid=None)
        FolderChange.objects.filter(folder_id=folder).update(uid=None)
        UnfiledMessage.objects.filter(folder_id=folder).delete()
        Folder.objects.filter(pk=folder).update(
            uid_validity=uid_validity, highest_uid=0, highest_modseq=0, synced_at=None
        )


def set_flags(folder: int, flags: Mapping[int, Flags]) -> int:
    """What the server says of messages by UID, except where a change waits; how many differed."""
    changed = 0
    for uids in _batches(flags):
        with transaction.atomic():
            asked = FolderMessage.objects.filter(folder_id=folder, uid__in=uids)
            groups: dict[Flags, list[int]] = defaultdict(list)
            for place in mail_filing.rows(asked.filter(changes=None)):
                if place.uid is not None and flags[place.uid] != place.flags:
                    groups[flags[place.uid]].append(place.id)
            for wanted, places in groups.items():
                mail_filing.set_flags(places, wanted)
                changed += len(places)
    return changed


def vanish(folder: int, uids: Iterable[int]) -> None:
    """Messages that the server has no more leave the folder."""
    for some in _batches(uids):
        with transaction.atomic():
            asked = FolderMessage.objects.filter(folder_id=folder, uid__in=some)
            mail_filing.take_out(asked.values_list("pk", flat=True))
            UnfiledMessage.objects.filter(folder_id=folder, uid__in=some).delete()


def take_out_unknown(folder: int, *, filed_before: datetime) -> None:
    """Places without a UID for which no change waits: the whole folder has been read, and the
    server has no such message. Only items filed before that moment: the change of a newer one
    may still be written down."""
    asked = FolderMessage.objects.filter(
        folder_id=folder, uid=None, changes=None, item__filed_at__lt=filed_before
    )
    mail_filing.take_out(asked.values_list("pk", flat=True))


def note_unfiled(folder: int, uid: int, reason: str, *, size: int, at: datetime) -> None:
    """A message that cannot be filed; it is not asked for again."""
    UnfiledMessage.objects.get_or_create(
        folder_id=folder,
        uid=uid,
        defaults={"reason": clean(reason, 64), "size": size, "noted_at": at},
    )


def drop_folder(folder: int) -> bool:
    """The server has it no more. It stays while a change brings a message into it."""
    with transaction.atomic():
        brings = FolderChange.objects.filter(folder_id=folder, kind=ChangeKind.APPEND)
        if brings.exists() or FolderChange.objects.filter(target_id=folder).exists():
            return False
        places = FolderMessage.objects.filter(folder_id=folder)
        mail_filing.take_out(places.values_list("pk", flat=True))
        Folder.objects.filter(pk=folder).delete()
        return True


def note_modseq(folder: int, highest_modseq: int) -> None:
    Folder.objects.filter(pk=folder).update(highest_modseq=highest_modseq)


def set_selectable(folder: int, selectable: bool) -> None:
    Folder.objects.filter(pk=folder).exclude(selectable=selectable).update(selectable=selectable)


def _batches(uids: Iterable[int]) -> Iterable[list[int]]:
    listed = list(uids)
    return (listed[start : start + BATCH] for start in range(0, len(listed), BATCH))
