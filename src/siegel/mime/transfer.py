"""Transfer encodings (RFC 2045 §6): reading what real mail contains, writing what all can read."""

import binascii
import re
from collections.abc import Iterator

from siegel.base import b64
from siegel.base.buffers import Buffer
from siegel.base.errors import MalformedMessage

LINE = 76  # characters of an encoded line, RFC 2045 §6.7 (5) and §6.8
_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
_JUNK = bytes(octet for octet in range(256) if octet not in _ALPHABET)
_ESCAPED = re.compile(rb"[^\t\x20-<>-~]")
_UNSAFE_BEGIN = re.compile(rb"From |--|\.\Z")
_BLANKS_AT_END = (b" \r\n", b" \n", b"\t\r\n", b"\t\n")
_ADDED_BLANKS = re.compile(rb"(?<![ \t])[ \t]++(?=\r?(?:\n|\Z))")
_LINES = 64 * 1024  # octets of lines that are looked at together
_HEX = tuple(b"=%02X" % octet for octet in range(256))


def decode(body: Buffer, encoding: str) -> bytes:
    """``body`` without its transfer encoding; identity for 7bit, 8bit, binary and unknown ones."""
    if encoding == "base64":
        return decode_base64(body)
    if encoding == "quoted-printable":
        return decode_quoted_printable(body)
    return bytes(body)


def decode_anew(body: Buffer, encoding: str) -> bytearray:
    """The same in a buffer of the caller's own; regular base64 is decoded right into it."""
    if encoding == "base64":
        try:
            return b64.decode_anew(body)
        except MalformedMessage:
            return bytearray(decode_base64(body))
    return bytearray(decode(body, encoding))


def decode_base64(body: Buffer) -> bytes:
    """RFC 2045 §6.8: other characters are passed over, and padding ends the data."""
    try:
        return b64.decode(body)
    except MalformedMessage:
        digits = bytes(body).translate(None, _JUNK).partition(b"=")[0]
    whole = len(digits) - (len(digits) % 4 == 1)  # one digit alone holds no octet
    return binascii.a2b_base64(digits[:whole] + b"=" * (-whole % 4))


def decode_quoted_printable(body: Buffer) -> bytes:
    """RFC 2045 §6.7: blanks at the end of a line were added on the way; bad escapes stay."""
    raw = bytes(body)
    if not any(blank in raw for blank in _BLANKS_AT_END) and not raw[-1:].isspace():
        return binascii.a2b_qp(raw)
    return b"".join(binascii.a2b_qp(_ADDED_BLANKS.sub(b"", lines)) for lines in _lines(raw))


def _lines(raw: bytes) -> Iterator[bytes]:
    """Whole lines, many at a time: one that is nothing but its end must not cost an object."""
    start = 0
    while start < len(raw):
        stop = raw.find(b"\n", start + _LINES) + 1 or len(raw)
        yield raw[start:stop]
        start = stop


def encode_base64(raw: bytes) -> bytes:
    return b"".join(b64.encode_lines([raw]))


def encode_quoted_printable(raw: bytes) -> bytes:
    """Text whose lines end with CRLF; every other octet is kept, as are bare CR and LF.

    Also hides what mail servers change: blanks at line ends, "From " at a line's begin, and a dot
    alone on its line (RFC 8551 §3.1.3, RFC 2049 §3) – and what could be read as a delimiter.
    """
    return b"\r\n".join(_encoded_line(line) for line in raw.split(b"\r\n"))


def _encoded_line(line: bytes) -> bytes:
    text = _ESCAPED.sub(lambda found: _HEX[found[0][0]], line)
    if text[-1:] in (b" ", b"\t"):
        text = text[:-1] + _HEX[text[-1]]
    if _UNSAFE_BEGIN.match(text):
        text = _HEX[text[0]] + text[1:]
    return text if len(text) <= LINE else b"=\r\n".join(_soft_lines(text))


def _soft_lines(text: bytes) -> Iterator[bytes]:
    """Pieces of at most 76 characters that split no escape and begin with nothing unsafe."""
    start, begin = 0, b""
    while len(begin) + len(text) - start > LINE:
        stop = start + LINE - 1 - len(begin)
        stop -= next((back for back in (1, 2) if text[stop - back] == ord("=")), 0)
        yield begin + text[start:stop]
        start, begin = stop, b""
        if _UNSAFE_BEGIN.match(text, start):
            start, begin = stop + 1, _HEX[text[stop]]
    yield begin + text[start:]
