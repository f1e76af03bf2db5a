"""One signature in three answers: is it intact, is it valid, is it trusted for this From?

They stay apart because people confuse them: an unchanged text says nothing about who wrote it, and
a good certificate nothing about this text. All three are good exactly when the signature counts
(of a part beside others: when it holds for that part).
"""

from dataclasses import dataclass
from enum import StrEnum

from siegel.base.verdict import Verdict
from siegel.pki.verdict import PathStatus
from siegel.policy.inbound import InboundJudgement
from siegel.policy.reasons import Reason
from siegel.policy.signers import SignerJudgement


class Intact(StrEnum):
    """Is every octet as it was signed?"""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Valid(StrEnum):
    """Was the signature made with the key of the certificate, in a way that nobody can forge?"""

    YES = "yes"
    WEAK = "weak"
    NO = "no"
    UNKNOWN = "unknown"


class TrustedForFrom(StrEnum):
    """Is the certificate that of the address in From, from an authority that is trusted?

    ORGANISATION: an administrator bound that of the organisation. ON_BEHALF: it is that of the
    address in Sender.
    """

    YES = "yes"
    ORGANISATION = "organisation"
    ON_BEHALF = "on_behalf"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers(Verdict):
    """What a page shows of one signature."""

    intact: Intact
    valid: Valid
    trusted_for_from: TrustedForFrom

    @property
    def good(self) -> bool:
        known = (TrustedForFrom.YES, TrustedForFrom.ORGANISATION)
        return (
            self.intact is Intact.YES and self.valid is Valid.YES and self.trusted_for_from in known
        )

    def to_json(self) -> dict[str, str]:
        return {
            "intact": self.intact.value,
            "valid": self.valid.value,
            "trusted_for_from": self.trusted_for_from.value,
        }


def answers_of(judgement: InboundJudgement) -> Answers | None:
    """Of the signature to show; None for a message without any."""
    return answers(judgement.signer) if judgement.signer is not None else None


def answers(judged: SignerJudgement) -> Answers:
    intact, valid = _intact(judged), _valid(judged)
    proven = intact is not Intact.NO and valid in (Valid.YES, Valid.WEAK)
    # whose certificate lies beside a signature that does not hold, says nothing
    trusted = _trusted(judged) if proven else TrustedForFrom.UNKNOWN
    return Answers(intact=intact, valid=valid, trusted_for_from=trusted)


def _intact(judged: SignerJudgement) -> Intact:
    if judged.signer.intact is False:
        return Intact.NO
    unread = judged.signer.intact is None or Reason.TOO_COMPLEX in judged.reasons
    return Intact.UNKNOWN if unread else Intact.YES


def _valid(judged: SignerJudgement) -> Valid:
    signer, reasons = judged.signer, judged.reasons
    contradicts = Reason.SIGNATURE_BROKEN in reasons and signer.intact is not False
    if signer.signature_valid is False or contradicts:
        return Valid.NO
    if not _IN_DOUBT.isdisjoint(reasons):
        return Valid.UNKNOWN
    return Valid.WEAK if Reason.SIGNATURE_WEAK in reasons else Valid.YES


def _trusted(judged: SignerJudgement) -> TrustedForFrom:
    if Reason.SIGNER_NOT_TRUSTED in judged.reasons and _path_is_open(judged):
        undecided = {Reason.SIGNER_NOT_TRUSTED: TrustedForFrom.UNKNOWN}
    else:
        undecided = {}
    table = {**_AGAINST_TRUST, **undecided}
    found = (table[reason] for reason in judged.reasons if reason in table)
    usual = TrustedForFrom.ORGANISATION if judged.by_organisation else TrustedForFrom.YES
    return next(found, usual)


def _path_is_open(judged: SignerJudgement) -> bool:
    return judged.path is None or judged.path.status is PathStatus.INDETERMINATE


_IN_DOUBT = {Reason.SIGNATURE_NOT_CHECKABLE, Reason.SIGNING_TIME_IN_FUTURE}
_AGAINST_TRUST = {
    Reason.FROM_AMBIGUOUS: TrustedForFrom.NO,
    Reason.SIGNED_BY_SENDER_FIELD: TrustedForFrom.ON_BEHALF,
    Reason.SIGNER_ADDRESS_DIFFERS: TrustedForFrom.NO,
    Reason.SIGNER_REVOKED: TrustedForFrom.NO,
    Reason.SIGNER_NOT_TRUSTED: TrustedForFrom.NO,
    Reason.SIGNER_MAY_NOT_SIGN: TrustedForFrom.NO,
    Reason.SIGNED_OUTSIDE_ENCRYPTION: TrustedForFrom.UNKNOWN,
    Reason.REVOCATION_UNKNOWN: TrustedForFrom.UNKNOWN,
}
