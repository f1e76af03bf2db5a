"""Where the parts of a multipart begin and end (RFC 2046 §5.1.1).

A delimiter is a whole line: two hyphens, the boundary, perhaps two hyphens more, blanks. A line
that merely begins so is text, and the boundary of a parent that continues ours is not ours.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from siegel.base.buffers import find

_LINE_END_PATTERN = rb"(--)?[ \t]*(?:\r?\n|\Z)"  # with transport padding
_LINE_END = re.compile(_LINE_END_PATTERN)
_NEAR_MISSES = 1000  # lines that merely begin so; more are worth a pattern of their own


class Delimiter(NamedTuple):
    """From the line end before it to the first byte after it."""

    begin: int
    after: int
    closes: bool


def delimiters(
    buffer: bytes | bytearray, boundary: bytes, start: int, end: int
) -> Iterator[Delimiter]:
    """All delimiter lines, from the front; ``boundary`` is one line."""
    needle = b"\n--" + boundary
    hit = start if buffer.startswith(needle[1:], start, end) else _line(buffer, needle, start, end)
    misses = 0
    while hit >= 0 and misses < _NEAR_MISSES:
        after = hit + len(needle) - 1
        tail = _LINE_END.match(buffer, after, end)
        if tail:
            yield _delimiter(buffer, start, hit, tail)
            after = tail.end() - 1  # its line end may be the one before the next
        else:
            misses += 1
        hit = _line(buffer, needle, after, end)
    if hit >= 0:
        yield from _by_pattern(buffer, needle, start, hit, end)


def _by_pattern(
    buffer: bytes | bytearray, needle: bytes, start: int, hit: int, end: int
) -> Iterator[Delimiter]:
    """From the line at ``hit`` on: a pattern passes over near misses without a call for each."""
    pattern = re.compile(re.escape(needle) + _LINE_END_PATTERN)
    found = pattern.search(buffer, hit - 1, end)
    while found:
        yield _delimiter(buffer, start, found.start() + 1, found)
        found = pattern.search(buffer, found.end() - 1, end)


def _line(buffer: bytes | bytearray, needle: bytes, position: int, end: int) -> int:
    """Where the next line stands that begins with ``needle`` but its line feed; -1 for nowhere.

    A hyphen is rare in most bodies: base64 has none. Searching for all of the needle is linear
    too, because its first octet occurs in it only once.
    """
    return find(buffer, needle, position, end, rare=1) + 1 or -1


def _delimiter(buffer: bytes | bytearray, start: int, hit: int, tail: re.Match[bytes]) -> Delimiter:
    begin = hit
    for octet in b"\n\r":
        if begin > start and buffer[begin - 1] == octet:
            begin -= 1
        else:
            break
    return Delimiter(begin, tail.end(), tail[1] is not None)
