"""The picture of an organisation: a PNG (RFC 2083, ISO/IEC 15948), read and written anew.

Only the chunks that paint are kept, each with its checksum, so nothing hides behind the picture
and no text or place of a photograph gets out. SVG is refused: it is a document with scripts and
addresses in it, and a picture needs neither.
"""

import struct
import zlib
from collections.abc import Iterator

from siegel.base.errors import LimitExceeded, MalformedMessage

MAX_SIZE = 200 * 1024  # octets; a logo in the head of a page, loaded by every visitor
MAX_SIDE = 1024  # pixels; four times what is shown, for fine screens
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PAINTS = (b"IHDR", b"PLTE", b"tRNS", b"gAMA", b"sRGB", b"IDAT", b"IEND")
_ROW_BITS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # samples of a pixel, by colour type


def read_logo(data: bytes) -> bytes:
    """A PNG with a picture and nothing else. Raises ``MalformedMessage`` and ``LimitExceeded``."""
    if len(data) > MAX_SIZE:
        raise LimitExceeded(f"the picture has more than {MAX_SIZE} octets", limit="logo_size")
    if not data.startswith(_SIGNATURE):
        raise MalformedMessage("the picture is no PNG")
    chunks = [(kind, body) for kind, body in _chunks(data) if kind in _PAINTS]
    kinds = [kind for kind, _ in chunks]
    if kinds[:1] != [b"IHDR"] or kinds[-1:] != [b"IEND"] or kinds.count(b"IHDR") != 1:
        raise MalformedMessage("the picture does not begin and end as a PNG does")
    _check_pixels(chunks[0][1], b"".join(body for kind, body in chunks if kind == b"IDAT"))
    return _SIGNATURE + b"".join(_chunk(kind, body) for kind, body in chunks)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(_SIGNATURE)
    while at < len(data):
        head = data[at : at + 8]
        if len(head) < 8:
            raise MalformedMessage("the picture ends in the middle")
        length, kind = struct.unpack(">I4s", head)
        body, check = data[at + 8 : at + 8 + length], data[at + 8 + length : at + 12 + length]
        if len(check) < 4 or zlib.crc32(kind + body) != struct.unpack(">I", check)[0]:
            raise MalformedMessage("the picture is damaged")
        yield kind, body
        if kind == b"IEND":
            return
        at += 12 + length


def _check_pixels(header: bytes, packed: bytes) -> None:
    """The pixels are as many as the header says: a small file unpacks to no more than that."""
    if len(header) != 13:
        raise MalformedMessage("the picture has no proper header")
    width, height, depth, colour, *_, interlaced = struct.unpack(">IIBBBBB", header)
    if not (0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE):
        raise LimitExceeded(f"the picture has more than {MAX_SIDE} pixels a side", limit="pixels")
    if colour not in _ROW_BITS or depth not in (1, 2, 4, 8, 16):
        raise MalformedMessage("the picture has no colours of a PNG")
    row = (width * depth * _ROW_BITS[colour] + 7) // 8 + 1
    # seven passes of an interlaced picture have more rows, each with an octet of its own
    most = row * height + (8 * (width + height) if interlaced else 0)
    unpacker = zlib.decompressobj()
    try:
        found = unpacker.decompress(packed, most + 1)
    except zlib.error as error:
        raise MalformedMessage("the picture cannot be unpacked") from error
    if len(found) > most or (not interlaced and len(found) < most):
        raise MalformedMessage("the picture has not the pixels it says")


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I4s", len(body), kind) + body + struct.pack(">I", zlib.crc32(kind + body))
