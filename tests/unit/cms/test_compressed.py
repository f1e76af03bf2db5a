"""CompressedData by hand (OpenSSL is often built without zlib); growth is bounded."""

import os
import tracemalloc
import zlib

import pytest

from siegel.base import der, oids
from siegel.base.errors import LimitExceeded, MalformedMessage, UnsupportedAlgorithm
from siegel.base.limits import MIB, Limits
from siegel.cms.compressed import decompress

CONTENT = b"Content-Type: text/plain\r\n\r\nEin Bescheid.\r\n" * 20


def compressed(stream: bytes, *, algorithm: str = oids.ZLIB, content: bytes | None = None) -> bytes:
    inside = der.context(0, der.octet_string(stream)) if content is None else content
    return der.sequence(
        der.oid(oids.COMPRESSED_DATA),
        der.context(
            0,
            der.sequence(
                der.integer(0),
                der.algorithm(algorithm),
                der.sequence(der.oid(oids.DATA), inside),
            ),
        ),
    )


def test_what_zlib_wrote_is_read() -> None:
    assert decompress(compressed(zlib.compress(CONTENT))) == CONTENT


def test_segments_are_read() -> None:
    stream = zlib.compress(CONTENT)
    pieces = [der.octet_string(stream[i : i + 10]) for i in range(0, len(stream), 10)]
    inside = der.context(0, b"\x24\x80" + b"".join(pieces) + b"\x00\x00")
    assert decompress(compressed(b"", content=inside)) == CONTENT


def test_a_bomb_is_refused() -> None:
    bomb = compressed(zlib.compress(bytes(20 * MIB), 9))
    assert len(bomb) < MIB // 8
    with pytest.raises(LimitExceeded) as error:
        decompress(bomb)
    assert error.value.params == {"limit": "decompressed_size"}


def test_what_shrank_well_but_is_small_is_read() -> None:
    assert decompress(compressed(zlib.compress(bytes(MIB), 9))) == bytes(MIB)
    with pytest.raises(LimitExceeded):
        decompress(compressed(zlib.compress(bytes(MIB + 1), 9)))


def test_the_size_as_configured_holds() -> None:
    data = compressed(zlib.compress(CONTENT))
    assert decompress(data, Limits(decompressed_size=len(CONTENT))) == CONTENT
    with pytest.raises(LimitExceeded):
        decompress(data, Limits(decompressed_size=len(CONTENT) - 1))


MALFORMED = {
    "fail/no zlib": compressed(b"nothing of the kind"),
    "fail/cut off": compressed(zlib.compress(CONTENT)[:-5]),
    "fail/nothing": compressed(b""),
    "fail/checksum": compressed(zlib.compress(CONTENT)[:-1] + b"\x00"),
    "fail/no content": compressed(b"", content=b""),
    "fail/content of another type": compressed(b"", content=der.context(1)),
    "fail/empty content": compressed(b"", content=der.context(0)),
    "fail/another content type": der.sequence(
        der.oid(oids.DATA), der.context(0, der.octet_string(b""))
    ),
}


@pytest.mark.parametrize("case", MALFORMED)
def test_what_is_no_compressed_data_is_malformed(case: str) -> None:
    with pytest.raises(MalformedMessage):
        decompress(MALFORMED[case])


def test_other_compressions_are_unsupported() -> None:
    with pytest.raises(UnsupportedAlgorithm):
        decompress(compressed(b"", algorithm="1.2.3"))


@pytest.mark.parametrize("length", [0, 1, MIB - 1, MIB, MIB + 1, 3 * MIB, 3 * MIB + 7])
def test_content_of_any_length_comes_back(length: int) -> None:
    """Also when a piece ends just where the content does."""
    content = (os.urandom(1000) * (length // 1000 + 1))[:length]
    for level in (0, 1, 9):
        assert decompress(compressed(zlib.compress(content, level))) == content


def test_the_content_is_held_once() -> None:
    content = bytes(range(256)) * (4 * 4096)
    data = compressed(zlib.compress(content, 0))
    tracemalloc.start()
    try:
        assert len(decompress(data)) == len(content)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < len(content) * 1.3 + 2 * MIB
