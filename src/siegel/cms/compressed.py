"""CompressedData (RFC 3274), read only: zlib, bounded in size and in growth."""

import zlib
from collections.abc import Iterator

from siegel.base import der, oids
from siegel.base.buffers import Buffer
from siegel.base.errors import LimitExceeded, MalformedMessage, UnsupportedAlgorithm
from siegel.base.limits import DEFAULT, MIB, Limits
from siegel.cms.algorithms import read_algorithm
from siegel.cms.content_info import unwrap

MAX_RATIO = 250  # real mail shrinks to a tenth; zlib bombs reach 1:1032
FREE_GROWTH = MIB  # what any message may grow to, however well it shrank
_BLOCK = 64 * 1024  # octets given to zlib at once


def decompress(data: Buffer, limits: Limits = DEFAULT) -> bytearray:
    """The compressed entity of a CompressedData ContentInfo, in a buffer of its own."""
    _, children = unwrap(data, oids.COMPRESSED_DATA, limits=limits)
    if len(children) != 3:
        raise MalformedMessage("no CompressedData")
    algorithm = read_algorithm(children[1])
    if algorithm.oid != oids.ZLIB:
        raise UnsupportedAlgorithm(f"compressed with {algorithm.oid}", oid=algorithm.oid)
    content = children[2].expect(der.SEQUENCE).children()
    if len(content) != 2:
        raise MalformedMessage("CompressedData without content")
    explicit = content[1].expect(der.CONTEXT | der.CONSTRUCTED).children()
    if len(explicit) != 1:
        raise MalformedMessage("CompressedData without content")
    return _inflated(explicit[0].octets(), limits)


def _inflated(segments: list[memoryview], limits: Limits) -> bytearray:
    room = min(limits.decompressed_size, max(FREE_GROWTH, MAX_RATIO * sum(map(len, segments))))
    stream = zlib.decompressobj()
    plain = bytearray()
    try:
        for piece in _pieces(stream, segments):
            plain += piece
            if len(plain) > room:
                raise LimitExceeded("compressed content grows too far", limit="decompressed_size")
    except zlib.error as error:
        raise MalformedMessage("CompressedData that zlib cannot read") from error
    if not stream.eof:
        raise MalformedMessage("CompressedData cut off")
    return plain


def _pieces(stream: "zlib._Decompress", segments: list[memoryview]) -> Iterator[bytes]:
    """In small pieces, so that little is held beside the whole."""
    for segment in segments:
        for start in range(0, len(segment), _BLOCK):
            rest: Buffer = segment[start : start + _BLOCK]
            while len(rest):
                yield stream.decompress(rest, MIB)
                rest = stream.unconsumed_tail
    while piece := stream.decompress(b"", MIB):
        yield piece
