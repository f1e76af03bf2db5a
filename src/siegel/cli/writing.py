"""Write what was made: to a file whole or not at all, or to standard output chunk by chunk."""

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

    Whatever stops it – also Ctrl-C – leaves the file as it was before, and no other beside it.
    """
    size = sum(map(len, chunks))
    if name == "-":
        _write(sys.stdout.buffer, progress.over("writing standard output", chunks, size))
        return
    try:
        with _replacing(Path(name)) as file:
            _write(file, progress.over(f"writing {name}", chunks, size))
    except OSError as error:
        raise CliError(f"cannot write {name}: {error.strerror}", Exit.UNAVAILABLE) from error


def _write(stream: BinaryIO, chunks: Iterable[Buffer]) -> None:
    for chunk in chunks:
        stream.write(chunk)
    stream.flush()


@contextmanager
def _replacing(name: Path) -> Iterator[BinaryIO]:
    """A new file that takes the place of ``name`` at the end, with the mode of the old one.

    A device or a pipe is written to as it is; of a symbolic link the file behind it is replaced.
    """
    target = name.resolve()
    mode = _mode(target)
    if mode is not None and not stat.S_ISREG(mode):
        with target.open("wb") as device:
            yield device
        return
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


def _mode(target: Path) -> int | None:
    try:
        return target.stat().st_mode
    except FileNotFoundError:
        return None
