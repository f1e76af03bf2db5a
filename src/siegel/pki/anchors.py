"""Trust anchors: which roots count, from where they came, and what is distrusted in spite of them.

An anchor is a decision of a person or of the public list that ships as package data (the roots
that Mozilla trusts for e-mail). Whether a certificate reaches one is judged in ``path.py``.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from typing import Any

from siegel.pki.bundle import parse_certificates
from siegel.pki.certificate import Certificate


class AnchorSource(StrEnum):
    """Whose decision an anchor is; shown to people, never weighed against each other."""

    PUBLIC = "public"
    ORGANISATION = "organisation"
    VERIFIED_BY_HAND = "verified_by_hand"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustAnchor:
    """A certificate that paths may end at.

    ``domains`` (A-labels, lower case) narrows it to leaves whose addresses all lie in these
    domains; None = every domain. After ``distrust_after`` it vouches for no new certificate: leaves
    with a later notBefore do not count (Mozilla's email_distrust_after).
    """

    certificate: Certificate
    source: AnchorSource
    domains: frozenset[str] | None = None
    distrust_after: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnchorSet:
    """The anchors in force, and SHA-256 fingerprints (hex) distrusted anywhere in a path.

    ``key`` depends on nothing but what can change a verdict; caches use it as the name of the set.
    """

    anchors: tuple[TrustAnchor, ...] = ()
    distrusted: frozenset[str] = frozenset()
    key: str = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "key", _key(self.anchors, self.distrusted))


@dataclass(frozen=True, slots=True, kw_only=True)
class RootList:
    """Public roots as somebody published them. ``distrusted`` counts in no path for mail."""

    anchors: tuple[TrustAnchor, ...]
    distrusted: tuple[Certificate, ...] = ()
    source: str
    published_at: datetime


def shipped_roots() -> RootList:
    """The list this version came with; an installation may have a newer one in its store."""
    source, read_at = public_roots_source()
    return RootList(anchors=public_email_roots(), source=source, published_at=read_at)


@cache
def public_email_roots() -> tuple[TrustAnchor, ...]:
    """The shipped public roots for e-mail, read on first use."""
    distrust = {root["sha256"]: root["email_distrust_after"] for root in _document()["roots"]}
    return tuple(
        TrustAnchor(
            certificate=certificate,
            source=AnchorSource.PUBLIC,
            distrust_after=_moment(distrust[certificate.fingerprint]),
        )
        for certificate in parse_certificates(_data("email_roots.pem"))
    )


def public_roots_source() -> tuple[str, datetime]:
    """Where the shipped list was taken from, and when."""
    meta = _document()["meta"]
    return str(meta["source"]), datetime.fromisoformat(meta["read_at"]).astimezone(UTC)


def _key(anchors: Iterable[TrustAnchor], distrusted: frozenset[str]) -> str:
    lines = {_line(anchor) for anchor in anchors} | {f"- {mark}" for mark in distrusted}
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()


def _line(anchor: TrustAnchor) -> str:
    domains = "*" if anchor.domains is None else ",".join(sorted(anchor.domains))
    until = anchor.distrust_after.astimezone(UTC).isoformat() if anchor.distrust_after else "-"
    return f"+ {anchor.certificate.fingerprint} {until} {domains}"


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).astimezone(UTC) if text else None


def _data(name: str) -> bytes:
    from importlib import resources  # takes a third of the time of everything else here

    return (resources.files("siegel.pki") / "data" / name).read_bytes()


@cache
def _document() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(_data("email_roots.json"))
    return document
