"""Lines as mail servers treat them: line ends, and what does not survive every server.

Looks at blocks that stay in the processor's cache, with searches for single octets where that is
possible: for a large message this check costs a third of its digest. Where a block is base64, one
pass of the decoder shows that it is nothing else.
"""

from siegel.base import b64
from siegel.base.buffers import Buffer

LONGEST = 998  # octets of a line without its end, RFC 5322 §2.1.1
_BLOCK = 32 * 1024
_WITH_END = LONGEST + 2
_LONGEST_CHANGE = 8  # octets that a change at the begin of a line needs
_CHANGED = (
    (b" ", b" \r\n"),
    (b" ", b"\nFrom "),
    (b"\t", b"\t\r\n"),
    (b".", b"\n.\r\n"),
)  # (an octet that is rare in encoded bodies, what servers change around it)


def is_canonical(buffer: Buffer) -> bool:
    """Whether CR and LF only occur together (RFC 8551 §3.1.1)."""
    view = memoryview(buffer)
    position = 0
    while position < len(view):
        block = bytes(view[position : position + _BLOCK])
        if block.endswith(b"\r"):
            block = bytes(view[position : position + _BLOCK + 1])
        if not _only_crlf(block):
            return False
        position += len(block)
    return True


def canonical(buffer: Buffer) -> Buffer:
    """``buffer`` with every line end as CRLF; the same object if it is canonical already.

    A CR without LF is no line end (RFC 5322 §2.3) and stays.
    """
    if is_canonical(buffer):
        return buffer
    return bytes(buffer).replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def is_mail_safe(buffer: Buffer) -> bool:
    """Whether every mail server passes the lines on unchanged (RFC 8551 §3.1.3, RFC 2049 §3).

    That is 7-bit without NUL, CRLF line ends, no line over 998 octets, no blanks at line ends, no
    line that begins with "From ", none that is a single dot.
    """
    view = memoryview(buffer)
    position = 0
    while len(view) - position > _BLOCK:
        last_line = position + _BLOCK - _WITH_END
        stop = last_line + bytes(view[last_line : position + _BLOCK]).rfind(b"\n") + 1
        block = bytes(view[position:stop])
        if stop == last_line or not (b64.is_lines(block) or _safe(block)):
            return False
        position = stop
    return _safe_end(bytes(view[position:]))


def without_trailing_blanks(buffer: Buffer) -> bytes:
    """Canonical lines without blanks at their ends."""
    return b"\r\n".join(line.rstrip(b" \t\r") for line in bytes(buffer).split(b"\n"))


def _safe_end(block: bytes) -> bool:
    """The last line may lack its end: it is there in what follows, a delimiter or the last dot."""
    return not block or _safe(block if block.endswith(b"\n") else block + b"\r\n")


def _safe(block: bytes) -> bool:
    """For whole lines."""
    if not block.isascii() or b"\0" in block or not _only_crlf(block) or _has_long_line(block):
        return False
    before = b"\n" + block[:_LONGEST_CHANGE]
    return not any(
        rare in block and (changed in block or changed in before) for rare, changed in _CHANGED
    )


def _only_crlf(block: bytes) -> bool:
    """Single octets are replaced at the speed of memory; looking for the pair is much slower."""
    return block.replace(b"\r", b"").replace(b"\n", b"\r\n") == block


def _has_long_line(block: bytes) -> bool:
    step = block.find(b"\n") + 1
    if step <= _WITH_END and block[step - 1 :: step] == b"\n" * (len(block) // step):
        return False  # encoded bodies: all lines are equally long
    position = 0
    while len(block) - position > _WITH_END:
        position = block.rfind(b"\n", position, position + _WITH_END) + 1
        if not position:
            return True
    return False
