"""What the test robot tells about a message: one answer to each question that a partner has.

Closed lists instead of sentences: nothing that a stranger wrote gets into the answer this way.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from siegel.pki.verdict import PathFinding, PathStatus
from siegel.policy.inbound import InboundJudgement, is_opened, is_strongly_encrypted
from siegel.policy.reasons import Obstacle, Reason
from siegel.policy.signers import SignerJudgement
from siegel.smime.layers import OpenedMessage


class OnSignature(StrEnum):
    """Is your signature good here?"""

    COUNTS = "counts"
    NOT_SIGNED = "not_signed"
    NOT_TRUSTED = "not_trusted"
    EXPIRED = "expired"
    REVOKED = "revoked"
    OTHER_ADDRESS = "other_address"
    BROKEN = "broken"
    NOT_CHECKABLE = "not_checkable"
    ONLY_A_PART = "only_a_part"
    NOT_FOR_SIGNING = "not_for_signing"
    OUTSIDE_ENCRYPTION = "outside_encryption"
    OTHERWISE = "otherwise"


class OnEncryption(StrEnum):
    """Did you encrypt so that we can read it?"""

    OPENED = "opened"
    OPENED_WEAK = "opened_weak"
    CLOSED = "closed"
    NOT_ENCRYPTED = "not_encrypted"


class OnAnswer(StrEnum):
    """Can we write encrypted mail to you now?"""

    READY = "ready"
    WAITS_FOR_US = "waits_for_us"
    NO_CERTIFICATE = "no_certificate"
    NOT_FOR_ENCRYPTION = "not_for_encryption"
    OVER = "over"
    OTHERWISE = "otherwise"


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenCertificate:
    """What may be told of the certificate of a signature: figures, and names only where a trusted
    authority stands for them."""

    fingerprint: str
    not_after: datetime
    issuer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The answers, and the certificate they speak of."""

    signature: OnSignature
    encryption: OnEncryption
    answer: OnAnswer
    certificate: SeenCertificate | None


def report(
    opened: OpenedMessage,
    judgement: InboundJudgement,
    obstacles: Sequence[Obstacle],
    *,
    usable: bool,
) -> Report:
    """``usable``: there is a certificate of the sender to encrypt to; else ``obstacles`` say what
    is against the best one."""
    signer = judgement.signer
    return Report(
        signature=on_signature(judgement),
        encryption=on_encryption(opened),
        answer=OnAnswer.READY if usable else on_answer(obstacles),
        certificate=None if signer is None else _certificate(signer),
    )


def on_signature(judgement: InboundJudgement) -> OnSignature:
    signer = judgement.signer
    if signer is None:
        part = Reason.SIGNS_ONLY_A_PART in judgement.reasons
        return OnSignature.ONLY_A_PART if part else OnSignature.NOT_SIGNED
    if signer.counts:
        return OnSignature.COUNTS
    if _has_expired(signer):
        return OnSignature.EXPIRED
    return next(
        (said for reason, said in _SIGNATURES.items() if reason in signer.reasons),
        OnSignature.OTHERWISE,
    )


def on_encryption(opened: OpenedMessage) -> OnEncryption:
    if not opened.encrypted_layers:
        return OnEncryption.NOT_ENCRYPTED
    if not is_opened(opened):
        return OnEncryption.CLOSED
    strong = is_strongly_encrypted(opened)
    return OnEncryption.OPENED if strong else OnEncryption.OPENED_WEAK


def on_answer(obstacles: Sequence[Obstacle]) -> OnAnswer:
    if not obstacles:
        return OnAnswer.NO_CERTIFICATE
    return next((said for one, said in _OBSTACLES.items() if one in obstacles), OnAnswer.OTHERWISE)


def _has_expired(signer: SignerJudgement) -> bool:
    path = signer.path
    findings = () if path is None else tuple(reason.finding for reason in path.reasons)
    return PathFinding.EXPIRED in findings and Reason.SIGNER_NOT_TRUSTED in signer.reasons


def _certificate(signer: SignerJudgement) -> SeenCertificate | None:
    certificate = signer.certificate
    if certificate is None:
        return None
    vouched = signer.path is not None and signer.path.status is PathStatus.VALID
    return SeenCertificate(
        fingerprint=certificate.fingerprint,
        not_after=certificate.not_after,
        issuer=certificate.issuer if vouched else "",
    )


# the first that stands in the reasons is told: what explains most
_SIGNATURES = {
    Reason.SIGNATURE_BROKEN: OnSignature.BROKEN,
    Reason.SIGNATURE_NOT_CHECKABLE: OnSignature.NOT_CHECKABLE,
    Reason.SIGNER_ADDRESS_DIFFERS: OnSignature.OTHER_ADDRESS,
    Reason.SIGNED_BY_SENDER_FIELD: OnSignature.OTHER_ADDRESS,
    Reason.SIGNER_REVOKED: OnSignature.REVOKED,
    Reason.SIGNER_NOT_TRUSTED: OnSignature.NOT_TRUSTED,
    Reason.SIGNER_MAY_NOT_SIGN: OnSignature.NOT_FOR_SIGNING,
    Reason.SIGNED_OUTSIDE_ENCRYPTION: OnSignature.OUTSIDE_ENCRYPTION,
    Reason.SIGNS_ONLY_A_PART: OnSignature.ONLY_A_PART,
}
_OBSTACLES = {
    Obstacle.NO_CERTIFICATE: OnAnswer.NO_CERTIFICATE,
    Obstacle.EXPIRED: OnAnswer.OVER,
    Obstacle.REVOKED: OnAnswer.OVER,
    Obstacle.WRONG_USAGE: OnAnswer.NOT_FOR_ENCRYPTION,
    Obstacle.PENDING: OnAnswer.WAITS_FOR_US,
    Obstacle.CHANGE_UNCONFIRMED: OnAnswer.WAITS_FOR_US,
    Obstacle.NOT_TRUSTED: OnAnswer.WAITS_FOR_US,
}
