"""Which trust anchors are in force: the public ones, and what people decided about them.

The latest decision about a certificate counts, and only what was decided by the moment asked
for, so that an old judgement can be repeated. Nothing is ever trusted because it arrived.
"""

from collections.abc import Iterable, Set
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from siegel.pki.anchors import AnchorSet, AnchorSource, TrustAnchor
from siegel.pki.certificate import Certificate


class Trust(StrEnum):
    """What a person decided; WITHDRAWN = back to what would hold without any decision."""

    TRUSTED = "trusted"
    DISTRUSTED = "distrusted"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustDecision:
    """One decision about one certificate. ``domains`` narrows TRUSTED to leaves of these."""

    certificate: Certificate
    trust: Trust
    at: datetime
    domains: frozenset[str] | None = None
    source: AnchorSource = AnchorSource.VERIFIED_BY_HAND


def anchors_in_force(
    public: Iterable[TrustAnchor],
    decisions: Iterable[TrustDecision],
    at: datetime,
    *,
    distrusted: Iterable[Certificate] = (),
) -> AnchorSet:
    """``distrusted`` by the publisher of ``public``, as long as nobody here decided otherwise.

    „Zertifikaten von öffentlich vertrauten Zertifikatsanbietern wird standardmäßig vertraut.
    Bei anderen Zertifikatsanbietern müssen Sie deren Root-Zertifikat importieren und diesem
    manuell vertrauen, indem Sie es auf verifiziert stellen.“
    """
    latest = _latest(decisions, at)
    decided = {f for f, d in latest.items() if d.trust is not Trust.WITHDRAWN}
    by_default = [a for a in public if a.certificate.fingerprint not in decided]
    by_hand = [_anchor(d) for d in latest.values() if d.trust is Trust.TRUSTED]
    by_people = [d.certificate for d in latest.values() if d.trust is Trust.DISTRUSTED]
    by_publisher = [c for c in distrusted if c.fingerprint not in decided]
    kept = {anchor.certificate.spki_sha256 for anchor in by_hand}
    marks = _marks(by_people, kept) | _marks(
        by_publisher, kept | {anchor.certificate.spki_sha256 for anchor in by_default}
    )
    return AnchorSet(anchors=(*by_default, *by_hand), distrusted=marks)


def _marks(distrusted: Iterable[Certificate], kept: Set[str]) -> frozenset[str]:
    """Certificates, and their keys: anybody can rewrite an ECDSA signature (r, -s) and so give the
    certificate another fingerprint. A key is ``kept`` that is trusted in another certificate.
    """
    found = tuple(distrusted)
    keys = {certificate.spki_sha256 for certificate in found} - kept
    return frozenset({certificate.fingerprint for certificate in found} | keys)


def _latest(decisions: Iterable[TrustDecision], at: datetime) -> dict[str, TrustDecision]:
    """Of two decisions of one moment the later in the list, as they were written down."""
    made = sorted((d for d in decisions if d.at <= at), key=lambda d: d.at)
    return {decision.certificate.fingerprint: decision for decision in made}


def _anchor(decision: TrustDecision) -> TrustAnchor:
    return TrustAnchor(
        certificate=decision.certificate, source=decision.source, domains=decision.domains
    )
