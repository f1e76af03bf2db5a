"""Gather what paths are judged with: anchors in force and evidence from the store.

The network is never asked here: outgoing mail does not wait for it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from siegel.base.errors import NotFound
from siegel.flows.public_roots import in_force
from siegel.pki.anchors import AnchorSet, RootList
from siegel.pki.certificate import Certificate, parse_certificate
from siegel.pki.evidence import Evidence
from siegel.pki.trust_facts import TrustFacts
from siegel.policy.trust import Trust, TrustDecision, anchors_in_force
from siegel.store.queries import evidence as evidence_store
from siegel.store.queries import trust as trust_store
from siegel.store.rows import TrustDecisionRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What the organisation trusts: the public list, and what people decided about it."""

    public: RootList
    decisions: tuple[TrustDecision, ...]

    def anchors(self, at: datetime) -> AnchorSet:
        return anchors_in_force(
            self.public.anchors, self.decisions, at, distrusted=self.public.distrusted
        )

    def after(self, decision: TrustDecision) -> "Standing":
        """As if this had been decided, too; nothing is written."""
        return replace(self, decisions=(*self.decisions, decision))


def standing(at: datetime) -> Standing:
    return Standing(public=in_force(at), decisions=_decisions())


def trust_facts(leaves: Iterable[Certificate], at: datetime) -> TrustFacts:
    """What the organisation trusts now, and what the store knows about these certificates."""
    return facts_under(standing(at), leaves, at)


def facts_under(trusted: Standing, leaves: Iterable[Certificate], at: datetime) -> TrustFacts:
    """The same with another trust than today's."""
    asked = tuple(leaves)
    above = tuple(parse_certificate(der) for der in evidence_store.intermediates(asked))
    evidence = Evidence(
        intermediates=above,
        crls=evidence_store.crls_for({c.issuer_der for c in (*asked, *above)}),
        ocsp_responses=evidence_store.ocsp_for({c.fingerprint for c in (*asked, *above)}),
        gathered_at=at,
    )
    return TrustFacts(anchors=trusted.anchors(at), evidence=evidence, at=at)


def _decisions() -> tuple[TrustDecision, ...]:
    return tuple(decided(row) for row in trust_store.decisions() if row.der is not None)


def decided(row: TrustDecisionRow) -> TrustDecision:
    """A decision of the store, about a certificate that the store has."""
    if row.der is None:
        raise NotFound(f"no certificate {row.fingerprint}")
    return TrustDecision(
        certificate=parse_certificate(row.der),
        trust=Trust(row.decision),
        at=row.when,
        domains=row.domains or None,
    )
