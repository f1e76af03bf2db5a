"""Bytes that travel without being copied: what the engine reads and what it writes."""

from collections.abc import Callable, Iterable

Buffer = bytes | bytearray | memoryview
Chunks = Iterable[Buffer]
Random = Callable[[int], bytes]
"""Randomness as a parameter: ``os.urandom`` in production, a counter in tests."""


def joined(chunks: Chunks) -> bytes:
    """One ``bytes`` of all chunks; call it at the edge, once."""
    return b"".join(chunks)


_FEW = 64 * 1024  # octets that are sooner searched through than looked at for one octet
_MISSES = 100  # times that the rare octet is something else before it counts as frequent


def find(
    buffer: bytes | bytearray, needle: bytes, position: int, end: int, *, rare: int = 0
) -> int:
    """Where ``needle`` stands between ``position`` and ``end``; -1 for nowhere.

    ``rare`` is the place in ``needle`` of an octet that most bodies do not have: looking for a
    single octet is memory speed.
    """
    octet = needle[rare : rare + 1]
    hit, misses = position + rare, 0
    while end - hit > _FEW and misses < _MISSES:
        hit = buffer.find(octet, hit, end)
        if hit < 0 or buffer.startswith(needle, hit - rare, end):
            return hit if hit < 0 else hit - rare
        hit += 1
        misses += 1
    return buffer.find(needle, max(hit - rare, position), end)
