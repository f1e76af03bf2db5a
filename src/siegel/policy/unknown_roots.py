"""Roots that nobody judged yet: which chains are worth a question, and how many may be kept.

Strangers decide what arrives. So everything that is kept of it has a number, and none of it counts
for anything before a person has decided.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from siegel.pki.certificate import Certificate
from siegel.pki.chain_top import ChainTop, chain_top
from siegel.pki.trust_facts import TrustFacts
from siegel.pki.verdict import PathFinding, PathStatus, PathVerdict
from siegel.policy.harvest import may_belong_to_sender
from siegel.policy.reasons import Reason
from siegel.policy.signers import SignerJudgement

MAX_ROOTS = 500  # rows; a large office meets some dozens, and a person can look through them
MAX_ROOTS_OF_SENDER = 3  # an address; a partner changes authority once in years
MAX_SENDERS = 20  # addresses shown for one root; enough to know whom to ask
MAX_INTERMEDIATES = 20  # certificates kept for one root; an administration has a dozen
MAX_ALL_INTERMEDIATES = 2000  # for all roots together: with the next line 32 MiB at most
MAX_OCTETS = 16 * 1024  # of a certificate kept; RSA and ECDSA need 2 KiB, ML-DSA 8 KiB
KEPT_FOR = timedelta(days=90)  # since it was seen last; as long as pending certificates


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownChain:
    """A chain that would hold if its end were trusted, as far as anybody can say now."""

    leaf: Certificate
    top: ChainTop


def unknown_chains(
    signers: Iterable[SignerJudgement], trust: TrustFacts
) -> tuple[UnknownChain, ...]:
    """Of signatures that are intact, by the address in From, and lack nothing but an anchor."""
    leaves = {
        judged.certificate.fingerprint: judged.certificate
        for judged in signers
        if judged.certificate is not None and waits_for_a_root(judged)
    }
    return chains_of(leaves.values(), trust)


def chains_of(leaves: Iterable[Certificate], trust: TrustFacts) -> tuple[UnknownChain, ...]:
    tops = ((leaf, chain_top(leaf, trust.evidence.intermediates)) for leaf in leaves)
    return tuple(UnknownChain(leaf=leaf, top=top) for leaf, top in tops if top is not None)


def waits_for_a_root(judged: SignerJudgement) -> bool:
    if judged.path is None or not may_belong_to_sender(judged):
        return False
    return set(judged.reasons) <= _ABOUT_TRUST and ends_nowhere(judged.path)


def ends_nowhere(path: PathVerdict) -> bool:
    """Nothing is wrong with it; it just reaches no anchor."""
    return path.status is PathStatus.INDETERMINATE and not _NO_ANCHOR.isdisjoint(path.findings)


_ABOUT_TRUST = {Reason.SIGNER_NOT_TRUSTED, Reason.REVOCATION_UNKNOWN, Reason.SIGNER_ADDRESS_DIFFERS}
_NO_ANCHOR = {PathFinding.UNTRUSTED_ROOT, PathFinding.ISSUER_UNKNOWN, PathFinding.NO_ANCHORS}
