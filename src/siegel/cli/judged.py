"""The verdict on one message as JSON, version 1 (a public interface, docs/cli.md)."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime

from siegel.base.keys import IssuerAndSerial, KeyId
from siegel.pki.certificate import Certificate
from siegel.pki.names import display_name
from siegel.pki.verdict import RevocationStatus
from siegel.policy.inbound import InboundJudgement
from siegel.policy.signers import SignerJudgement
from siegel.smime.layers import (
    CompressedLayer,
    EncryptedLayer,
    Layer,
    OpenedMessage,
    RecipientSeen,
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
        "errant": [{"path": errant.path, "kind": errant.kind} for errant in opened.errant],
        "payload_sha256": payload_sha256(opened),
        "protected_fields": [
            {"name": name, "value": value} for name, value in opened.protected_fields
        ],
        "outer_fields": {name.lower(): _outer(opened, name) for name in OUTER_FIELDS},
        "certificates": [_certificate(certificate) for certificate in opened.certificates],
        "findings": [finding.value for finding in judgement.findings],
        "reasons": [reason.value for reason in judgement.reasons],
        "at": time(judgement.at),
    }


def payload_sha256(opened: OpenedMessage) -> str | None:
    """Of the protected entity, exactly as protected; null where no protection was undone."""
    undone = [
        layer
        for layer in opened.layers
        if not isinstance(layer, CompressedLayer)
        and (not isinstance(layer, EncryptedLayer) or layer.opened)
    ]
    return hashlib.sha256(opened.payload.exact).hexdigest() if undone else None


def time(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat() if moment else None


def identifier_json(identifier: KeyId | None) -> Json | None:
    """Issuer and serial (hexadecimal), or the subjectKeyIdentifier (hexadecimal)."""
    if isinstance(identifier, IssuerAndSerial):
        serial = f"{identifier.serial:x}"
        return {"issuer": display_name(identifier.issuer), "serial": serial}
    return {"subject_key_identifier": identifier.hex()} if identifier is not None else None


def _layer(layer: Layer, judged: Iterator[SignerJudgement]) -> Json:
    if isinstance(layer, CompressedLayer):
        return {"kind": "compressed", "findings": [f.value for f in layer.findings]}
    if isinstance(layer, EncryptedLayer):
        return {
            "kind": "encrypted",
            "opened": layer.opened,
            "cipher": layer.cipher,
            "authenticated": layer.authenticated,
            "weak": layer.weak,
            "recipients": [_recipient(recipient) for recipient in layer.recipients],
            "key_found": layer.key_found,
            "findings": [finding.value for finding in layer.findings],
        }
    return {
        "kind": "signed",
        "detached": layer.detached,
        "signers": [_signer(next(judged)) for _ in layer.signers],
        "findings": [finding.value for finding in layer.findings],
    }


def _recipient(recipient: RecipientSeen) -> Json:
    return {
        "kind": recipient.kind,
        "identifier": identifier_json(recipient.identifier),
        "matched": recipient.matched,
    }


def _signer(judged: SignerJudgement) -> Json:
    signer, path, certificate = judged.signer, judged.path, judged.signer.certificate
    revocation = path.revocation if path is not None else RevocationStatus.NOT_CHECKED
    return {
        "addresses": [str(address) for address in certificate.addresses]
        if certificate is not None
        else [],
        "certificate_sha256": certificate.fingerprint if certificate is not None else None,
        "intact": signer.intact,
        "signature_valid": signer.signature_valid,
        "path": path.status.value if path is not None else "indeterminate",
        "path_reasons": [reason.finding.value for reason in path.reasons]
        if path is not None
        else [],
        "revocation": revocation.value,
        "trusted": judged.trusted,
        "bound_to_from": judged.bound_to_from,
        "chain": list(path.path) if path is not None else [],
        "digest": signer.digest,
        "weak": signer.weak,
        "signing_time": time(signer.signing_time),
        "identifier": identifier_json(signer.identifier),
        "reasons": [reason.value for reason in judged.reasons],
        "findings": [finding.value for finding in judged.findings],
    }


def _certificate(certificate: Certificate) -> Json:
    return {
        "sha256": certificate.fingerprint,
        "subject": certificate.subject,
        "issuer": certificate.issuer,
        "serial": f"{certificate.serial:x}",
        "addresses": [str(address) for address in certificate.addresses],
        "not_before": time(certificate.not_before),
        "not_after": time(certificate.not_after),
        "is_ca": certificate.is_ca,
    }


def _outer(opened: OpenedMessage, name: str) -> str | None:
    field = opened.message.get(name)
    return field.value if field else None
