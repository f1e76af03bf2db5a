"""How octets come into the library and leave it: never as one ``bytes`` that somebody has to make.

In: any buffer, an iterable of buffers, or a binary file that is open. Out: chunks, which a file
takes one after the other. Nothing here opens a file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Protocol, TypeAlias

from siegel.base.buffers import Buffer
from siegel.base.errors import LimitExceeded

if TYPE_CHECKING:
    from siegel.base.limits import Limits

BLOCK = 1024 * 1024  # octets asked of a file at a time


class Readable(Protocol):
    """A binary file that is open for reading."""

    def read(self, size: int, /) -> bytes: ...


class Writable(Protocol):
    """A binary file that is open for writing."""

    def write(self, data: Buffer, /) -> object: ...


Source: TypeAlias = Buffer | Iterable[Buffer] | Readable
"""What every function takes that reads a message or a file."""


class Written:
    """What the library has written: buffers that follow one another.

    ``chunks`` gives them, ``write_to`` hands them to a binary file, ``bytes`` makes one of them.
    """

    __slots__ = ("_chunks",)

    def __init__(self, chunks: Iterable[Buffer]) -> None:
        self._chunks = tuple(chunks)

    def chunks(self) -> tuple[Buffer, ...]:
        return self._chunks

    def write_to(self, file: Writable) -> int:
        """Write everything; the number of octets written."""
        for chunk in self._chunks:
            file.write(chunk)
        return len(self)

    def __len__(self) -> int:
        return sum(map(len, self._chunks))

    def __bytes__(self) -> bytes:
        return b"".join(self._chunks)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({len(self)} octets)"


def chunks_of(source: Source) -> Iterator[Buffer]:
    """The buffers of a source, one after the other."""
    if isinstance(source, (bytes, bytearray, memoryview)):
        yield source
    elif isinstance(source, str):
        raise TypeError("octets are needed, not text; open the file in binary mode")
    elif (read := getattr(source, "read", None)) is not None:
        while block := read(BLOCK):
            yield _octets(block)
    elif isinstance(source, Iterable):
        yield from map(_octets, source)
    else:
        raise TypeError(f"octets or an open binary file are needed, not {type(source).__name__}")


def gathered(source: Source, limits: Limits) -> Buffer:
    """The whole source; ``bytes`` are handed on as they are.

    Of a buffer that its owner may change a copy is made: what was opened or signed stays the same.
    Raises ``LimitExceeded`` as soon as more than ``limits.message_size`` octets have come.
    """
    if isinstance(source, bytes):
        return source
    whole = bytearray()
    for chunk in chunks_of(source):
        if len(whole) + len(chunk) > limits.message_size:
            raise LimitExceeded(f"larger than {limits.message_size} bytes", limit="message_size")
        whole += chunk
    return whole


def _octets(chunk: object) -> Buffer:
    if isinstance(chunk, (bytes, bytearray, memoryview)):
        return chunk
    raise TypeError(f"octets are needed, not {type(chunk).__name__}")
