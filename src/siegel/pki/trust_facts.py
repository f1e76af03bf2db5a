"""What certificates of one moment are judged with. Pure: whoever gathers it hands it in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from siegel.pki.anchors import AnchorSet
from siegel.pki.certificate import Certificate
from siegel.pki.evidence import Evidence
from siegel.pki.last_good import last_known_good
from siegel.pki.path import validate
from siegel.pki.usage import PathRules
from siegel.pki.verdict import PathVerdict, Purpose, RevocationStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustFacts:
    """Anchors and evidence of one moment; judge any number of certificates with them."""

    anchors: AnchorSet
    evidence: Evidence
    at: datetime

    def verdict(self, certificate: Certificate, purpose: Purpose) -> PathVerdict:
        """Where revocation is unknown, the verdict says when it was last known to be good."""

        def judge(evidence: Evidence, at: datetime) -> PathVerdict:
            return validate(certificate, self.anchors, evidence, at, purpose=purpose)

        found = judge(self.evidence, self.at)
        if found.revocation is not RevocationStatus.UNKNOWN:
            return found
        good_at = last_known_good(judge, self.evidence, self.authorities(found), self.at)
        return replace(found, known_good_at=good_at)

    def authorities(self, verdict: PathVerdict) -> tuple[Certificate, ...]:
        """The path above the certificate, its anchor included."""
        anchors = (one.certificate for one in self.anchors.anchors)
        known = {one.fingerprint: one for one in (*self.evidence.intermediates, *anchors)}
        return tuple(known[one] for one in verdict.path[1:] if one in known)

    def verdict_on_authority(self, certificate: Certificate) -> PathVerdict:
        """RFC 5280 alone: what mail demands of the certificates of people does not fit a CA."""
        return validate(
            certificate, self.anchors, self.evidence, self.at, rules=PathRules(mail=False)
        )

    def verdicts(
        self, certificates: Iterable[Certificate], purpose: Purpose
    ) -> Mapping[str, PathVerdict]:
        return {c.fingerprint: self.verdict(c, purpose) for c in certificates}

    def with_more(self, certificates: Iterable[Certificate], crls: Iterable[bytes]) -> "TrustFacts":
        """The same trust, with what came along in one message as additional evidence."""
        more = Evidence(
            intermediates=(*self.evidence.intermediates, *certificates),
            crls=(*self.evidence.crls, *crls),
            ocsp_responses=self.evidence.ocsp_responses,
            gathered_at=self.evidence.gathered_at,
        )
        return TrustFacts(anchors=self.anchors, evidence=more, at=self.at)

    def under(self, anchors: AnchorSet) -> "TrustFacts":
        """The same evidence with other trust: to see what a decision changes."""
        return TrustFacts(anchors=anchors, evidence=self.evidence, at=self.at)

    def chain(self, verdict: PathVerdict) -> tuple[bytes, ...]:
        """DER of the path from the certificate up to below its root (RFC 8550 §2.3)."""
        known = {c.fingerprint: c for c in self.evidence.intermediates}
        between = [known[f] for f in verdict.path[1:-1] if f in known]
        return tuple(c.der for c in between)
