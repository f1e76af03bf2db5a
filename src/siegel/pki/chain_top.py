"""Where a chain ends that reaches no anchor: at a root nobody judged, or at an issuer we lack.

For asking a person, never for trusting: the chain is followed by signatures alone, without dates
and usages, and what lies at its end is believed by nobody yet.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from siegel.pki.certificate import Certificate
from siegel.pki.link import Link, link
from siegel.pki.names import parse_name
from siegel.pki.strength import cost, is_issued_by

MAX_DEPTH = 10  # certificates; as many as a path may have
MAX_UNITS = 60  # of ``strength.cost``; junk of the issuer's name must not cost more than a mail


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainTop:
    """The end of one chain.

    ``root`` is None when the certificate of the last issuer is not at hand: then only its name and
    the identifier that its certificates give for its key (may be empty) are known. ``between`` are
    the authorities passed on the way up, nearest to the leaf first.
    """

    root: Certificate | None
    issuer_der: bytes
    key_identifier: bytes
    between: tuple[Certificate, ...]

    @property
    def name(self) -> str:
        return str(parse_name(self.issuer_der))

    @property
    def mark(self) -> str:
        """The root's fingerprint; without it a digest of what is known, in hex as well."""
        if self.root is not None:
            return self.root.fingerprint
        return issuer_mark(self.issuer_der, self.key_identifier)


def issuer_mark(name_der: bytes, key_identifier: bytes) -> str:
    length = len(name_der).to_bytes(4, "big")
    return hashlib.sha256(length + name_der + key_identifier).hexdigest()


def chain_top(leaf: Certificate, others: Iterable[Certificate]) -> ChainTop | None:
    """Follow the issuers of ``leaf`` among ``others``; None for one that vouches for itself only,
    and where following them would cost too much."""
    pool = [link(one) for one in dict.fromkeys(others) if one.is_ca]
    walk = _Walk(pool)
    between: list[Certificate] = []
    here = link(leaf)
    for _ in range(MAX_DEPTH):
        if here.is_self_issued and walk.is_signed_by(here, here):
            return _at_root(between) if between else None
        above = walk.issuer_of(here, {one.fingerprint for one in between})
        if walk.is_spent:
            return None
        if above is None:
            return ChainTop(
                root=None,
                issuer_der=here.certificate.issuer_der,
                key_identifier=here.authority_key or b"",
                between=tuple(between),
            )
        between.append(above.certificate)
        here = above
    return None


def _at_root(between: list[Certificate]) -> ChainTop:
    *below, root = between
    return ChainTop(
        root=root,
        issuer_der=root.subject_der,
        key_identifier=root.subject_key_identifier or b"",
        between=tuple(below),
    )


class _Walk:
    """The signature checks of one walk, as long as their budget lasts."""

    def __init__(self, pool: list[Link]) -> None:
        self._pool = pool
        self._units = MAX_UNITS

    @property
    def is_spent(self) -> bool:
        return self._units < 0

    def is_signed_by(self, child: Link, issuer: Link) -> bool:
        self._units -= cost(issuer.certificate.public_key)
        if self._units < 0:
            return False
        return is_issued_by(child.certificate.parsed, issuer.certificate.public_key)

    def issuer_of(self, child: Link, passed: set[str]) -> Link | None:
        """Those that the child points to come first; roots before cross-signed certificates."""
        named = [
            one
            for one in self._pool
            if child.names_issuer(one)
            and not child.points_away_from(one)
            and one.fingerprint not in passed
        ]
        named.sort(key=lambda one: (not child.points_to(one), not one.is_self_issued))
        return next((one for one in named if self.is_signed_by(child, one)), None)
