"""Judge an opened message with what is trusted and known now; the same for gateway and commands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from siegel.mime.fields import addresses, from_addresses
from siegel.pki.trust_facts import TrustFacts
from siegel.pki.verdict import PathVerdict, Purpose
from siegel.policy.harvest import certificates_to_judge
from siegel.policy.inbound import InboundJudgement, judge
from siegel.policy.rules import OrganisationRules
from siegel.policy.signers import KnownCertificate
from siegel.smime.layers import OpenedMessage


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """The judgement and the path verdicts it rests on, by fingerprint."""

    judgement: InboundJudgement
    verdicts: Mapping[str, PathVerdict]
    trust: TrustFacts


def judge_opened(
    opened: OpenedMessage,
    trust: TrustFacts,
    rules: OrganisationRules,
    known: Sequence[KnownCertificate] = (),
    *,
    ours: bool = False,
) -> Judged:
    """Every certificate that decides is judged, with all that came along as evidence."""
    trust = trust.with_more(opened.certificates, opened.crls)
    verdicts = trust.verdicts(certificates_to_judge(opened), Purpose.ANY)
    senders = addresses(opened.message, "Sender")
    judgement = judge(
        opened,
        verdicts,
        from_addresses(opened.message),
        senders[0].address if len(senders) == 1 else None,
        known,
        at=trust.at,
        rules=rules,
        ours=ours,
    )
    return Judged(judgement=judgement, verdicts=verdicts, trust=trust)
