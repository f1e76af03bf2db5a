"""Messages that lie in no folder of anybody any more: they stay for some time, then they go.

The time runs at the kept message (``keep_until``): it is set when no folder has it any more, and
taken back when one has it again. A message that two accounts got stays while one of them keeps it.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from siegel.store.models import (
    Conversation,
    FolderChange,
    FolderMessage,
    MailItem,
    StoredMessage,
)

BATCH = 500  # messages of one transaction; keeps the write lock of SQLite short


def keep_found(*, forever: datetime) -> int:
    """What lies in a folder again is kept; how many."""
    places = FolderMessage.objects.filter(item__stored_id=OuterRef("pk"))
    lying = StoredMessage.objects.filter(Exists(places), keep_until__lt=forever)
    return _set(lying, forever)


def begin_to_forget(*, forever: datetime, until: datetime) -> int:
    """The time of what lies nowhere begins; how many."""
    return _set(_nowhere().filter(keep_until=forever), until)


def forget(*, at: datetime) -> int:
    """Items whose time is over, with conversations that are empty then; how many. Their messages
    go as all whose time is over."""
    with transaction.atomic():
        over = _nowhere().filter(keep_until__lt=at).values_list("pk", flat=True)[:BATCH]
        items = MailItem.objects.filter(stored_id__in=list(over))
        talks = set(items.values_list("conversation_id", flat=True))
        count = items.count()
        items.delete()
        left = MailItem.objects.filter(conversation_id=OuterRef("pk"))
        Conversation.objects.filter(pk__in=talks).exclude(Exists(left)).delete()
    return count


def _nowhere() -> QuerySet[StoredMessage]:
    items = MailItem.objects.filter(stored_id=OuterRef("pk"))
    places = FolderMessage.objects.filter(item__stored_id=OuterRef("pk"))
    changes = FolderChange.objects.filter(item__stored_id=OuterRef("pk"))
    return StoredMessage.objects.filter(Exists(items), ~Exists(places), ~Exists(changes))


def _set(asked: QuerySet[StoredMessage], until: datetime) -> int:
    numbers = list(asked.values_list("pk", flat=True)[:BATCH])
    return StoredMessage.objects.filter(pk__in=numbers).update(keep_until=until)
