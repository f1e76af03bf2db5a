"""Folders of accounts, and the figures their lists begin with."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import F, QuerySet

from siegel.base.address import EmailAddress
from siegel.base.errors import NotFound
from siegel.store.mail_rows import FolderRow
from siegel.store.models import Folder, MailAccount
from siegel.store.models.mail import FOLDER_NAME, FolderRole
from siegel.store.text import clean

__all__ = [
    "FolderRole",
    "ensure",
    "ensure_own",
    "get",
    "of_account",
    "of_accounts",
    "roles",
    "with_role",
]

_OWN = {
    "INBOX": FolderRole.INBOX,
    "Sent": FolderRole.SENT,
    "Drafts": FolderRole.DRAFTS,
    "Archive": FolderRole.ARCHIVE,
    "Junk": FolderRole.JUNK,
    "Trash": FolderRole.TRASH,
}


def ensure(
    account: EmailAddress, name: str, *, role: FolderRole = FolderRole.OTHER, delimiter: str = ""
) -> FolderRow:
    """The folder of that name, made if it is not there; its role is brought up to date."""
    owner = MailAccount.objects.get(address=str(account))
    row, made = Folder.objects.get_or_create(
        account=owner,
        name=clean(name, FOLDER_NAME),
        defaults={"role": role, "delimiter": delimiter[:4]},
    )
    if not made and (row.role, row.delimiter) != (role, delimiter[:4]):
        row.role, row.delimiter = role, delimiter[:4]
        row.save(update_fields=["role", "delimiter"])
    return get(row.pk)


def ensure_own(account: EmailAddress) -> None:
    """The folders of a mailbox that lies here: one for each role that has none yet."""
    for name, role in _OWN.items():
        if with_role(account, role) is None:
            ensure(account, name, role=role, delimiter="/")


def get(id_: int) -> FolderRow:
    found = rows(Folder.objects.filter(pk=id_))
    if not found:
        raise NotFound(f"no folder {id_}")
    return found[0]


def of_account(account: EmailAddress) -> tuple[FolderRow, ...]:
    return of_accounts([account])


def of_accounts(accounts: Iterable[EmailAddress]) -> tuple[FolderRow, ...]:
    """One query; in the order of accounts and names."""
    asked = Folder.objects.filter(account__address__in=[str(each) for each in accounts])
    return rows(asked.order_by("account__address", "name"))


def roles(ids: Iterable[int]) -> dict[int, str]:
    """What each of these folders is for; one query."""
    return dict(Folder.objects.filter(pk__in=set(ids)).values_list("pk", "role"))


def with_role(account: EmailAddress, role: FolderRole) -> FolderRow | None:
    found = rows(Folder.objects.filter(account__address=str(account), role=role).order_by("id"))
    return found[0] if found else None


def note_read(
    id_: int, *, uid_validity: int, highest_uid: int, highest_modseq: int, at: datetime
) -> None:
    """How far the server's folder has been read; never backwards within one UIDVALIDITY."""
    Folder.objects.filter(pk=id_).update(
        uid_validity=uid_validity,
        highest_uid=highest_uid,
        highest_modseq=highest_modseq,
        synced_at=at,
    )


def count(id_: int, *, total: int = 0, unread: int = 0) -> None:
    """Add to the figures of a folder."""
    if total or unread:
        Folder.objects.filter(pk=id_).update(total=F("total") + total, unread=F("unread") + unread)


def rows(asked: QuerySet[Folder]) -> tuple[FolderRow, ...]:
    return tuple(
        FolderRow(
            id=row.pk,
            account=EmailAddress.parse(row.account.address),
            name=row.name,
            delimiter=row.delimiter,
            role=row.role,
            selectable=row.selectable,
            uid_validity=row.uid_validity,
            highest_uid=row.highest_uid,
            highest_modseq=row.highest_modseq,
            total=row.total,
            unread=row.unread,
            synced_at=row.synced_at,
        )
        for row in asked.select_related("account")
    )
