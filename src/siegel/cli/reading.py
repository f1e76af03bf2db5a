"""Read what is named on the command line: files and standard input, in blocks, within limits.

A limit is honoured before memory is used: by the size of a file, and block by block in a pipe.
"""

import os
import stat
import sys
from pathlib import Path
from typing import BinaryIO

from siegel.base.errors import NotFound
from siegel.base.limits import DEFAULT, MIB
from siegel.cli.exits import CliError, Exit
from siegel.cli.progress import SILENT, Advance, Progress

BLOCK = MIB  # octets read at a time
MAX_INPUT = 200 * MIB  # octets of keys, certificates and lists; the largest public lists have 30


def read_input(name: str) -> bytes:
    """The octets of a file, or of standard input for ``-``; not meant for messages."""
    return bytes(read_message(name, most=MAX_INPUT))


def read_message(
    name: str, *, most: int = DEFAULT.message_size, progress: Progress = SILENT
) -> bytearray:
    """The same for what may be large; at most ``most`` octets."""
    if name == "-":
        return _from_stream(_standard_input(), name, most, progress)
    try:
        with Path(name).open("rb", buffering=0) as file:
            size = _size(file)
            if size is None:
                return _from_stream(file, name, most, progress)
            return _from_file(file.fileno(), name, _allowed(size, name, most), progress)
    except OSError as error:
        raise NotFound(f"cannot read {name}: {error.strerror}") from error


def _standard_input() -> BinaryIO:
    if sys.stdin is None:  # as Python says that it was closed
        raise NotFound("standard input is closed")
    return sys.stdin.buffer


def _from_file(number: int, name: str, size: int, progress: Progress) -> bytearray:
    """With pread into one buffer of the right size; a file that grows meanwhile is cut there."""
    whole = bytearray(size)
    done = 0
    with memoryview(whole) as view, progress.task(f"reading {name}", size) as advance:
        while block := os.preadv(number, [view[done : done + BLOCK]], done):
            done += block
            advance(block)
    del whole[done:]
    return whole


def _from_stream(stream: BinaryIO, name: str, most: int, progress: Progress) -> bytearray:
    whole = bytearray()
    with progress.task(_named(name), _size(stream)) as advance:
        while block := _block(stream, advance):
            whole += block
            _allowed(len(whole), name, most)
    return whole


def _block(stream: BinaryIO, advance: Advance) -> bytes:
    block = stream.read(BLOCK)
    advance(len(block))
    return block


def _named(name: str) -> str:
    return "reading standard input" if name == "-" else f"reading {name}"


def _allowed(size: int, name: str, most: int) -> int:
    if size > most:
        raise CliError(f"{name} is larger than {most} bytes", Exit.BAD_INPUT)
    return size


def _size(stream: BinaryIO) -> int | None:
    """Of a regular file; None for pipes, devices and /proc, whose end nobody knows."""
    try:
        status = os.fstat(stream.fileno())
    except OSError:  # io.UnsupportedOperation is one
        return None
    return status.st_size or None if stat.S_ISREG(status.st_mode) else None
