"""Which messages are meant by conversations that a person has chosen in a list."""

from collections import defaultdict
from collections.abc import Iterable

from siegel.store.models import FolderMessage
from siegel.store.models.mail import FolderRole

_LEFT_ALONE = (FolderRole.SENT, FolderRole.DRAFTS, FolderRole.TRASH, FolderRole.JUNK)


def in_folder(folder: int, conversations: Iterable[int]) -> list[int]:
    """Items of the conversations that lie in the folder."""
    asked = FolderMessage.objects.filter(folder_id=folder, conversation_id__in=list(conversations))
    return list(dict.fromkeys(asked.order_by("item").values_list("item_id", flat=True)))


def anywhere(conversations: Iterable[int]) -> dict[int, list[int]]:
    """Items by folder, wherever they came in or were put by somebody; what was sent, written or
    thrown away is not meant."""
    asked = FolderMessage.objects.filter(conversation_id__in=list(conversations))
    meant = asked.exclude(folder__role__in=_LEFT_ALONE).order_by("folder", "item")
    found: dict[int, list[int]] = defaultdict(list)
    for folder, item in meant.values_list("folder_id", "item_id"):
        found[folder].append(item)
    return found
