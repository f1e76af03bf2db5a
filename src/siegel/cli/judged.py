"""The verdict on one message as JSON, version 1 (a public interface, docs/cli.md)."""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from siegel.base.keys import IssuerAndSerial, KeyId
from siegel.cms.ess import Receipt, SecurityLabel
from siegel.pki.certificate import Certificate
from siegel.pki.identity import certified_identity
from siegel.pki.names import display_name
from siegel.pki.verdict import RevocationStatus
from siegel.policy.answers import answers, answers_of
from siegel.policy.inbound import InboundJudgement
from siegel.policy.signers import SignerJudgement
from siegel.smime.layers import (
    CompressedLayer,
    Countersignature,
    EncryptedLayer,
    ErrantLayer,
    Layer,
    OpenedMessage,
    RecipientSeen,
    Signer,
)

Json = dict[str, object]
OUTER_FIELDS = ("From", "Sender", "To", "Cc", "Subject", "Date", "Message-ID")


def message_json(opened: OpenedMessage, judgement: InboundJudgement, sender: str | None) -> Json:
    """Absent values are null, lists never null."""
    judged = iter(judgement.signers)
    asking = opened.asking_for_receipts
    of_all = answers_of(judgement)
    return {
        "version": 1,
        "summary": judgement.summary.value,
        "from": sender,
        "answers": of_all.to_json() if of_all is not None else None,
        "layers": [_layer(layer, judged, asking) for layer in opened.layers],
        "errant": [_errant(errant, judgement) for errant in opened.errant],
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


def _errant(errant: ErrantLayer, judgement: InboundJudgement) -> Json:
    """With the verdict on its own signatures; null where none was checked."""
    judged = next((one for one in judgement.errant if one.path == errant.path), None)
    return {
        "path": errant.path,
        "kind": errant.kind,
        "attached": errant.attached,
        "signers": None if judged is None else [_signer(one, ()) for one in judged.signers],
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


def _layer(layer: Layer, judged: Iterator[SignerJudgement], asking: Sequence[Signer]) -> Json:
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
        "signers": [_signer(next(judged), asking) for _ in layer.signers],
        "receipt": _receipt(layer.receipt) if layer.receipt else None,
        "findings": [finding.value for finding in layer.findings],
    }


def _recipient(recipient: RecipientSeen) -> Json:
    return {
        "kind": recipient.kind,
        "identifier": identifier_json(recipient.identifier),
        "matched": recipient.matched,
    }


def _receipt(receipt: Receipt) -> Json:
    return {
        "content_type": receipt.content_type,
        "content_identifier": receipt.content_identifier.hex(),
        "signature": receipt.signature.hex(),
    }


def _signer(judged: SignerJudgement, asking: Sequence[Signer]) -> Json:
    signer, path = judged.signer, judged.path
    revocation = path.revocation if path is not None else RevocationStatus.NOT_CHECKED
    label = signer.services.security_label
    return {
        **_who(signer.certificate),
        "answers": answers(judged).to_json(),
        "identity": _identity(judged),
        "intact": signer.intact,
        "signature_valid": signer.signature_valid,
        "path": path.status.value if path is not None else "indeterminate",
        "path_reasons": [reason.finding.value for reason in path.reasons]
        if path is not None
        else [],
        "revocation": revocation.value,
        "trusted": judged.trusted,
        "bound_to_from": judged.bound_to_from,
        "bound_by": judged.bound_by.value if judged.bound_by else None,
        "chain": list(path.path) if path is not None else [],
        "digest": signer.digest,
        "weak": signer.weak,
        "signing_time": time(signer.signing_time),
        "identifier": identifier_json(signer.identifier),
        "countersignatures": [_countersignature(one) for one in signer.countersignatures],
        "security_label": _label(label) if label else None,
        "receipt_requested": any(signer is one for one in asking),
        "reasons": [reason.value for reason in judged.reasons],
        "findings": [finding.value for finding in judged.findings],
    }


def _identity(judged: SignerJudgement) -> Json | None:
    certificate = judged.signer.certificate
    if certificate is None:
        return None
    return {**certified_identity(certificate, trusted=judged.trusted).to_json()}


def _who(certificate: Certificate | None) -> Json:
    addresses = certificate.addresses if certificate is not None else ()
    return {
        "addresses": [str(address) for address in addresses],
        "certificate_sha256": certificate.fingerprint if certificate is not None else None,
    }


def _countersignature(one: Countersignature) -> Json:
    return {
        **_who(one.certificate),
        "intact": one.intact,
        "signature_valid": one.signature_valid,
        "signing_time": time(one.signing_time),
        "identifier": identifier_json(one.identifier),
        "countersignatures": [_countersignature(other) for other in one.countersignatures],
        "findings": [finding.value for finding in one.findings],
    }


def _label(label: SecurityLabel) -> Json:
    return {
        "policy": label.policy,
        "classification": label.classification,
        "privacy_mark": label.privacy_mark,
        "categories": list(label.categories),
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
