"""Backup and restore of the store: a consistent copy of the database and the kept messages.

On SQLite the copy is made by SQLite itself while Siegel runs. On PostgreSQL the database is
``pg_dump``'s task (the instructions in the copy say how); the messages are copied here all the
same. The key file is never part of a backup: keep its copy elsewhere.
"""

import hashlib
import os
import shutil
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection

from siegel.base.errors import ConfigurationError, Conflict
from siegel.store import atomic, raw_files

DATABASE = "siegel.db"
INSTRUCTIONS = "RESTORE.txt"

_TEXT = """\
This folder is a backup of Siegel's store.

1. Install Siegel and write its configuration file (siegel config describe).
2. Bring back the key file from its own copy; it is not in this folder. Without it the private
   keys in this backup cannot be opened by anybody.
3. SQLite: siegel store restore FOLDER (into an empty data folder).
   PostgreSQL: the database is not in this folder. Save it before every backup with
       pg_dump --format=custom --file=siegel.pgdump NAME
   and bring it back into an empty database with
       pg_restore --no-owner --dbname=NAME siegel.pgdump
   then: siegel store restore FOLDER (the messages).
4. siegel config check, then siegel serve.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """What was copied. ``database`` is False on PostgreSQL: pg_dump does that."""

    database: bool
    messages: int


def backup(target: Path) -> Copied:
    """Copy into ``target``, which must be empty or absent. The gateway may go on working."""
    _require_empty(target)
    atomic.make_folder(target)
    with raw_files.held():
        copied = connection.vendor == "sqlite"
        if copied:
            _copy_database(target / DATABASE)
        messages = _copy_messages(settings.SIEGEL_DATA_DIR, target)
    atomic.write(target / INSTRUCTIONS, _TEXT.encode())
    os.sync()
    return Copied(database=copied, messages=messages)


def restore(source: Path, *, data_dir: Path, database: Path | None) -> Copied:
    """Bring a backup back into an empty data folder; ``database`` None on PostgreSQL.

    Needs no configured store: it runs before there is one. Every message is checked by its hash.
    """
    if not (source / INSTRUCTIONS).is_file():
        raise ConfigurationError(f"{source} is not a backup of Siegel")
    _require_empty(data_dir / raw_files.FOLDER)
    if database is not None:
        _restore_database(source / DATABASE, database)
    copied = Copied(database=database is not None, messages=_copy_messages(source, data_dir))
    os.sync()
    return copied


def _copy_database(file: Path) -> None:
    connection.ensure_connection()
    copy = sqlite3.connect(file)
    try:
        connection.connection.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, without a -wal beside it
    finally:
        copy.close()
    file.chmod(0o600)


def _restore_database(copy: Path, file: Path) -> None:
    if file.exists():
        raise Conflict(f"there is a database {file} already")
    database = sqlite3.connect(f"file:{copy}?mode=ro", uri=True)
    try:
        answer = database.execute("PRAGMA integrity_check").fetchone()[0]
    except sqlite3.DatabaseError as error:
        answer = str(error)
    finally:
        database.close()
    if answer != "ok":
        raise ConfigurationError(f"the database in the backup is damaged: {answer}")
    atomic.make_folder(file.parent)
    atomic.write(file, copy.read_bytes(), replace=False)


def _copy_messages(source: Path, target: Path) -> int:
    count = 0
    for file in sorted((source / raw_files.FOLDER).glob("??/*")):
        if file.name.startswith(atomic.TEMPORARY):
            continue
        copy = target / raw_files.FOLDER / file.parent.name / file.name
        atomic.make_folder(copy.parent)
        shutil.copyfile(file, copy)
        copy.chmod(0o600)
        _verify(copy)
        count += 1
    return count


def _verify(file: Path) -> None:
    with file.open("rb") as content:
        if hashlib.file_digest(content, "sha256").hexdigest() != file.name:
            raise ConfigurationError(
                f"the message {file.name} is damaged; the copy is not complete"
            )


def _require_empty(folder: Path) -> None:
    if folder.exists() and any(folder.iterdir()):
        raise Conflict(f"{folder} is not empty")
