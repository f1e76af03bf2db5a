"""Signed and encrypted CMS of our own and of OpenSSL's making, and mutations of them."""

import os
import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from siegel.mime.parse import parse_message
from tests.peers.openssl import OpenSSL
from tests.unit.differential import trees
from tests.unit.smime import mails
from tests.world import WORLD

TEXT = b"Content-Type: text/plain\r\n\r\nEin Bescheid.\r\n"


@dataclass(frozen=True, slots=True)
class Sample:
    """A CMS object in DER. ``content``: what stands beside a detached signature."""

    name: str
    cms: bytes
    content: bytes | None = None


@cache
def signed() -> tuple[Sample, ...]:
    ours = (
        Sample("ours", _opaque("alice")),
        Sample("ours, PSS", _opaque("alice", pss=True)),
        Sample("ours, ECDSA", _opaque("dana")),
        Sample("ours, two signers", _opaque("alice", "dana")),
        _detached("dana"),
    )
    return (*ours, *_signed_by_openssl())


@cache
def enveloped() -> tuple[Sample, ...]:
    openssl, person = _openssl(), WORLD.person("huber")
    return (
        Sample("ours", _decoded(mails.sealed_mail("alice", "huber"))),
        Sample("ours, two", _decoded(mails.sealed_mail("alice", "huber", "dana"))),
        Sample("ours, GCM", _decoded(mails.sealed_mail("alice", "dana", cipher="aes256-gcm"))),
        Sample("OpenSSL", openssl.encrypt(TEXT, person, form="DER")),
        Sample("OpenSSL, OAEP", openssl.encrypt(TEXT, person, oaep="sha256", form="DER")),
        Sample("OpenSSL, key id", openssl.encrypt(TEXT, person, by_key_id=True, form="DER")),
    )


def mutated(samples: tuple[Sample, ...], each: int) -> Iterator[Sample]:
    """Every sample as it is, and ``each`` changed ones; the same in every run."""
    exploring = os.environ.get("SIEGEL_EXPLORE") == "1"
    rng = random.Random(None if exploring else 3)
    for sample in samples:
        yield sample
        for _ in range(each):
            changed = trees.changed(sample.cms, rng, rng.choice((1, 1, 2)))
            yield Sample(f"{sample.name}, changed", changed, sample.content)


def _signed_by_openssl() -> Iterator[Sample]:
    openssl, person = _openssl(), WORLD.person("alice")
    ways: dict[str, dict[str, Any]] = {
        "plain": {},
        "no attributes": {"attributes": False},
        "key id": {"by_key_id": True},
        "PSS": {"pss": True},
    }
    for name, options in ways.items():
        opaque = openssl.sign(TEXT, person, detached=False, form="DER", **options)
        yield Sample(f"OpenSSL, {name}", opaque)
        detached = openssl.sign(TEXT, person, form="DER", **options)
        yield Sample(f"OpenSSL, {name}, detached", detached, TEXT)


@cache
def _openssl() -> OpenSSL:
    return OpenSSL(Path(mkdtemp(prefix="siegel-differential-")))


def _opaque(*names: str, pss: bool = False) -> bytes:
    return _decoded(mails.signed_mail(*names, opaque=True, pss=pss))


def _decoded(mail: bytes) -> bytes:
    return bytes(parse_message(mail).root.decoded())


def _detached(name: str) -> Sample:
    text, signature = parse_message(mails.signed_mail(name)).root.children
    return Sample("ours, detached", bytes(signature.decoded()), bytes(text.exact))
