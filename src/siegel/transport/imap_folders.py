"""The folders of a mail server: which of them are read, and what each is for.

SPECIAL-USE (RFC 6154) counts first; where a server does not say, names that mail programs give in
German and English. Folders that only show messages of other folders again are not read.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

MOST = 1000  # folders of one account; each costs a look at the server in every round
LONGEST_NAME = 500  # characters of a folder's whole path

_INBOX = "inbox"
_USES = {
    b"\\sent": "sent",
    b"\\drafts": "drafts",
    b"\\archive": "archive",
    b"\\junk": "junk",
    b"\\trash": "trash",
}
_VIEWS = frozenset({b"\\all", b"\\flagged", b"\\important"})
_CLOSED = frozenset({b"\\noselect", b"\\nonexistent"})
_NAMES = {
    "sent": "sent",
    "sent items": "sent",
    "sent messages": "sent",
    "sent mail": "sent",
    "gesendet": "sent",
    "gesendete elemente": "sent",
    "gesendete objekte": "sent",
    "gesendete nachrichten": "sent",
    "drafts": "drafts",
    "draft": "drafts",
    "entwürfe": "drafts",
    "archive": "archive",
    "archives": "archive",
    "archiv": "archive",
    "archiviert": "archive",
    "junk": "junk",
    "spam": "junk",
    "junk-e-mail": "junk",
    "junk e-mail": "junk",
    "spamverdacht": "junk",
    "trash": "trash",
    "deleted items": "trash",
    "deleted messages": "trash",
    "papierkorb": "trash",
    "gelöschte elemente": "trash",
    "gelöschte objekte": "trash",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerFolder:
    """``role``: as in RFC 6154, "" for any other folder. ``selectable``: it may hold messages that
    lie nowhere else."""

    name: str
    delimiter: str
    role: str
    selectable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerFolders:
    """``passed_over``: folders with names that cannot be kept, or beyond ``MOST``."""

    folders: tuple[ServerFolder, ...]
    passed_over: int


Listed = tuple[Sequence[bytes], bytes | None, str]
"""Flags, delimiter and name, as the library gives them."""


def folders_of(listed: Iterable[Listed]) -> ServerFolders:
    """One folder for each role, the INBOX first; no name twice."""
    listed = list(listed)
    found: dict[str, ServerFolder] = {}
    for flags, delimiter, name in sorted(listed, key=lambda one: (not _is_inbox(one[2]), one[2])):
        if len(found) < MOST and _is_sound(name):
            found.setdefault(name, _folder({flag.lower() for flag in flags}, delimiter, name))
    return ServerFolders(
        folders=_with_roles_by_name(list(found.values())), passed_over=len(listed) - len(found)
    )


def _folder(flags: set[bytes], delimiter: bytes | None, name: str) -> ServerFolder:
    uses = [_USES[flag] for flag in sorted(flags) if flag in _USES]
    return ServerFolder(
        name=name,
        delimiter=(delimiter or b"").decode("ascii", "replace"),
        role=_INBOX if _is_inbox(name) else next(iter(uses), ""),
        selectable=not flags & (_VIEWS | _CLOSED),
    )


def _with_roles_by_name(folders: list[ServerFolder]) -> tuple[ServerFolder, ...]:
    """The shallowest folder of a fitting name, for each role that no folder was marked with."""
    taken: dict[str, str] = {}
    for folder in folders:
        if folder.role and folder.selectable:
            taken.setdefault(folder.role, folder.name)
    for folder in sorted(folders, key=lambda one: (len(_path(one)), one.name)):
        role = _NAMES.get(_path(folder)[-1].casefold(), "")
        if role and not folder.role and folder.selectable:
            taken.setdefault(role, folder.name)
    roles = {name: role for role, name in taken.items()}
    return tuple(replace(folder, role=roles.get(folder.name, "")) for folder in folders)


def _path(folder: ServerFolder) -> list[str]:
    return folder.name.split(folder.delimiter) if folder.delimiter else [folder.name]


def _is_inbox(name: str) -> bool:
    return name.casefold() == _INBOX  # RFC 9051 §5.1


def _is_sound(name: str) -> bool:
    return 0 < len(name) <= LONGEST_NAME and name.isprintable()
