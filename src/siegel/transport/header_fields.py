"""Raw header fields: split without losing an octet, and read as far as trace fields need it.

Works on bytes only, so that every field that is not meant stays as it is. A line ends with CRLF,
LF or CR: what was encrypted may hold any of them, and a mail program may see a field behind each.
"""

import re
from collections.abc import Iterable, Iterator

from siegel.base.buffers import Buffer

_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\n|\r|\Z)")
_ENDS = re.compile(rb"\r\n|\n|\r")


def split_fields(header: Buffer) -> tuple[bytes, ...]:
    """The fields of a header section with their line ends; joined they are the section again.

    A blank line that ends the section, and whatever stands behind it, is the last item.
    """
    data = bytes(header)
    fields: list[bytes] = []
    start = end = 0
    for found in _LINE.finditer(data):
        if not found[0].strip(b"\r\n"):
            break
        if not found[0].startswith((b" ", b"\t")) and found.start() > start:
            fields.append(data[start : found.start()])
            start = found.start()
        end = found.end()
    fields += [piece for piece in (data[start:end], data[end:]) if piece]
    return tuple(fields)


def name_of(field: bytes) -> str:
    """The field name in lower case; blanks before the colon (RFC 5322 §4.5.8) do not hide it."""
    return field.partition(b":")[0].strip().decode("latin-1").lower()


def value_of(field: bytes) -> str:
    """The unfolded value: UTF-8, else Latin-1."""
    octets = _ENDS.sub(b"", field.partition(b":")[2])
    try:
        return octets.decode("utf-8").strip()
    except UnicodeDecodeError:
        return octets.decode("latin-1").strip()


def without_comments(value: str) -> str:
    """RFC 5322 §3.2.2: nested comments out, quoted strings as they are."""
    return "".join(_outside_comments(value))


def _outside_comments(value: str) -> Iterator[str]:
    depth, quoted, escaped = 0, False, False
    for character in value:
        if not depth:
            yield "" if character == "(" and not quoted else character
        if escaped:
            escaped = False
        elif character == "\\":
            escaped = True
        elif quoted or character == '"':
            quoted = quoted != (character == '"' and not depth)
        else:
            depth = max(0, depth + (character == "(") - (character == ")"))


def folded(name: str, pieces: Iterable[str], *, width: int = 78) -> bytes:
    """A field of ASCII pieces with single blanks between them, folded before a piece (§2.2.3)."""
    lines = [f"{name}:"]
    for piece in pieces:
        if len(lines[-1]) + 1 + len(piece) > width and lines[-1] != f"{name}:":
            lines.append("")
        lines[-1] += f" {piece}"
    return ("\r\n".join(lines) + "\r\n").encode("ascii")


def to_value(address: str) -> str:
    """An international address cannot stand in a 7-bit header: an empty group does (RFC 6854)."""
    return f"<{address}>" if address.isascii() else "undisclosed-recipients:;"
