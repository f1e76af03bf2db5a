"""Bytes that travel without being copied: what the engine reads and what it writes."""

from collections.abc import Callable, Iterable, Iterator

Buffer = bytes | bytearray | memoryview
Chunks = Iterable[Buffer]
Random = Callable[[int], bytes]
"""Randomness as a parameter: ``os.urandom`` in production, a counter in tests."""


def joined(chunks: Chunks) -> bytes:
    """One ``bytes`` of all chunks; call it at the edge, once."""
    return b"".join(chunks)


def drained(chunks: list[Buffer]) -> Iterator[Buffer]:
    """Every chunk once, in order; the list lets go of each, so that its memory can be used anew."""
    chunks.reverse()
    while chunks:
        yield chunks.pop()
