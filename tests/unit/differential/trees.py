"""ASN.1 trees: read by a naive reader of their own, changed, and written again.

A change of the tree leaves lengths right, so that it reaches what lies behind the first length
field; octets changed at random hardly ever do.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

CONSTRUCTED = 0x20
MAX_INSIDE = 200  # octets of a string that is looked into for a structure


@dataclass(slots=True)
class Node:
    """A value: octets if it is primitive, else nodes. ``indefinite`` is how it is written."""

    tag: int
    content: bytes = b""
    nodes: list[Node] = field(default_factory=list)
    indefinite: bool = False

    @property
    def constructed(self) -> bool:
        return bool(self.tag & CONSTRUCTED)

    def walk(self) -> Iterator[Node]:
        yield self
        for node in self.nodes:
            yield from node.walk()

    def encode(self) -> bytes:
        if not self.constructed:
            return bytes([self.tag]) + _length(len(self.content)) + self.content
        inside = b"".join(node.encode() for node in self.nodes)
        if self.indefinite:
            return bytes([self.tag]) + b"\x80" + inside + b"\0\0"
        return bytes([self.tag]) + _length(len(inside)) + inside


def _length(number: int) -> bytes:
    if number < 0x80:
        return bytes([number])
    octets = number.to_bytes((number.bit_length() + 7) // 8, "big")
    return bytes([0x80 | len(octets)]) + octets


def read(data: bytes) -> Node:
    """The tree of good DER; for material of our own making only."""
    node, end = _read(data, 0)
    assert end == len(data)
    return node


def _read(data: bytes, position: int) -> tuple[Node, int]:
    tag, length, position = data[position], data[position + 1], position + 2
    if length > 0x80:
        size = length & 0x7F
        length = int.from_bytes(data[position : position + size], "big")
        position += size
    end = position + length
    node = Node(tag)
    if not node.constructed:
        node.content = data[position:end]
    while node.constructed and position < end:
        child, position = _read(data, position)
        node.nodes.append(child)
    return node, end


Change = Callable[[random.Random, list[Node]], None]


def changed(data: bytes, rng: random.Random, changes: int = 1) -> bytes:
    """``data`` (DER) with some changes of its tree, or now and then of its plain octets."""
    if rng.random() < 0.15:
        return _flipped(data, rng)
    root = read(data)
    for _ in range(changes):
        rng.choice(CHANGES)(rng, list(root.walk()))
    return root.encode()


def _flipped(data: bytes, rng: random.Random) -> bytes:
    octets = bytearray(data)
    octets[rng.randrange(len(octets))] ^= 1 << rng.randrange(8)
    return bytes(octets)


def _structure(rng: random.Random, nodes: list[Node]) -> Node:
    return rng.choice([node for node in nodes if node.nodes])


def _drop(rng: random.Random, nodes: list[Node]) -> None:
    inside = _structure(rng, nodes).nodes
    del inside[rng.randrange(len(inside))]


def _double(rng: random.Random, nodes: list[Node]) -> None:
    inside = _structure(rng, nodes).nodes
    at = rng.randrange(len(inside))
    inside.insert(at, inside[at])


def _swap(rng: random.Random, nodes: list[Node]) -> None:
    inside = _structure(rng, nodes).nodes
    rng.shuffle(inside)


def _copy(rng: random.Random, nodes: list[Node]) -> None:
    """Another value of the tree in the place of one; never one that holds it."""
    inside = _structure(rng, nodes).nodes
    inside[rng.randrange(len(inside))] = rng.choice([one for one in nodes if not one.nodes])


def _retag(rng: random.Random, nodes: list[Node]) -> None:
    node = rng.choice(nodes)
    node.tag = node.tag & CONSTRUCTED | rng.choice((2, 3, 4, 5, 6, 0x10, 0x11, 0x80, 0x81, 0x82))


def _turn(rng: random.Random, nodes: list[Node]) -> None:
    """One bit of one value."""
    node = rng.choice([one for one in nodes if one.content])
    octets = bytearray(node.content)
    octets[rng.randrange(len(octets))] ^= 1 << rng.randrange(8)
    node.content = bytes(octets)


def _resize(rng: random.Random, nodes: list[Node]) -> None:
    node = rng.choice([one for one in nodes if not one.constructed])
    cut = node.content[: rng.randrange(len(node.content) + 1)]
    node.content = rng.choice((cut, node.content + b"\0", b"\0" + node.content, b""))


def _indefinite(rng: random.Random, nodes: list[Node]) -> None:
    _structure(rng, nodes).indefinite = True


def _segments(rng: random.Random, nodes: list[Node]) -> None:
    """An OCTET STRING in two pieces (X.690 §8.7.3), or a value of another type that looks so."""
    node = rng.choice([one for one in nodes if one.content and len(one.content) > 1])
    half = len(node.content) // 2
    node.nodes = [Node(4, node.content[:half]), Node(4, node.content[half:])]
    node.tag, node.content = node.tag | CONSTRUCTED, b""
    node.indefinite = rng.random() < 0.5


CHANGES: tuple[Change, ...] = (
    _drop,
    _double,
    _swap,
    _copy,
    _retag,
    _turn,
    _turn,
    _turn,
    _resize,
    _indefinite,
    _segments,
)
