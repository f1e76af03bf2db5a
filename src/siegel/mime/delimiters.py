"""Where the parts of a multipart begin and end (RFC 2046 §5.1.1).

A delimiter is a whole line: two hyphens, the boundary, perhaps two hyphens more, blanks. A line
that merely begins so is text, and the boundary of a parent that continues ours is not ours.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_LINE_END = re.compile(rb"(--)?[ \t]*(?:\r?\n|\Z)")  # with transport padding
_MISSES = 1000  # hyphens that begin no delimiter before the search changes to a regular expression


@dataclass(frozen=True, slots=True)
class Delimiter:
    """From the line end before it to the first byte after it."""

    begin: int
    after: int
    closes: bool


def delimiters(
    buffer: bytes | bytearray, boundary: bytes, start: int, end: int
) -> Iterator[Delimiter]:
    """All delimiter lines, from the front.

    A hyphen is rare in most bodies (base64 has none), and looking for one octet is memory speed.
    Where hyphens are not rare, a regular expression goes on: still linear, for any input.
    """
    needle = b"--" + boundary
    position, misses = start, 0
    while misses < _MISSES:
        hit = buffer.find(b"-", position, end)
        if hit < 0:
            return
        tail = None
        if buffer.startswith(needle, hit, end) and (hit == start or buffer[hit - 1] == 0x0A):
            tail = _LINE_END.match(buffer, hit + len(needle), end)
        if tail:
            yield _delimiter(buffer, start, hit, tail)
            position = tail.end()
        else:
            misses += 1
            position = hit + 1
    yield from _more_delimiters(buffer, needle, start, position, end)


def _more_delimiters(
    buffer: bytes | bytearray, needle: bytes, start: int, position: int, end: int
) -> Iterator[Delimiter]:
    pattern = re.compile(rb"\n" + re.escape(needle) + _LINE_END.pattern)
    while found := pattern.search(buffer, position - 1, end):
        yield _delimiter(buffer, start, found.start() + 1, found)
        position = found.end()


def _delimiter(buffer: bytes | bytearray, start: int, hit: int, tail: re.Match[bytes]) -> Delimiter:
    begin = hit
    for octet in b"\n\r":
        if begin > start and buffer[begin - 1] == octet:
            begin -= 1
        else:
            break
    return Delimiter(begin, tail.end(), tail[1] is not None)
