"""Put messages into folders, move them, mark them: each change keeps lines and figures right.

Every function is one transaction. What a mail server has to learn of it is not decided here.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from siegel.base.address import EmailAddress
from siegel.store.mail_rows import Flags, NewItem, PlaceRow
from siegel.store.models import (
    Conversation,
    FolderChange,
    FolderConversation,
    FolderMessage,
    MailAccount,
    MailItem,
    StoredMessage,
    ThreadKey,
)
from siegel.store.models.mail import PREVIEW, SUBJECT
from siegel.store.queries import mail_folders
from siegel.store.text import clean

MOST_REFERENCES = 40  # Message-IDs of one message by which it is threaded; the last ones count


def item_of(account: EmailAddress, sha256: str) -> int | None:
    """The item of these very octets, if the account has them already."""
    asked = MailItem.objects.filter(account__address=str(account), stored__sha256=sha256)
    return asked.values_list("pk", flat=True).first()


def add_item(account: EmailAddress, new: NewItem, *, at: datetime) -> int:
    """The item, joined to its conversation; an item of these octets stays as it is."""
    with transaction.atomic():
        owner = MailAccount.objects.get(address=str(account))
        stored = StoredMessage.objects.get(sha256=new.sha256)
        known = MailItem.objects.filter(account=owner, stored=stored).first()
        if known is not None:
            return known.pk
        conversation = _conversation(owner, new)
        item = MailItem.objects.create(
            account=owner,
            stored=stored,
            conversation=conversation,
            message_id=clean(new.message_id, 1000),
            sent_at=new.sent_at,
            received_at=new.received_at,
            from_address=clean(new.from_address, 400),
            from_name=clean(new.from_name, 500),
            to_names=clean(new.to_names, 500),
            subject=clean(new.subject, SUBJECT),
            preview=clean(new.preview, PREVIEW),
            sealed=new.sealed,
            attachments=new.attachments,
            size=new.size,
            state=new.state,
            outgoing=new.outgoing,
            filed_at=at,
        )
        return item.pk


def put(folder: int, item: int, *, uid: int | None, flags: Flags) -> int:
    """The item into a folder; the place. The same UID again changes nothing but the flags; a place
    that waits for its UID gets it, and the flags, unless a change of ours waits."""
    with transaction.atomic():
        place = _place(folder, item, uid)
        if place is None:
            owner = MailItem.objects.get(pk=item)
            place = FolderMessage.objects.create(
                folder_id=folder,
                item=owner,
                conversation_id=owner.conversation_id,
                uid=uid,
                seen=flags.seen,
                flagged=flags.flagged,
                answered=flags.answered,
                draft=flags.draft,
            )
            mail_folders.count(folder, total=1, unread=int(not flags.seen))
        elif place.uid is None and uid is not None:
            place.uid = uid
            place.save(update_fields=["uid"])
            if not place.changes.exists():
                set_flags([place.pk], flags)
        else:
            set_flags([place.pk], flags)
        renew_lines(folder, [place.conversation_id])
        return place.pk


def set_flags(places: Iterable[int], flags: Flags) -> None:
    """The same flags for some places."""
    _set(
        places,
        seen=flags.seen,
        flagged=flags.flagged,
        answered=flags.answered,
        draft=flags.draft,
    )


def mark(places: Iterable[int], *, seen: bool | None = None, flagged: bool | None = None) -> None:
    """One flag or both for some places; the others stay as they are."""
    given = {"seen": seen, "flagged": flagged}
    _set(places, **{name: value for name, value in given.items() if value is not None})


def _set(places: Iterable[int], **flags: bool) -> None:
    with transaction.atomic():
        asked = FolderMessage.objects.filter(pk__in=list(places))
        before = list(asked.values_list("folder_id", "conversation_id", "seen"))
        asked.update(**flags)
        for folder in {folder for folder, _, _ in before}:
            if "seen" in flags:
                seen = [was for where, _, was in before if where == folder]
                unread = sum(seen) if not flags["seen"] else -sum(not was for was in seen)
                mail_folders.count(folder, unread=unread)
            renew_lines(folder, {talk for where, talk, _ in before if where == folder})


def take_out(places: Iterable[int]) -> None:
    """Messages leave their folders; items that lie nowhere any more stay until ``forget``."""
    with transaction.atomic():
        asked = FolderMessage.objects.filter(pk__in=list(places))
        before = list(asked.values_list("folder_id", "conversation_id", "seen"))
        asked.delete()
        for folder in {folder for folder, _, _ in before}:
            seen = [was for where, _, was in before if where == folder]
            mail_folders.count(folder, total=-len(seen), unread=-sum(not was for was in seen))
            renew_lines(folder, {talk for where, talk, _ in before if where == folder})


def move(places: Iterable[int], target: int) -> None:
    """To another folder of the same account; their UIDs there are not known yet."""
    with transaction.atomic():
        asked = FolderMessage.objects.filter(pk__in=list(places)).exclude(folder_id=target)
        before = list(asked.values_list("folder_id", "conversation_id", "seen"))
        asked.update(folder_id=target, uid=None)
        for folder in {folder for folder, _, _ in before}:
            seen = [was for where, _, was in before if where == folder]
            mail_folders.count(folder, total=-len(seen), unread=-sum(not was for was in seen))
            renew_lines(folder, {talk for where, talk, _ in before if where == folder})
        seen = [was for _, _, was in before]
        mail_folders.count(target, total=len(seen), unread=sum(not was for was in seen))
        renew_lines(target, {talk for _, talk, _ in before})


def places_of(items: Iterable[int]) -> tuple[PlaceRow, ...]:
    """Where items lie; one query."""
    return rows(FolderMessage.objects.filter(item_id__in=list(items)))


def rows(asked: Iterable[FolderMessage]) -> tuple[PlaceRow, ...]:
    return tuple(
        PlaceRow(
            id=row.pk,
            folder=row.folder_id,
            item=row.item_id,
            conversation=row.conversation_id,
            uid=row.uid,
            flags=Flags(seen=row.seen, flagged=row.flagged, answered=row.answered, draft=row.draft),
        )
        for row in asked
    )


def renew_lines(folder: int, conversations: Iterable[int]) -> None:
    """The lines of a folder's list for some conversations, made anew from what lies there; four
    queries, however many they are."""
    wanted = list(conversations)
    found = FolderMessage.objects.filter(folder_id=folder, conversation_id__in=wanted)
    figures = {row["conversation_id"]: row for row in _figures(found)}
    gone = [talk for talk in wanted if talk not in figures]
    if gone:
        FolderConversation.objects.filter(folder_id=folder, conversation_id__in=gone).delete()
    FolderConversation.objects.bulk_create(
        (
            FolderConversation(
                folder_id=folder, latest_item_id=item, latest_at=received_at, **figures[talk]
            )
            for talk, item, received_at in _latest(found)
        ),
        update_conflicts=True,
        unique_fields=["folder", "conversation"],
        update_fields=[
            "latest_item",
            "latest_at",
            "messages",
            "unread",
            "flagged",
            "attachments",
        ],
    )


def _figures(found: QuerySet[FolderMessage]) -> Iterable[Mapping[str, Any]]:
    return found.values("conversation_id").annotate(
        messages=Count("pk"),
        unread=Count("pk", filter=Q(seen=False)),
        flagged=Count("pk", filter=Q(flagged=True)),
        attachments=Count("pk", filter=Q(item__attachments__gt=0)),
    )


def _latest(found: QuerySet[FolderMessage]) -> Iterable[tuple[int, int, datetime]]:
    """(conversation, its newest item, when that came)."""
    newest = Window(
        RowNumber(),
        partition_by="conversation_id",
        order_by=("-item__received_at", "-item_id"),
    )
    ranked = found.annotate(rank=newest).filter(rank=1)
    return ranked.values_list("conversation_id", "item_id", "item__received_at")


def forget(items: Iterable[int], *, at: datetime) -> None:
    """Items that lie nowhere any more, and of which no server has to learn anything, are given
    free, with conversations that become empty; what was kept of them goes with the next clearing.
    """
    with transaction.atomic():
        wanted = list(items)
        asked = MailItem.objects.filter(pk__in=wanted, places=None)
        waiting = FolderChange.objects.filter(item__in=wanted).values("item")
        gone = asked.exclude(pk__in=waiting)
        found = list(gone.values_list("pk", "conversation_id", "stored_id"))
        MailItem.objects.filter(pk__in=[item for item, _, _ in found]).delete()
        talks = {talk for _, talk, _ in found}
        Conversation.objects.filter(pk__in=talks, items=None).delete()
        stored = StoredMessage.objects.filter(pk__in={stored for _, _, stored in found}, items=None)
        stored.update(keep_until=at)


def _place(folder: int, item: int, uid: int | None) -> FolderMessage | None:
    """The row of this UID, else one of the same message that waits for a UID."""
    asked = FolderMessage.objects.select_for_update().filter(folder_id=folder, item_id=item)
    if uid is None:
        return asked.filter(uid=None).first()
    known = asked.filter(uid=uid).first()
    return known if known is not None else asked.filter(uid=None).first()


def _conversation(owner: MailAccount, new: NewItem) -> Conversation:
    keys = [hashlib.sha256(each.encode()).hexdigest() for each in _references(new.thread)]
    known = ThreadKey.objects.filter(account=owner, key__in=keys).order_by("conversation_id")
    first = known.values_list("conversation_id", flat=True).first()
    if first is None:
        conversation = Conversation.objects.create(account=owner, latest_at=new.received_at)
    else:
        conversation = Conversation.objects.get(pk=first)
        latest = max(conversation.latest_at, new.received_at)
        Conversation.objects.filter(pk=conversation.pk).update(latest_at=latest)
    ThreadKey.objects.bulk_create(
        (ThreadKey(account=owner, key=key, conversation=conversation) for key in keys),
        ignore_conflicts=True,
    )
    return conversation


def _references(thread: Sequence[str]) -> list[str]:
    own, answered = thread[:1], thread[1:]
    return list(dict.fromkeys((*own, *answered[-MOST_REFERENCES:])))
