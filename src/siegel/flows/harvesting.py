"""Keep what a protected message brought: its original, the judgement, partners' certificates, and
what their programs can read.

„… automatisch importiert und mit der E-Mailadresse des Absenders verknüpft“; whether a certificate
may be used is asked anew each time. All of it is one transaction.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from siegel.flows import journaling, unknown_roots
from siegel.flows.outgoing_message import any_address
from siegel.flows.site import Site
from siegel.pki.certificate import Certificate
from siegel.policy.actions import Action
from siegel.policy.harvest import HarvestItem, HarvestState
from siegel.policy.judging import Judged
from siegel.policy.signers import SignerJudgement
from siegel.smime.layers import OpenedMessage
from siegel.store.queries import (
    alerts,
    capabilities,
    certificates,
    journal,
    judgements,
    message_signers,
    messages,
    pending,
)
from siegel.store.queries.certificates import Source
from siegel.store.queries.messages import Direction
from siegel.store.text import Json
from siegel.store.transaction import together
from siegel.transport.envelope import Envelope

ACTOR = "gateway"


def keep(
    envelope: Envelope,
    recipients: Sequence[str],
    opened: OpenedMessage,
    judged: Judged,
    site: Site,
    at: datetime,
) -> None:
    """Write everything down, or nothing. ``recipients``: those who see it so."""
    stored = messages.keep(
        bytes(opened.message.raw),
        direction=Direction.INBOUND,
        received_at=at,
        envelope_from=envelope.sender,
        recipients=[str(any_address(text)) for text in envelope.recipients],
        message_id=journaling.message_id(opened.message),
        keep_until=at + timedelta(days=site.keep_days),
    )
    record(stored.sha256, recipients, opened, judged, seen_at=at)


def record(
    message_sha256: str,
    recipients: Sequence[str],
    opened: OpenedMessage,
    judged: Judged,
    *,
    seen_at: datetime,
) -> None:
    """The judgement on a kept message and what it teaches. ``seen_at``: when the message came."""
    judgement, at = judged.judgement, judged.judgement.at
    with together():
        judgements.add(
            message_sha256,
            summary=judgement.summary.value,
            reasons=[reason.value for reason in judgement.reasons],
            findings=[finding.value for finding in judgement.findings],
            verdicts={
                "signers": [_signer(signer) for signer in judgement.signers],
                "recipients": [str(any_address(text)) for text in recipients],
            },
            at=at,
        )
        for item in judgement.harvest:
            _keep_item(item, judged, at, seen_at)
        for announced in judgement.capabilities:
            capabilities.record(
                announced.spki_sha256, signing_time=announced.signed_at, der=announced.octets
            )
        _keep_intermediates(opened, judged, at)
        signers = [signer.certificate for signer in judgement.signers]
        message_signers.record(message_sha256, [one for one in signers if one is not None])
        unknown_roots.note_signers(opened.message, judged)


def _keep_item(item: HarvestItem, judged: Judged, at: datetime, seen_at: datetime) -> None:
    if item.state is HarvestState.PENDING:
        verdict = judged.verdicts.get(item.certificate.fingerprint)
        reasons = (
            [reason.finding.value for reason in verdict.reasons] if verdict is not None else []
        )
        pending.add_pending(
            item.certificate, item.address, reasons=reasons, at=at, only_trust=item.only_trust
        )
        return
    link(item, at=at, seen_at=seen_at)


def link(
    item: HarvestItem,
    *,
    at: datetime,
    seen_at: datetime | None,
    source: Source = Source.HARVESTED,
    by: str = ACTOR,
    found: Action = Action.CERTIFICATE_HARVESTED,
) -> None:
    """Use the certificate for its address; people's refusals stand, and a new key is told of.
    ``seen_at`` None: no mail brought it."""
    if pending.is_rejected(item.certificate.fingerprint, item.address):
        return
    certificates.add(item.certificate, source=source, by=by, at=at)
    certificates.link(item.certificate.fingerprint, item.address, by=by, at=at, seen_at=seen_at)
    pending.settle(item.certificate.fingerprint, item.address)
    if item.key_change and item.previous is not None:
        alerts.add_alert(
            item.address, previous=item.previous, current=item.certificate.fingerprint, at=at
        )
    journal.write(
        at=at,
        actor=by,
        action=Action.CERTIFICATE_KEY_CHANGE if item.key_change else found,
        about=str(item.address),
        detail={"fingerprint": item.certificate.fingerprint, "previous": item.previous or ""},
    )


def _keep_intermediates(opened: OpenedMessage, judged: Judged, at: datetime) -> None:
    """CA certificates of paths that hold: the next message may come without them."""
    on_valid_paths = {
        fingerprint
        for signer in judged.judgement.signers
        if signer.trusted and signer.path is not None
        for fingerprint in signer.path.path
    }
    needed: list[Certificate] = [
        c for c in opened.certificates if c.is_ca and c.fingerprint in on_valid_paths
    ]
    for certificate in needed:
        certificates.add(certificate, source=Source.HARVESTED, by=ACTOR, at=at)


def _signer(judged: SignerJudgement) -> dict[str, Json]:
    """What the verdict rested on, so that it can be read years later."""
    certificate, path = judged.signer.certificate, judged.path
    return {
        "certificate": certificate.fingerprint if certificate is not None else None,
        "intact": judged.signer.intact,
        "signature_valid": judged.signer.signature_valid,
        "path": path.status.value if path is not None else None,
        "chain": list(path.path) if path is not None else [],
        "revocation": path.revocation.value if path is not None else None,
        "bound_to_from": judged.bound_to_from,
        "bound_by": judged.bound_by.value if judged.bound_by else None,
        "reasons": [reason.value for reason in judged.reasons],
    }
