"""Files that are there whole or not at all, also after kill -9 or a power cut."""

import os
import secrets
from pathlib import Path

from siegel.base.buffers import Buffer

TEMPORARY = ".part-"  # prefix of files that were not finished; swept when they are old


def write(path: Path, content: Buffer, *, mode: int = 0o600, replace: bool = True) -> None:
    """Write ``path`` in one step. ``replace=False`` raises ``FileExistsError`` for an existing one.

    Written beside it, flushed to disk, renamed, and the folder flushed, in this order; without
    ``replace`` a hard link takes the place of the rename, because that never overwrites.
    """
    part = path.with_name(f"{TEMPORARY}{secrets.token_hex(8)}")
    try:
        _write_through(part, content, mode)
        if replace:
            part.replace(path)
        else:
            os.link(part, path)
    finally:
        part.unlink(missing_ok=True)
    flush_folder(path.parent)


def make_folder(path: Path, *, mode: int = 0o700) -> None:
    """``path`` and what is missing above it, flushed to disk."""
    if path.is_dir():
        return
    make_folder(path.parent, mode=mode)
    path.mkdir(mode=mode, exist_ok=True)
    flush_folder(path.parent)


def flush_folder(path: Path) -> None:
    folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _write_through(path: Path, content: Buffer, mode: int) -> None:
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
    try:
        left = memoryview(content).cast("B")
        while left:
            left = left[os.write(file, left) :]
        os.fsync(file)
    finally:
        os.close(file)
