"""Drafts: sealed texts and files of one person, each change counted."""

from datetime import datetime

from django.db import transaction
from django.db.models import F, Q, QuerySet, Sum

from siegel.base.address import EmailAddress
from siegel.base.errors import Conflict, NotFound
from siegel.store.models import Draft, DraftAttachment, MailAccount, User
from siegel.store.models.writing import DraftKind, OutboxState
from siegel.store.writing_rows import DraftFileRow, DraftRow

__all__ = [
    "DraftKind",
    "add",
    "add_file",
    "became",
    "file_octets",
    "forget_sent",
    "get",
    "note_place",
    "of_user",
    "remove",
    "remove_file",
    "save",
]


def add(
    account: EmailAddress, user: EmailAddress, kind: DraftKind, item: int | None, *, at: datetime
) -> int:
    """An empty draft; ``save`` puts something in."""
    row = Draft.objects.create(
        account=_account(account),
        user=User.objects.get(email=str(user)),
        kind=kind,
        item_id=item,
        sealed=b"",
        version=0,
        created_at=at,
        updated_at=at,
    )
    return row.pk


def get(id_: int, user: EmailAddress) -> DraftRow:
    """Raises ``NotFound`` for what is not there or somebody else's."""
    found = _rows(Draft.objects.filter(pk=id_, user__email=str(user)))
    if not found:
        raise NotFound(f"no draft {id_}")
    return found[0]


def of_user(
    user: EmailAddress, *, limit: int, before: tuple[datetime, int] | None = None
) -> tuple[DraftRow, ...]:
    """The latest first; what is on its way out is none any more. Two queries."""
    asked = Draft.objects.filter(_still_a_draft(), user__email=str(user))
    if before is not None:
        moment, id_ = before
        asked = asked.filter(Q(updated_at__lt=moment) | Q(updated_at=moment, pk__lt=id_))
    return _rows(asked.order_by("-updated_at", "-id")[:limit])


def save(id_: int, version: int, account: EmailAddress, sealed: bytes, *, at: datetime) -> int:
    """The new version; ``Conflict`` when it was saved elsewhere since ``version``."""
    changed = Draft.objects.filter(pk=id_, version=version).update(
        account=_account(account), sealed=sealed, version=F("version") + 1, updated_at=at
    )
    if not changed:
        raise Conflict(f"draft {id_} was changed elsewhere")
    return version + 1


def remove(id_: int) -> None:
    Draft.objects.filter(pk=id_).delete()


def became(id_: int, outbox: int | None) -> None:
    """The draft was handed over and is a draft again when that is taken back."""
    Draft.objects.filter(pk=id_).update(outbox_id=outbox)


def forget_sent() -> int:
    """Drafts of what has left; how many."""
    _, removed = Draft.objects.filter(outbox__state=OutboxState.SENT).delete()
    return removed.get("store.Draft", 0)


def note_place(id_: int, message_id: str) -> None:
    """Where the copy on the mail server is found again."""
    Draft.objects.filter(pk=id_).update(place_message_id=message_id)


def add_file(id_: int, label: bytes, sealed: bytes, size: int, *, most: int) -> int | None:
    """None when the files of the draft would be more than ``most`` octets together."""
    with transaction.atomic():
        Draft.objects.select_for_update().get(pk=id_)
        asked = DraftAttachment.objects.filter(draft_id=id_)
        together = asked.aggregate(octets=Sum("size"))["octets"] or 0
        if together + size > most:
            return None
        row = DraftAttachment.objects.create(draft_id=id_, label=label, sealed=sealed, size=size)
    return row.pk


def remove_file(draft: int, file: int) -> None:
    DraftAttachment.objects.filter(draft_id=draft, pk=file).delete()


def file_octets(draft: int, file: int) -> bytes:
    """Sealed, as they lie there."""
    asked = DraftAttachment.objects.filter(draft_id=draft, pk=file)
    found = asked.values_list("sealed", flat=True).first()
    if found is None:
        raise NotFound(f"no file {file} in draft {draft}")
    return bytes(found)


def _still_a_draft() -> Q:
    return Q(outbox=None) | Q(outbox__state=OutboxState.WITHDRAWN)


def _account(address: EmailAddress) -> MailAccount:
    found = MailAccount.objects.filter(address=str(address)).first()
    if found is None:
        raise NotFound(f"no account {address}")
    return found


def _rows(asked: QuerySet[Draft]) -> tuple[DraftRow, ...]:
    found = list(asked.select_related("account", "user").annotate(became=F("outbox__state")))
    files: dict[int, list[DraftFileRow]] = {row.pk: [] for row in found}
    attached = DraftAttachment.objects.filter(draft_id__in=list(files)).order_by("id")
    for id_, draft, label, size in attached.values_list("id", "draft_id", "label", "size"):
        files[draft].append(DraftFileRow(id=id_, draft=draft, label=bytes(label), size=size))
    return tuple(
        DraftRow(
            id=row.pk,
            account=EmailAddress.parse(row.account.address),
            user=EmailAddress.parse(row.user.email),
            kind=row.kind,
            item=row.item_id,
            sealed=bytes(row.sealed),
            version=row.version,
            place_message_id=row.place_message_id,
            outbox=row.outbox_id,
            handed_over=row.became not in (None, OutboxState.WITHDRAWN),
            created_at=row.created_at,
            updated_at=row.updated_at,
            files=tuple(files[row.pk]),
        )
        for row in found
    )
