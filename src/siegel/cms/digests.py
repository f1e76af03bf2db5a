"""Digests over content that lies in several buffers, each computed once for all signers."""

import hashlib
from collections.abc import Iterable, MutableMapping

from siegel.base.buffers import Buffer
from siegel.cms.algorithms import SHAKE_LENGTHS


def digest_of(content: Iterable[Buffer], name: str) -> bytes:
    """The digest of all buffers together; ``name`` as in hashlib."""
    if name in SHAKE_LENGTHS:
        shake = hashlib.shake_256() if name == "shake_256" else hashlib.shake_128()
        for buffer in content:
            shake.update(buffer)
        return shake.digest(SHAKE_LENGTHS[name])
    digest = hashlib.new(name)
    for buffer in content:
        digest.update(buffer)
    return digest.digest()


def digest_once(content: Iterable[Buffer], name: str, known: MutableMapping[str, bytes]) -> bytes:
    """``digest_of``, unless ``known`` has it already."""
    if name not in known:
        known[name] = digest_of(content, name)
    return known[name]
