"""The verdict on one message for people, in a few lines."""

import click

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
    click.echo(f"{summary.title} – from {sender or 'nobody in particular'}")
    for reason in judgement.reasons:
        click.echo(f"  {words(reason, language).sentence}")
    signers = iter(judgement.signers)
    for layer in opened.layers:
        match layer:
            case CompressedLayer():
                click.echo("layer: compressed")
            case EncryptedLayer():
                state = "opened" if layer.opened else "closed"
                click.echo(f"layer: encrypted, {layer.cipher or 'unknown cipher'}, {state}")
            case _:
                click.echo(f"layer: signed by {len(layer.signers)}")
                for _signer in layer.signers:
                    _show_signer(next(signers))
    for finding in judgement.findings:
        click.echo(f"note: {words(finding, language).title}")


def _show_signer(judged: SignerJudgement) -> None:
    certificate = judged.signer.certificate
    who = certificate.subject if certificate else "unknown certificate"
    worth = "counts" if judged.counts else ", ".join(judged.reasons)
    click.echo(f"  {who}: {worth}")
