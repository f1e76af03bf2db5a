"""The verdict on one message for people, in a few lines."""

from siegel.base.findings import Finding, Severity, worst
from siegel.cli.output import say
from siegel.cms.ess import Receipt, SecurityLabel
from siegel.pki.certificate import Certificate
from siegel.policy.inbound import InboundJudgement
from siegel.policy.signers import SignerJudgement
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
    for finding in judgement.findings:
        say(f"note: {words(finding, language).title}")


def _show_signer(judged: SignerJudgement, language: Language) -> None:
    worth = "counts" if judged.counts else ", ".join(judged.reasons)
    say(f"  {_name(judged.signer.certificate)}: {worth}")
    label = judged.signer.services.security_label
    if label is not None:
        _show_label(label, language)
    for one in judged.signer.countersignatures:
        _show_countersignature(one, language)


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
