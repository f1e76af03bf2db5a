"""Opened messages for policy tests: layers put together by hand, around a small real message."""

from datetime import timedelta
from typing import Any

from siegel.base.address import EmailAddress
from siegel.base.keys import IssuerAndSerial
from siegel.mime.message import Part
from siegel.mime.parse import parse_entity, parse_message
from siegel.pki.certificate import Certificate
from siegel.pki.verdict import PathVerdict
from siegel.policy.inbound import InboundJudgement, judge
from siegel.policy.rules import OrganisationRules
from siegel.policy.signers import KnownCertificate
from siegel.smime.layers import EncryptedLayer, Layer, OpenedMessage, SignedLayer, Signer
from tests.unit.policy.facts import HUBER, NOW, RULES, TRUSTED, certificate

MESSAGE = b"From: huber@school.example\r\nTo: alice@office.example\r\n\r\nHallo\r\n"


def signer(name: str | None = "huber", **changes: Any) -> Signer:
    """A signature in order by a person of the world (None: its certificate is missing)."""
    return signer_of(certificate(name) if name else None, **changes)


def signer_of(made_with: Certificate | None, **changes: Any) -> Signer:
    given: dict[str, Any] = {
        "identifier": made_with.issuer_and_serial if made_with else IssuerAndSerial(b"", 1),
        "certificate": made_with,
        "intact": True,
        "signature_valid": True,
        "digest": "sha256",
        "algorithm": "rsa_pkcs1",
        "weak": False,
        "signing_time": NOW - timedelta(minutes=1),
        **changes,
    }
    return Signer(**given)


def signed(*signers: Signer, **changes: Any) -> SignedLayer:
    came = tuple(one.certificate for one in signers if one.certificate)
    given: dict[str, Any] = {"detached": True, "certificates": came, **changes}
    return SignedLayer(signers=signers, **given)


def encrypted(**changes: Any) -> EncryptedLayer:
    given: dict[str, Any] = {
        "opened": True,
        "cipher": "aes256-cbc",
        "authenticated": False,
        "weak": False,
        "key_found": True,
        **changes,
    }
    return EncryptedLayer(**given)


def opened(*layers: Layer, inside: bytes | None = None, **changes: Any) -> OpenedMessage:
    """``inside`` is a payload with header protection: its fields are protected ones."""
    message = parse_message(MESSAGE)
    payload: Part = message.root if inside is None else parse_entity(inside)
    protected = () if inside is None else tuple((f.name, f.value) for f in payload.fields)
    return OpenedMessage(
        message=message, layers=layers, payload=payload, protected_fields=protected, **changes
    )


def judged(
    message: OpenedMessage,
    *,
    paths: dict[str, PathVerdict] | None = None,
    from_: tuple[EmailAddress, ...] = (HUBER,),
    sender_field: EmailAddress | None = None,
    known: tuple[KnownCertificate, ...] = (),
    rules: OrganisationRules = RULES,
) -> InboundJudgement:
    """Judge with a valid path for every certificate, but for those named in ``paths``."""
    layers = [layer for layer in message.layers if isinstance(layer, SignedLayer)]
    certificates = {
        one.fingerprint
        for layer in layers
        for one in (*layer.certificates, *(s.certificate for s in layer.signers if s.certificate))
    }
    verdicts = dict.fromkeys(certificates, TRUSTED) | (paths or {})
    return judge(message, verdicts, from_, sender_field, known, at=NOW, rules=rules)
