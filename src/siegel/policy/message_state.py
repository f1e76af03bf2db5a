"""How a received message stands before a reader: one of eight states, the one line above it.

The four summaries of RFC 9787 with what else a person has to know at once. Good states are said of
nothing but a judgement whose summary is good.
"""

from enum import StrEnum

from siegel.base.findings import Finding
from siegel.policy.inbound import CryptographicSummary, InboundJudgement
from siegel.policy.reasons import Reason


class MessageState(StrEnum):
    UNPROTECTED = "unprotected"
    VERIFIED = "verified"
    CONFIDENTIAL = "confidential"
    ENCRYPTED_UNVERIFIED = "encrypted_unverified"
    MISMATCH = "mismatch"  # signed, but not by whom From names
    BROKEN = "broken"  # changed on its way, or the signature is false
    KEY_MISSING = "key_missing"  # encrypted; opens by itself once the key is here
    NOT_CHECKABLE = "not_checkable"  # signed; whether it counts cannot be told (yet)


_GOOD = {
    CryptographicSummary.VERIFIED: MessageState.VERIFIED,
    CryptographicSummary.CONFIDENTIAL: MessageState.CONFIDENTIAL,
}
_NOT_THE_SENDER = {
    Reason.FROM_AMBIGUOUS,
    Reason.SIGNER_ADDRESS_DIFFERS,
    Reason.SIGNED_BY_SENDER_FIELD,
}
_FALSE = {Reason.SIGNATURE_BROKEN, Reason.SIGNER_REVOKED}


def state_of(judgement: InboundJudgement) -> MessageState:
    """What weighs most: closed, then good, then why the signature does not count."""
    if Finding.NO_DECRYPTION_KEY in judgement.findings:
        return MessageState.KEY_MISSING
    if judgement.summary in _GOOD:
        return _GOOD[judgement.summary]
    reasons = frozenset(judgement.reasons)
    if judgement.signers and reasons & _FALSE:
        return MessageState.BROKEN
    if judgement.signers and reasons & _NOT_THE_SENDER:
        return MessageState.MISMATCH
    if judgement.summary is CryptographicSummary.ENCRYPTED_UNVERIFIED:
        return MessageState.ENCRYPTED_UNVERIFIED
    if judgement.signers or _is_closed(reasons):
        return MessageState.NOT_CHECKABLE
    return MessageState.UNPROTECTED


def _is_closed(reasons: frozenset[Reason]) -> bool:
    return Reason.ENCRYPTION_CLOSED in reasons
