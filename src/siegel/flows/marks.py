"""The marks a delivered message carries: header fields for programs, a subject tag for people."""

from siegel.base.keys import IssuerAndSerial
from siegel.policy.inbound import CryptographicSummary, InboundJudgement
from siegel.policy.reasons import Reason
from siegel.policy.signers import SignerJudgement
from siegel.transport.authentication_results import (
    SmimeMark,
    SmimeResult,
    authentication_results,
)
from siegel.wording.lookup import words
from siegel.wording.words import Language


def result_fields(judgement: InboundJudgement, hostname: str, number: int) -> list[bytes]:
    """Authentication-Results (RFC 8601, 7281) and our own fields, complete with line ends."""
    marks = [_mark(signer) for signer in judgement.signers]
    reasons = " ".join(reason.value for reason in judgement.reasons)
    return [
        authentication_results(hostname, marks or [SmimeMark(result=SmimeResult.NONE)]),
        f"X-Siegel-Summary: {judgement.summary.value}\r\n".encode(),
        f"X-Siegel-Reasons: {reasons}\r\n".encode(),
        f"X-Siegel-Journal: {number}\r\n".encode(),
    ]


def tag(summary: CryptographicSummary, language: Language, *, by_organisation: bool = False) -> str:
    """The tag of an opened message: its summary in words, and that no person signed."""
    title = words(summary, language).title
    return f"[{title}: {_ORGANISATION[language]}]" if by_organisation else f"[{title}]"


_ORGANISATION = {
    Language.DE: "Zertifikat der Organisation",
    Language.EN: "certificate of the organisation",
}


def all_tags() -> tuple[str, ...]:
    """Every tag that only we may write, in every language."""
    return tuple(
        dict.fromkeys(
            tag(summary, language, by_organisation=by_organisation)
            for summary in CryptographicSummary
            for language in Language
            for by_organisation in (False, True)
        )
    )


def _mark(judged: SignerJudgement) -> SmimeMark:
    certificate = judged.signer.certificate
    identifier = judged.signer.identifier
    named = certificate if isinstance(identifier, IssuerAndSerial) else None
    return SmimeMark(
        result=_result(judged),
        reason="; ".join(reason.value for reason in judged.reasons) or _label(judged),
        identifier=str(certificate.addresses[0]) if certificate and certificate.addresses else "",
        serial=f"{named.serial:x}" if named else "",
        issuer=named.issuer if named else "",
    )


def _label(judged: SignerJudgement) -> str:
    return Reason.SIGNED_BY_ORGANISATION.value if judged.by_organisation else ""


def _result(judged: SignerJudgement) -> SmimeResult:
    """RFC 7281 §3.1: fail = does not verify; policy = verifies, but our rules do not accept it."""
    if judged.counts:
        return SmimeResult.PASS
    signer = judged.signer
    if signer.intact is None or signer.signature_valid is None:
        return SmimeResult.NEUTRAL
    return SmimeResult.POLICY if signer.intact and signer.signature_valid else SmimeResult.FAIL
