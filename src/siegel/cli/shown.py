"""The verdict on one message for people, in a few lines."""

from siegel.cli.output import say
from siegel.policy.inbound import InboundJudgement
from siegel.policy.signers import SignerJudgement
from siegel.smime.layers import CompressedLayer, EncryptedLayer, OpenedMessage
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
                    _show_signer(next(signers))
    for finding in judgement.findings:
        say(f"note: {words(finding, language).title}")


def _show_signer(judged: SignerJudgement) -> None:
    certificate = judged.signer.certificate
    who = certificate.subject if certificate else "unknown certificate"
    worth = "counts" if judged.counts else ", ".join(judged.reasons)
    say(f"  {who}: {worth}")
