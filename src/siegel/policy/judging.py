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

MAX_SIGNERS_OF_A_PART = 4  # judged for a part that decides nothing; people bring one


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
    verdicts = _of_parts(opened, trust)
    trust = trust.with_more(opened.certificates, opened.crls)
    verdicts |= trust.verdicts(certificates_to_judge(opened), Purpose.ANY)
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


def _of_parts(opened: OpenedMessage, trust: TrustFacts) -> dict[str, PathVerdict]:
    """Paths of those who signed parts beside others, with what came along in that part alone."""
    verdicts: dict[str, PathVerdict] = {}
    for one in opened.errant:
        if one.signed is not None:
            known = trust.with_more(one.signed.certificates, one.signed.crls)
            signers = (signer.certificate for signer in one.signed.signers[:MAX_SIGNERS_OF_A_PART])
            verdicts |= known.verdicts((c for c in signers if c is not None), Purpose.ANY)
    return verdicts
