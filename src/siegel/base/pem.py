"""PEM (RFC 7468): the blocks of a text between their BEGIN and END lines, found in one pass.

A block ends at the next such line. One that is never closed, or closed under another label, is
passed over: to look further for each of them takes hours for a file that holds nothing else. What
is inside is not read here.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from siegel.base.buffers import Buffer

_LINE = re.compile(rb"-----(BEGIN|END) ([A-Z0-9 #]{1,40})-----")


class Block(NamedTuple):
    """``body`` is what stands between the two lines, ``whole`` is with them."""

    label: bytes
    body: bytes
    whole: bytes


def blocks(text: Buffer) -> Iterator[Block]:
    begin: re.Match[bytes] | None = None
    for line in _LINE.finditer(text):
        if line[1] == b"BEGIN":
            begin = line
            continue
        if begin is not None and begin[2] == line[2]:
            body, whole = text[begin.end() : line.start()], text[begin.start() : line.end()]
            yield Block(line[2], bytes(body), bytes(whole))
        begin = None
