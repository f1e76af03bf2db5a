"""The files of kept messages: ``messages/ab/<sha256>`` below the data folder, mode 0600.

Who writes holds a lock in common with other writers and with a running backup; who sweeps holds it
alone. Every write renews the file's time, and the sweep leaves everything younger than an hour, so
that a file whose row is not committed yet is safe.
"""

import fcntl
import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from siegel.base.buffers import Buffer
from siegel.base.errors import NotFound
from siegel.store import atomic

FOLDER = "messages"
GRACE = timedelta(hours=1)  # longest time between writing a file and committing its row
_LOCK = ".lock"


def put(sha256: str, content: Buffer) -> str:
    """Write the file unless it is there; its path relative to the data folder."""
    path = f"{FOLDER}/{sha256[:2]}/{sha256}"
    file = _data_dir() / path
    atomic.make_folder(file.parent)
    with held():
        if file.exists() and file.stat().st_size == memoryview(content).nbytes:
            os.utime(file)
        else:
            atomic.write(file, content)
    return path


def read(path: str, sha256: str) -> bytes:
    try:
        content = (_data_dir() / path).read_bytes()
    except OSError as error:
        raise NotFound(f"the file of message {sha256} is missing", path=path) from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise NotFound(f"the file of message {sha256} is damaged", path=path)
    return content


def sweep(at: datetime, known: Callable[[Iterable[str]], set[str]]) -> int:
    """Remove old files that ``known`` does not know. Does nothing while somebody else works."""
    folder = _data_dir() / FOLDER
    if not folder.is_dir():
        return 0
    return sum(_sweep_folder(each, at, known) for each in sorted(folder.iterdir()) if each.is_dir())


@contextmanager
def held(*, alone: bool = False) -> Iterator[None]:
    """The lock of the files; ``BlockingIOError`` if it is wanted alone and is in use."""
    folder = _data_dir() / FOLDER
    atomic.make_folder(folder)
    lock = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB if alone else fcntl.LOCK_SH)
        yield
    finally:
        os.close(lock)


def _sweep_folder(folder: Path, at: datetime, known: Callable[[Iterable[str]], set[str]]) -> int:
    try:
        with held(alone=True):
            old = {file.name: file for file in folder.iterdir() if _is_old(file, at)}
            unknown = old.keys() - known(old.keys())
            for name in unknown:
                old[name].unlink()
            return len(unknown)
    except BlockingIOError:
        return 0


def _is_old(file: Path, at: datetime) -> bool:
    return file.stat().st_mtime < (at - GRACE).timestamp()


def _data_dir() -> Path:
    return settings.SIEGEL_DATA_DIR
