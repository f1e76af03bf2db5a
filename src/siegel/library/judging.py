"""What is it worth? Paths, opened messages and bare signatures, judged for one moment.

The judgement is the one that the gateway and ``siegel message open`` make. Trust, evidence and the
moment are parameters; nothing is fetched, no clock is read, so that every judgement can be
repeated years later.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from datetime import datetime

    from siegel.pki.anchors import AnchorSet, TrustAnchor
    from siegel.pki.certificate import Certificate
    from siegel.pki.evidence import Evidence
    from siegel.pki.verdict import PathVerdict, Purpose
    from siegel.policy.inbound import InboundJudgement
    from siegel.policy.rules import OrganisationRules
    from siegel.policy.signers import KnownCertificate
    from siegel.smime.layers import OpenedMessage

    Anchors: TypeAlias = AnchorSet | Iterable[TrustAnchor | Certificate]


def judge(
    opened: OpenedMessage,
    *,
    anchors: Anchors,
    at: datetime,
    evidence: Evidence | None = None,
    rules: OrganisationRules | None = None,
    known: Sequence[KnownCertificate] = (),
) -> InboundJudgement:
    """The summary of RFC 9787 with its reasons, and every signature with its path.

    ``anchors`` are what the caller trusts: ``public_email_roots()``, certificates that somebody
    has compared, or both in one sequence; without any, nothing is trusted. What came with the
    message is added to ``evidence``. ``known`` is what was learned of the sender before.
    """
    from siegel.pki.evidence import Evidence
    from siegel.pki.trust_facts import TrustFacts
    from siegel.policy.judging import judge_opened
    from siegel.policy.rules import OrganisationRules

    trust = TrustFacts(anchors=anchor_set(anchors), evidence=evidence or Evidence(), at=moment(at))
    return judge_opened(opened, trust, rules or OrganisationRules(), known).judgement


def validate_path(
    certificate: Certificate,
    *,
    anchors: Anchors,
    at: datetime,
    evidence: Evidence | None = None,
    purpose: Purpose | None = None,
) -> PathVerdict:
    """Is there a path from ``certificate`` to an anchor that RFC 5280 and the rules for mail allow?

    Never raises, whatever the certificates contain. Revocation is judged by the lists and answers
    in ``evidence`` and stands beside the status. Without ``purpose`` one of the two will do.
    """
    from siegel.pki.evidence import Evidence
    from siegel.pki.path import validate
    from siegel.pki.verdict import Purpose

    return validate(
        certificate,
        anchor_set(anchors),
        evidence or Evidence(),
        moment(at),
        purpose=purpose or Purpose.ANY,
    )


def anchor_set(anchors: Anchors) -> AnchorSet:
    """A certificate that the caller names is one that somebody has verified by hand."""
    from siegel.pki.anchors import AnchorSet, AnchorSource, TrustAnchor

    if isinstance(anchors, AnchorSet):
        return anchors
    by_hand = AnchorSource.VERIFIED_BY_HAND
    return AnchorSet(
        anchors=tuple(
            one if isinstance(one, TrustAnchor) else TrustAnchor(certificate=one, source=by_hand)
            for one in anchors
        )
    )


def moment(at: datetime) -> datetime:
    """A point in time; one without an offset would be another one on another machine."""
    if at.utcoffset() is None:
        raise ValueError("a moment needs an offset: datetime.now(UTC), or tzinfo=UTC")
    return at
