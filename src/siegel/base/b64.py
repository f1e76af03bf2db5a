"""Base64 as MIME writes it (RFC 2045 §6.8): lines of 76 characters, CRLF, and back.

Blocks of 57·1024 octets are whole lines and whole AES blocks and stay in the processor's cache.
Reading accepts any line ends and missing padding; anything that is not base64 is malformed.
"""

from binascii import Error
from collections.abc import Iterator
from struct import Struct

import pybase64

from siegel.base.buffers import Buffer, Chunks
from siegel.base.errors import MalformedMessage

LINE = 76
BLOCK = 57 * 1024
_LINES = Struct(f"{LINE}s" * 1024)
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
        text = pybase64.b64encode(carry)
        yield b"".join(text[i : i + LINE] + b"\r\n" for i in range(0, len(text), LINE))


def _block(block: Buffer) -> bytes:
    return b"\r\n".join(_LINES.unpack(pybase64.b64encode(block))) + b"\r\n"


def decode(data: Buffer) -> bytes:
    view = memoryview(data)
    content = _regular(view)
    return _strict(view) if content is None else content


def _regular(view: memoryview) -> bytes | None:
    """Decoded without looking at every octet, if all lines but the last are equally long.

    Then all line ends stand at known places, and the length of what the quick, lenient decoder
    returns shows whether anything else was no base64. None leaves the text to ``_strict``.
    """
    end = len(view) - _TAIL + len(bytes(view[-_TAIL:]).rstrip(_BLANKS))
    step = bytes(view[: LINE * 2]).find(b"\n") + 1
    if not step or len(view) < _TAIL:
        return None
    line_end = b"\r\n" if view[step - 2] == 13 else b"\n"
    lines = end // step
    for place, octet in enumerate(reversed(line_end), 1):
        if bytes(view[step - place : end : step]) != bytes((octet,)) * lines:
            return None
    padding = bytes(view[end - 2 : end]).count(b"=")
    try:
        content = pybase64.b64decode(view[:end])
    except (Error, ValueError):
        return None
    expected, rest = divmod((end - lines * len(line_end)) * 3, 4)
    return content if not rest and len(content) == expected - padding else None


def _strict(view: memoryview) -> bytes:
    text = bytes(view).translate(None, _BLANKS)
    if missing := -len(text) % 4:
        text += b"=" * missing
    try:
        return pybase64.b64decode(text, validate=True)
    except (Error, ValueError) as error:
        raise MalformedMessage("not base64") from error
