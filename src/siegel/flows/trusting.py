"""Gather what paths are judged with: anchors in force and evidence from the store.

The network is never asked here: outgoing mail does not wait for it.
"""

from collections.abc import Iterable
from datetime import datetime

from siegel.flows.public_roots import in_force
from siegel.pki.certificate import Certificate, parse_certificate
from siegel.pki.evidence import Evidence
from siegel.pki.trust_facts import TrustFacts
from siegel.policy.trust import Trust, TrustDecision, anchors_in_force
from siegel.store.queries import evidence as evidence_store
from siegel.store.queries import trust as trust_store


def trust_facts(leaves: Iterable[Certificate], at: datetime) -> TrustFacts:
    """What the organisation trusts now, and what the store knows about these certificates."""
    asked = tuple(leaves)
    public = in_force(at)
    anchors = anchors_in_force(public.anchors, _decisions(), at, distrusted=public.distrusted)
    above = tuple(parse_certificate(der) for der in evidence_store.intermediates(asked))
    evidence = Evidence(
        intermediates=above,
        crls=evidence_store.crls_for({c.issuer_der for c in (*asked, *above)}),
        ocsp_responses=evidence_store.ocsp_for({c.fingerprint for c in (*asked, *above)}),
        gathered_at=at,
    )
    return TrustFacts(anchors=anchors, evidence=evidence, at=at)


def _decisions() -> tuple[TrustDecision, ...]:
    return tuple(
        TrustDecision(
            certificate=parse_certificate(row.der),
            trust=Trust(row.decision),
            at=row.when,
            domains=row.domains or None,
        )
        for row in trust_store.decisions()
        if row.der is not None
    )
