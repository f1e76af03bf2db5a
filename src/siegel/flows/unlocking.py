"""Files that wait for their passphrase: open one with it, or remove it.

A wrong passphrase leaves the file where it is. Passphrases are neither stored nor journaled; how
often a person tries is limited, because a file here can be tried by everybody who may see it.
"""

from datetime import datetime, timedelta

from siegel.base.errors import NotFound, WrongPassphrase
from siegel.base.secret import Secret
from siegel.flows.importing import Imported, import_keys, read_keys
from siegel.policy.actions import Action
from siegel.store.queries import journal, locked
from siegel.store.rows import LockedFileRow
from siegel.store.transaction import together
from siegel.store.vault import Vault

ATTEMPTS = 5  # of one person on one file within ATTEMPTS_WITHIN; people mistype two or three times
ATTEMPTS_ON_ALL = 30  # of one person on all files in that time
ATTEMPTS_WITHIN = timedelta(minutes=15)


def one(number: int, *, by: str, anyones: bool) -> LockedFileRow:
    """A file that this person may see: their own, or ``anyones`` for who looks after all.

    Raises ``NotFound`` for those of others, too: nobody learns that they are there.
    """
    row = locked.get(number)
    if not anyones and row.uploaded_by != by:
        raise NotFound(f"no locked file {number}")
    return row


def unlock(number: int, passphrase: Secret, vault: Vault, *, by: str, at: datetime) -> Imported:
    """Import what waits under this number; with that the file is gone.

    Raises ``WrongPassphrase``, ``TooManyAttempts``, ``NotFound`` and what ``import_file`` raises.
    The work on the passphrase is done outside of any transaction: mail does not wait for it.
    """
    data = locked.attempt(
        number,
        by=by,
        at=at,
        since=at - ATTEMPTS_WITHIN,
        on_file=ATTEMPTS,
        of_all=ATTEMPTS_ON_ALL,
    )
    row = locked.get(number)
    try:
        opened = read_keys(data, passphrase)
    except WrongPassphrase:
        _note(Action.LOCKED_FILE_WRONG_PASSPHRASE, row.name, by, at)
        raise
    with locked.take(number):
        imported = import_keys(opened, vault, by=by, at=at)
        _note(Action.LOCKED_FILE_UNLOCKED, row.name, by, at)
    return imported


def remove(number: int, *, by: str, at: datetime) -> str:
    """Throw a locked file away; its name."""
    with together():
        row = locked.remove(number)
        _note(Action.LOCKED_FILE_REMOVED, row.name, by, at, sha256=row.sha256)
    return row.name


def named(name: str) -> int:
    """The number of the waiting file that a person calls ``name`` (or by its number)."""
    found = [row for row in locked.list_all() if name in (row.name, str(row.id))]
    if len(found) != 1:
        raise NotFound(f"{len(found)} locked files are called {name!r}; give the number")
    return found[0].id


def _note(action: Action, name: str, by: str, at: datetime, **detail: str) -> None:
    journal.write(at=at, actor=by, action=action, about=name, detail=detail)
