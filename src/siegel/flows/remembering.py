"""A judgement that was written down, put together again: the truth of its day.

What a page says of a message is what was judged then – certificates end, revocation lists go –,
until somebody judges it anew. What is mathematically in the message is read again each time; only
its worth is remembered.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from siegel.base.findings import Finding
from siegel.pki.verdict import PathStatus, PathVerdict, RevocationStatus
from siegel.policy.inbound import CryptographicSummary, InboundJudgement
from siegel.policy.reasons import Reason
from siegel.policy.signers import BoundBy, SignerJudgement
from siegel.smime.layers import OpenedMessage, SignedLayer, Signer
from siegel.store.rows import JudgementRow


def remembered(row: JudgementRow, opened: OpenedMessage) -> InboundJudgement | None:
    """None where the message shows other signatures now than were judged then (a key has come):
    then it has to be judged."""
    signers = [
        (index, signer)
        for index, layer in enumerate(opened.layers)
        if isinstance(layer, SignedLayer)
        for signer in layer.signers
    ]
    stored: Sequence[Mapping[str, Any]] = row.verdicts.get("signers", ())
    if [_fingerprint(signer) for _, signer in signers] != [one["certificate"] for one in stored]:
        return None
    if _is_closed(opened) != (Finding.NO_DECRYPTION_KEY.value in row.findings):
        return None
    return InboundJudgement(
        summary=CryptographicSummary(row.summary),
        reasons=tuple(Reason(code) for code in row.reasons),
        signers=tuple(
            _signer(index, signer, one, row.at)
            for (index, signer), one in zip(signers, stored, strict=True)
        ),
        findings=tuple(Finding(code) for code in row.findings),
        harvest=(),
        at=row.at,
    )


def _signer(layer: int, signer: Signer, stored: Mapping[str, Any], at: datetime) -> SignerJudgement:
    path = _path(stored, at)
    return SignerJudgement(
        layer=layer,
        signer=signer,
        path=path,
        trusted=path is not None and path.status is PathStatus.VALID,
        bound_by=BoundBy(stored["bound_by"]) if stored["bound_by"] else None,
        reasons=tuple(Reason(code) for code in stored["reasons"]),
        findings=signer.findings,
    )


def _path(stored: Mapping[str, Any], at: datetime) -> PathVerdict | None:
    if stored["path"] is None:
        return None
    chain = tuple(stored["chain"])
    status = PathStatus(stored["path"])
    return PathVerdict(
        status=status,
        at=at,
        path=chain,
        anchor=chain[-1] if chain and status is PathStatus.VALID else None,
        revocation=RevocationStatus(stored["revocation"]),
    )


def _fingerprint(signer: Signer) -> str | None:
    return signer.certificate.fingerprint if signer.certificate is not None else None


def _is_closed(opened: OpenedMessage) -> bool:
    return Finding.NO_DECRYPTION_KEY in opened.findings or any(
        Finding.NO_DECRYPTION_KEY in layer.findings for layer in opened.layers
    )
