"""Judge a signature that belongs to no mail, with the same questions as one that does."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from siegel.base.findings import Finding
from siegel.library.judging import anchor_set
from siegel.mime.message import Message
from siegel.mime.parse import parse_entity
from siegel.pki.evidence import Evidence
from siegel.pki.trust_facts import TrustFacts
from siegel.pki.verdict import Purpose
from siegel.policy.reasons import Reason
from siegel.policy.rules import OrganisationRules
from siegel.policy.signers import Circumstances, SignerJudgement, judge_signers
from siegel.smime.layers import OpenedMessage, SignedLayer

if TYPE_CHECKING:
    from siegel.base.address import EmailAddress
    from siegel.library.judging import Anchors

_NO_AUTHOR = frozenset({Reason.FROM_AMBIGUOUS, Finding.FROM_AMBIGUOUS})


def judge_layer(
    layer: SignedLayer,
    expected: EmailAddress | None,
    *,
    anchors: Anchors,
    at: datetime,
    evidence: Evidence | None,
) -> tuple[SignerJudgement, ...]:
    """``expected`` stands where From stands in a mail; without it the question is left out."""
    nothing = parse_entity(b"")
    alone = OpenedMessage(message=Message(nothing), layers=(layer,), payload=nothing)
    trust = TrustFacts(anchors=anchor_set(anchors), evidence=evidence or Evidence(), at=at)
    named = [signer.certificate for signer in layer.signers if signer.certificate is not None]
    verdicts = trust.with_more(layer.certificates, layer.crls).verdicts(named, Purpose.ANY)
    around = Circumstances(
        sender=expected,
        sender_field=None,
        known={},
        verdicts=verdicts,
        at=at,
        rules=OrganisationRules(),
    )
    judged = judge_signers(alone, around)
    return judged if expected is not None else tuple(map(_without_author, judged))


def _without_author(judged: SignerJudgement) -> SignerJudgement:
    return replace(
        judged,
        reasons=tuple(reason for reason in judged.reasons if reason not in _NO_AUTHOR),
        findings=tuple(finding for finding in judged.findings if finding not in _NO_AUTHOR),
    )
