"""Gather what paths are judged with: anchors in force and evidence from the store.

The network is never asked here: outgoing mail does not wait for it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from siegel.pki.anchors import AnchorSet, public_email_roots
from siegel.pki.certificate import Certificate, parse_certificate
from siegel.pki.evidence import Evidence
from siegel.pki.path import Purpose, validate
from siegel.pki.verdict import PathVerdict
from siegel.policy.trust import Trust, TrustDecision, anchors_in_force
from siegel.store.queries import evidence as evidence_store
from siegel.store.queries import trust as trust_store


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustFacts:
    """Anchors and evidence of one moment; judge any number of certificates with them."""

    anchors: AnchorSet
    evidence: Evidence
    at: datetime

    def verdict(self, certificate: Certificate, purpose: Purpose) -> PathVerdict:
        return validate(certificate, self.anchors, self.evidence, self.at, purpose=purpose)

    def verdicts(
        self, certificates: Iterable[Certificate], purpose: Purpose
    ) -> Mapping[str, PathVerdict]:
        return {c.fingerprint: self.verdict(c, purpose) for c in certificates}

    def with_more(
        self, certificates: Iterable[Certificate], crls: Iterable[bytes]
    ) -> "TrustFacts":
        """The same trust, with what came along in one message as additional evidence."""
        more = Evidence(
            intermediates=(*self.evidence.intermediates, *certificates),
            crls=(*self.evidence.crls, *crls),
            ocsp_responses=self.evidence.ocsp_responses,
            gathered_at=self.evidence.gathered_at,
        )
        return TrustFacts(anchors=self.anchors, evidence=more, at=self.at)

    def chain(self, verdict: PathVerdict) -> tuple[bytes, ...]:
        """DER of the path from the certificate up to below its root (RFC 8550 §2.3)."""
        known = {c.fingerprint: c for c in self.evidence.intermediates}
        between = [known[f] for f in verdict.path[1:-1] if f in known]
        return tuple(c.der for c in between)


def trust_facts(leaves: Iterable[Certificate], at: datetime) -> TrustFacts:
    """What the organisation trusts now, and what the store knows about these certificates."""
    asked = tuple(leaves)
    anchors = anchors_in_force(public_email_roots(), _decisions(), at)
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
