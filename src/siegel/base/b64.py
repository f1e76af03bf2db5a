"""Base64 as MIME writes it (RFC 2045 §6.8): lines of 76 characters, CRLF, and back.

Blocks are 256 lines: all that one needs on its way stays in the processor's cache. Who makes the
content in pieces of ``BLOCK`` octets lets the allocator use the same places again and again.
Reading accepts any line ends and missing padding; anything that is not base64 is malformed.
"""

from binascii import Error
from collections.abc import Callable, Iterator
from struct import Struct
from typing import TypeVar

import pybase64

from siegel.base.buffers import Buffer, Chunks
from siegel.base.errors import MalformedMessage

LINE = 76
BLOCK_LINES = 256
BLOCK = 57 * BLOCK_LINES
_LINE = Struct(f"{LINE}s")
_LINES = Struct(f"{LINE}s" * BLOCK_LINES)
_CRLF = b"\r\n"
_BLANKS = b"\r\n \t"
_TAIL = 64  # octets at the end in which empty lines are looked for


def encode_lines(chunks: Chunks) -> Iterator[bytes]:
    """The base64 text of all chunks together, in pieces; every line ends with CRLF."""
    carry = b""
    for chunk in chunks:
        view = memoryview(chunk)
        if carry:
            taken = BLOCK - len(carry)
            carry += view[:taken]
            view = view[taken:]
            if len(carry) < BLOCK:
                continue
            yield _block(carry)
        whole = len(view) - len(view) % BLOCK
        for start in range(0, whole, BLOCK):
            yield _block(view[start : start + BLOCK])
        carry = bytes(view[whole:])
    if carry:
        yield _rest(carry)


def _block(block: Buffer) -> bytes:
    return _CRLF.join((*_LINES.unpack(pybase64.b64encode(block)), b""))


def _rest(rest: bytes) -> bytes:
    text = pybase64.b64encode(rest)
    whole = len(text) // LINE * LINE
    lines = [line for (line,) in _LINE.iter_unpack(memoryview(text)[:whole])]
    lines += [text[whole:]] if whole < len(text) else []
    return _CRLF.join(lines) + _CRLF


def decode(data: Buffer) -> bytes:
    view = memoryview(data)
    content = _regular(view, pybase64.b64decode)
    return _strict(view) if content is None else content


def decode_anew(data: Buffer) -> bytearray:
    """The same in a buffer of the caller's own, which may be changed."""
    view = memoryview(data)
    content = _regular(view, pybase64.b64decode_as_bytearray)
    return bytearray(_strict(view)) if content is None else content


def is_lines(block: bytes) -> bool:
    """Whether there is nothing in ``block`` but whole lines of base64, equally long, with CRLF."""
    step = block.find(b"\n") + 1
    lines, rest = divmod(len(block), step) if step else (0, 1)
    if rest or not _is_even(block, step, _CRLF):
        return False
    try:
        return len(pybase64.b64decode(block)) * 4 == lines * (step - len(_CRLF)) * 3
    except (Error, ValueError):
        return False


_Decoded = TypeVar("_Decoded", bytes, bytearray)


def _regular(view: memoryview, decoder: Callable[[Buffer], _Decoded]) -> _Decoded | None:
    """Decoded without looking at every octet, if all lines but the last are equally long.

    Then all line ends stand at known places, and the length of what the quick, lenient decoder
    returns shows whether anything else was no base64. None leaves the text to ``_strict``.
    """
    end = len(view) - _TAIL + len(bytes(view[-_TAIL:]).rstrip(_BLANKS))
    step = bytes(view[: LINE * 2]).find(b"\n") + 1
    if not step or len(view) < _TAIL:
        return None
    line_end = _CRLF if view[step - 2] == _CRLF[0] else b"\n"
    size = step * BLOCK_LINES
    blocks = (bytes(view[start : min(start + size, end)]) for start in range(0, end, size))
    if not all(_is_even(block, step, line_end) for block in blocks):
        return None
    padding = bytes(view[end - 2 : end]).count(b"=")
    try:
        content = decoder(view[:end])
    except (Error, ValueError):
        return None
    expected, rest = divmod((end - end // step * len(line_end)) * 3, 4)
    return content if not rest and len(content) == expected - padding else None


def _is_even(block: bytes, step: int, line_end: bytes) -> bool:
    """Whether the line ends that ``step`` announces are there."""
    lines = len(block) // step
    return all(
        block[step - place :: step] == bytes((octet,)) * lines
        for place, octet in enumerate(reversed(line_end), 1)
    )


def _strict(view: memoryview) -> bytes:
    text = bytes(view).translate(None, _BLANKS)
    if missing := -len(text) % 4:
        text += b"=" * missing
    try:
        return pybase64.b64decode(text, validate=True)
    except (Error, ValueError) as error:
        raise MalformedMessage("not base64") from error
