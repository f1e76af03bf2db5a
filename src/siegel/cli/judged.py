"""The verdict on one message as JSON, version 1 (a public interface, docs/cli.md)."""

import hashlib
from datetime import UTC, datetime

from siegel.base.keys import IssuerAndSerial, KeyId
from siegel.pki.certificate import Certificate
from siegel.pki.names import display_name
from siegel.policy.inbound import InboundJudgement, SignerJudgement
from siegel.smime.layers import (
    CompressedLayer,
    EncryptedLayer,
    Layer,
    OpenedMessage,
    SignedLayer,
)

Json = dict[str, object]
OUTER_FIELDS = ("From", "Sender", "To", "Cc", "Subject", "Date", "Message-ID")


def message_json(opened: OpenedMessage, judgement: InboundJudgement, sender: str | None) -> Json:
    """Absent values are null, lists never null."""
    judged = iter(judgement.signers)
    return {
        "version": 1,
        "summary": judgement.summary.value,
        "from": sender,
        "layers": [_layer(layer, judged) for layer in opened.layers],
        "errant": [{"path": e.path, "kind": e.kind} for e in opened.errant],
        "payload_sha256": _payload_sha256(opened),
        "protected_fields": [list(field) for field in opened.protected_fields],
        "outer_fields": {name: _outer(opened, name) for name in OUTER_FIELDS},
        "certificates": [_certificate(c) for c in opened.certificates],
        "findings": [finding.value for finding in judgement.findings],
        "reasons": [reason.value for reason in judgement.reasons],
        "at": _time(judgement.at),
    }


def _payload_sha256(opened: OpenedMessage) -> str | None:
    inside = [layer for layer in opened.layers if not isinstance(layer, CompressedLayer)]
    if not inside or (isinstance(inside[-1], EncryptedLayer) and not inside[-1].opened):
        return None
    return hashlib.sha256(opened.payload.exact).hexdigest()
