"""Write what was made: to a file whole or not at all, or to standard output chunk by chunk."""

import errno
import os
import secrets
import stat
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from siegel.base.buffers import Buffer
from siegel.cli.exits import CliError, Exit
from siegel.cli.progress import SILENT, Progress


def write_output(name: str, chunks: Sequence[Buffer], progress: Progress = SILENT) -> None:
    """Write to the file ``name``, or to standard output for ``-``.

    Whatever stops it leaves the file as it was before, and no other beside it – except SIGTERM and
    SIGKILL, which leave a hidden ``.part`` file.
    """
    size = sum(map(len, chunks))
    if name == "-" or _is_standard_output(Path(name)):
        _write(_standard_output(), progress.over("writing standard output", chunks, size))
        return
    try:
        with _replacing(Path(name)) as file:
            _write(file, progress.over(f"writing {name}", chunks, size))
    except OSError as error:
        raise CliError(f"cannot write {name}: {error.strerror}", Exit.UNAVAILABLE) from error


def _standard_output() -> BinaryIO:
    if sys.stdout is None:  # as Python says that it was closed
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))
    return sys.stdout.buffer


def _is_standard_output(name: Path) -> bool:
    """/dev/stdout and its like: replaced, a file would lose what was written to it before."""
    try:
        return os.path.samestat(name.stat(), os.fstat(sys.stdout.fileno()))
    except (OSError, AttributeError):  # no such file yet; no such stream
        return False


def _write(stream: BinaryIO, chunks: Iterable[Buffer]) -> None:
    for chunk in chunks:
        stream.write(chunk)
    stream.flush()


@contextmanager
def _replacing(name: Path) -> Iterator[BinaryIO]:
    """A new file that takes the place of ``name`` at the end, with the mode of the old one.

    A device or a pipe is written to as it is; of a symbolic link the file behind it is replaced.
    """
    mode = _mode(name)
    if mode is not None and not stat.S_ISREG(mode):
        with name.open("wb") as device:  # by its name: the links of /dev/fd lead to no path
            yield device
        return
    target = name.resolve()
    partial = target.with_name(f".{target.name[:100]}.{secrets.token_hex(4)}.part")
    try:
        with partial.open("xb") as file:
            if mode is not None:
                os.fchmod(file.fileno(), stat.S_IMODE(mode))
            yield file
            file.flush()
            os.fsync(file.fileno())
        partial.replace(target)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


def _mode(name: Path) -> int | None:
    try:
        return name.stat().st_mode
    except FileNotFoundError:
        return None
