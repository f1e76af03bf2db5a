"""Folders as a tree for people: by account, named in their language, with what is unread."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from siegel.flows.mail_list import FolderRole
from siegel.store.mail_rows import FolderRow
from siegel.web.templatetags.siegel import plain

_ICONS = {
    FolderRole.INBOX: "inbox",
    FolderRole.SENT: "send",
    FolderRole.DRAFTS: "draft",
}
_ORDER = (
    FolderRole.INBOX,
    FolderRole.DRAFTS,
    FolderRole.SENT,
    FolderRole.ARCHIVE,
    FolderRole.JUNK,
    FolderRole.TRASH,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """``depth``: how many folders are around it, at most 4."""

    id: int
    name: str
    icon: str
    address: str
    unread: int
    depth: int
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """``unread``: of its inbox, what the account shows while it is folded."""

    account: str
    leaves: tuple[Leaf, ...]
    unread: int

    @property
    def current(self) -> bool:
        return any(leaf.current for leaf in self.leaves)


def name_of(folder: FolderRow) -> str:
    words = {
        FolderRole.INBOX: _("Inbox"),
        FolderRole.SENT: _("Sent"),
        FolderRole.DRAFTS: _("Drafts"),
        FolderRole.ARCHIVE: _("Archive"),
        FolderRole.JUNK: _("Spam"),
        FolderRole.TRASH: _("Trash"),
    }
    for role, word in words.items():
        if folder.role == role:
            return word
    return plain(_parts(folder)[-1]) or _("Without a name")


def trees(folders: Iterable[FolderRow], current: int | None = None) -> list[Tree]:
    """One for each account, folders with a role first."""
    accounts: dict[str, list[FolderRow]] = {}
    for folder in folders:
        if folder.selectable:
            accounts.setdefault(str(folder.account), []).append(folder)
    return [
        Tree(
            account=account,
            leaves=tuple(_leaf(each, current) for each in sorted(some, key=_rank)),
            unread=sum(each.unread for each in some if each.role == FolderRole.INBOX),
        )
        for account, some in accounts.items()
    ]


def _leaf(folder: FolderRow, current: int | None) -> Leaf:
    return Leaf(
        id=folder.id,
        name=name_of(folder),
        icon=next((icon for role, icon in _ICONS.items() if folder.role == role), "mail"),
        address=reverse("inbox:folder", args=[folder.id]),
        unread=folder.unread,
        depth=0 if folder.role else min(len(_parts(folder)) - 1, 4),
        current=folder.id == current,
    )


def _rank(folder: FolderRow) -> tuple[int, str]:
    return (_ORDER.index(FolderRole(folder.role)) if folder.role else len(_ORDER), folder.name)


def _parts(folder: FolderRow) -> list[str]:
    return folder.name.split(folder.delimiter) if folder.delimiter else [folder.name]
