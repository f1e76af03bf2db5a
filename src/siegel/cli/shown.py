"""The verdict on one message for people, in a few lines."""

from siegel.base.findings import Finding, Severity, worst
from siegel.cli.output import say
from siegel.cms.ess import Receipt, SecurityLabel
from siegel.pki.certificate import Certificate
from siegel.pki.identity import certified_identity
from siegel.policy.answers import answers_of
from siegel.policy.inbound import InboundJudgement
from siegel.policy.reasons import Reason
from siegel.policy.signers import ErrantJudgement, SignerJudgement
from siegel.smime.layers import CompressedLayer, Countersignature, EncryptedLayer, OpenedMessage
from siegel.wording.lookup import words
from siegel.wording.words import Language


def show_message(
    opened: OpenedMessage,
    judgement: InboundJudgement,
    sender: str | None,
    language: Language = Language.EN,
) -> None:
    """Summary, reasons, then each layer from outside inwards."""
    summary = words(judgement.summary, language)
    say(f"{summary.title} – from {sender or 'nobody in particular'}")
    for reason in judgement.reasons:
        say(f"  {words(reason, language).sentence}")
    asked = answers_of(judgement)
    if asked is not None:
        say(f"intact? {words(asked.intact, language).title}")
        say(f"valid? {words(asked.valid, language).title}")
        say(f"trusted for this From? {words(asked.trusted_for_from, language).title}")
    _show_layers(opened, judgement, language)
    for errant in judgement.errant:
        _show_errant(errant, language)
    for finding in judgement.findings:
        say(f"note: {words(finding, language).title}")


def _show_layers(opened: OpenedMessage, judgement: InboundJudgement, language: Language) -> None:
    signers = iter(judgement.signers)
    for layer in opened.layers:
        match layer:
            case CompressedLayer():
                say("layer: compressed")
            case EncryptedLayer():
                state = "opened" if layer.opened else "closed"
                say(f"layer: encrypted, {layer.cipher or 'unknown cipher'}, {state}")
            case _:
                say(f"layer: signed by {len(layer.signers)}")
                for _signer in layer.signers:
                    _show_signer(next(signers), language)
                if layer.receipt is not None:
                    _show_receipt(layer.receipt, language)


def _show_errant(errant: ErrantJudgement, language: Language) -> None:
    """Apart from the layers of the message: it says nothing about the whole."""
    worth = "holds for this part alone" if errant.hold_for_their_part else "does not hold"
    say(f"part {errant.path}: {errant.kind}, its signature {worth}")
    for judged in errant.signers:
        _show_signer(judged, language)


def _show_signer(judged: SignerJudgement, language: Language) -> None:
    worth = "counts" if judged.counts else ", ".join(judged.reasons)
    say(f"  {_name(judged.signer.certificate)}: {worth}")
    if judged.by_organisation:
        say(f"    {words(Reason.SIGNED_BY_ORGANISATION, language).title}")
    if judged.signer.certificate is not None:
        _show_identity(judged.signer.certificate, judged, language)
    label = judged.signer.services.security_label
    if label is not None:
        _show_label(label, language)
    for one in judged.signer.countersignatures:
        _show_countersignature(one, language)


def _show_identity(certificate: Certificate, judged: SignerJudgement, language: Language) -> None:
    """What was checked as such; what the subject merely claims stands in its name above."""
    identity = certified_identity(certificate, trusted=judged.trusted)
    checked = [name for name in (identity.person, identity.organisation) if name is not None]
    say(f"    identity: {': '.join((words(identity.type, language).title, *checked))}")


def _show_label(label: SecurityLabel, language: Language) -> None:
    """What the numbers mean, only those know who made the policy."""
    facts = [f"policy {label.policy}"]
    facts += [f"classification {label.classification}"] if label.classification is not None else []
    facts += [f"„{label.privacy_mark}“"] if label.privacy_mark is not None else []
    facts += [f"category {category}" for category in label.categories]
    say(f"    {words(Finding.SECURITY_LABELLED, language).title}: {', '.join(facts)}")


def _show_countersignature(one: Countersignature, language: Language, depth: int = 2) -> None:
    holds = one.intact and one.signature_valid and worst(one.findings) is not Severity.BAD
    worth = "holds" if holds else ", ".join(one.findings)
    title = words(Finding.COUNTERSIGNED, language).title
    say(f"{'  ' * depth}{title}: {_name(one.certificate)}: {worth}")
    for other in one.countersignatures:
        _show_countersignature(other, language, depth + 1)


def _show_receipt(receipt: Receipt, language: Language) -> None:
    title = words(Finding.SIGNED_RECEIPT, language).title
    say(f"  {title}: {receipt.content_identifier.hex()} {receipt.signature.hex()}")


def _name(certificate: Certificate | None) -> str:
    return certificate.subject if certificate else "unknown certificate"
