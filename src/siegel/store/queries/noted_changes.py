"""Write down what a mail server has to learn of a change made here (``models.mail.FolderChange``).

Only for accounts whose mail lies on such a server; of all others nobody has to be told.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from siegel.store.mail_rows import PlaceRow
from siegel.store.models import Folder, FolderChange
from siegel.store.models.mail import ChangeKind
from siegel.store.models.mailbox import MailboxKind

__all__ = ["ChangeKind", "Noted", "note"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """``place``: as it was before the change. ``target``: the folder of a MOVE."""

    kind: ChangeKind
    place: PlaceRow
    target: int | None = None


def note(changes: Iterable[Noted], *, at: datetime) -> int:
    """In their order; how many were written down. Two queries. A place that is gone by now is
    named by folder and UID alone."""
    wanted = list(changes)
    accounts = _on_servers({each.place.folder for each in wanted})
    made = FolderChange.objects.bulk_create(
        FolderChange(
            account_id=accounts[each.place.folder],
            kind=each.kind,
            folder_id=each.place.folder,
            uid=each.place.uid,
            target_id=each.target,
            place_id=each.place.id if each.kind != ChangeKind.DELETE else None,
            item_id=each.place.item,
            made_at=at,
        )
        for each in wanted
        if each.place.folder in accounts
    )
    return len(made)


def _on_servers(folders: set[int]) -> dict[int, int]:
    """The account of each folder that lies on a mail server."""
    asked = Folder.objects.filter(pk__in=folders, account__mailbox__kind=MailboxKind.IMAP)
    return dict(asked.values_list("pk", "account_id"))
