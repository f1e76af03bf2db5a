"""The picture of an organisation: a PNG and nothing behind it."""

import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siegel.base.errors import LimitExceeded, MalformedMessage, SiegelError
from siegel.directory.logo import MAX_SIDE, MAX_SIZE, read_logo
from siegel.directory.qr import QUIET, draw

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I4s", len(body), kind) + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int = 2, height: int = 2, *, rows: int | None = None, more: bytes = b"") -> bytes:
    pixels = zlib.compress((b"\0" + b"\x7f\x1d\x35" * width) * (height if rows is None else rows))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = (chunk(b"IHDR", header), more, chunk(b"IDAT", pixels), chunk(b"IEND", b""))
    return SIGNATURE + b"".join(parts)


def test_a_picture_comes_back_as_it_was() -> None:
    assert read_logo(png()) == png()


def test_what_does_not_paint_is_left_out() -> None:
    told = chunk(b"tEXt", b"Author\0Mira") + chunk(b"eXIf", b"II*\0 somewhere")
    assert read_logo(png(more=told)) == png()


def test_what_hangs_behind_the_picture_is_left_out() -> None:
    assert read_logo(png() + b"<script>alert(1)</script>") == png()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>',
        b"GIF89a",
        SIGNATURE,
        png()[:-6],
        png().replace(b"IDAT", b"IDAX"),
        png(rows=1),
        png(rows=400),
        SIGNATURE + chunk(b"IEND", b""),
    ],
)
def test_everything_else_is_refused(data: bytes) -> None:
    with pytest.raises(MalformedMessage):
        read_logo(data)


def test_too_many_octets_or_pixels_are_refused() -> None:
    with pytest.raises(LimitExceeded):
        read_logo(png() + b"\0" * MAX_SIZE)
    with pytest.raises(LimitExceeded):
        read_logo(png(MAX_SIDE + 1, 1))


@given(st.binary(max_size=300))
def test_any_octets_are_a_picture_or_refused(data: bytes) -> None:
    for given_ in (data, SIGNATURE + data, png()[:20] + data):
        try:
            read_logo(given_)
        except SiegelError:
            continue


def test_a_code_is_a_drawing_with_its_quiet_zone() -> None:
    found = draw("https://partner.office.example/partner/certificate/" + "0" * 64 + "/")
    assert found.path.startswith(f"M{QUIET} {QUIET}h7v1h-7z")
    assert found.size > 2 * QUIET + 21
    assert set(found.path) <= set("MhHvz- 0123456789")
