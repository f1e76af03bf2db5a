"""``siegel message``: open and protect single messages, without configuration or store."""

from datetime import UTC, datetime

import click

from siegel.cli.exits import Exit
from siegel.cli.files import (
    Moment,
    naming,
    read_certificates,
    read_crls,
    read_input,
    write_output,
)
from siegel.cli.judged import message_json
from siegel.cli.keyfiles import read_key_files
from siegel.cli.output import as_json as print_json
from siegel.cli.protecting import Choices, protected_chunks
from siegel.cli.shown import show_message
from siegel.cli.verbs import OF_MESSAGE, Verbs
from siegel.flows.judging import Judged, judge_opened
from siegel.flows.trust_facts import TrustFacts
from siegel.mime.fields import from_addresses
from siegel.mime.message import Message
from siegel.mime.parse import parse_message
from siegel.pki.anchors import AnchorSet, AnchorSource, TrustAnchor
from siegel.pki.evidence import Evidence
from siegel.pki.softkeys import SoftwareKeyring
from siegel.pki.verdict import PathStatus, RevocationStatus
from siegel.policy.inbound import CryptographicSummary
from siegel.policy.rules import Cipher, KeyTransport, OrganisationRules, RsaSignature
from siegel.policy.signers import SignerJudgement
from siegel.smime.layers import CompressedLayer, OpenedMessage
from siegel.smime.open import open_message

SUMMARIES = [summary.value for summary in CryptographicSummary]

_FILES = click.Path(dir_okay=False)


def now() -> datetime:
    return datetime.now(UTC)


@click.group(cls=Verbs, late=OF_MESSAGE)
def message() -> None:
    """Open and protect single messages (both without a configuration)."""


@message.command("open")
@click.argument("file", type=_FILES)
@click.option("--key", "keys", multiple=True, type=_FILES, help=".p12, or PEM key and certificate.")
@click.option("--passphrase-file", "passphrase_files", multiple=True, type=_FILES)
@click.option("--anchor", "anchors", multiple=True, type=_FILES, help="Certificates to trust.")
@click.option("--intermediate", "intermediates", multiple=True, type=_FILES)
@click.option("--crl", "crls", multiple=True, type=_FILES, help="Revocation lists, PEM or DER.")
@click.option("--at", "moment", type=Moment(), help="The moment to judge for; default: now.")
@click.option("--json", "as_json", is_flag=True, help="The whole verdict, version 1.")
@click.option("--payload", "payload_file", type=_FILES, help="Write the protected content here.")
@click.option("--require", "required", type=click.Choice(SUMMARIES), help="Exit 0 for this only.")
def open_(
    file: str,
    keys: tuple[str, ...],
    passphrase_files: tuple[str, ...],
    anchors: tuple[str, ...],
    intermediates: tuple[str, ...],
    crls: tuple[str, ...],
    moment: datetime | None,
    as_json: bool,
    payload_file: str | None,
    required: str | None,
) -> int:
    """Decrypt, check every signature, and say what the message is worth. FILE may be -."""
    held = read_key_files(keys, passphrase_files, read_certificates(intermediates))
    parsed = _read(file)
    known = held.certificates
    opened = open_message(parsed, SoftwareKeyring(held.keys), certificates=known)
    trust = TrustFacts(
        anchors=AnchorSet(
            anchors=tuple(
                TrustAnchor(certificate=c, source=AnchorSource.VERIFIED_BY_HAND)
                for c in read_certificates(anchors)
            )
        ),
        evidence=Evidence(intermediates=known, crls=read_crls(crls)),
        at=moment or now(),
    )
    judged = judge_opened(opened, trust, OrganisationRules())
    if payload_file is not None:
        write_output(payload_file, [opened.payload.exact])
    senders = from_addresses(parsed)
    sender = str(senders[0]) if len(senders) == 1 else None
    if as_json:
        print_json(message_json(opened, judged.judgement, sender))
    else:
        show_message(opened, judged.judgement, sender)
    return int(exit_code(opened, judged, required))


def _read(file: str) -> Message:
    data = read_input(file)
    with naming(file):
        return parse_message(data)


def exit_code(opened: OpenedMessage, judged: Judged, required: str | None) -> Exit:
    """GOOD: a layer at least, all opened, and every signature holds for From; or as required."""
    if required is not None:
        return Exit.GOOD if judged.judgement.summary.value == required else Exit.JUDGED
    layers = [layer for layer in opened.layers if not isinstance(layer, CompressedLayer)]
    good = (
        bool(layers)
        and all(layer.opened for layer in opened.encrypted_layers)
        and all(layer.signers for layer in opened.signed_layers)
        and all(_holds(signer) for signer in judged.judgement.signers)
    )
    return Exit.GOOD if good else Exit.JUDGED


def _holds(judged: SignerJudgement) -> bool:
    path = judged.path
    return (
        judged.signer.intact is True
        and judged.signer.signature_valid is True
        and path is not None
        and path.status is PathStatus.VALID
        and path.revocation is not RevocationStatus.REVOKED
        and judged.bound_to_from
    )


@message.command("protect")
@click.argument("file", type=_FILES)
@click.option(
    "--sign",
    "signers",
    multiple=True,
    required=True,
    type=_FILES,
    help=".p12, or PEM key and certificate.",
)
@click.option("--passphrase-file", "passphrase_files", multiple=True, type=_FILES)
@click.option("--intermediate", "intermediates", multiple=True, type=_FILES, help="To go along.")
@click.option("--recipient", "recipients", multiple=True, type=_FILES, help="A certificate.")
@click.option("--opaque", is_flag=True, help="Content inside the signature.")
@click.option(
    "--cipher", type=click.Choice([c.value for c in Cipher]), default=Cipher.AES256_CBC.value
)
@click.option(
    "--rsa-signature",
    type=click.Choice([s.value for s in RsaSignature]),
    default=RsaSignature.PKCS1.value,
)
@click.option(
    "--key-transport",
    type=click.Choice([t.value for t in KeyTransport]),
    default=KeyTransport.PKCS1.value,
)
@click.option("--at", "moment", type=Moment(), help="The signing time; default: now.")
@click.option("-o", "--output", default="-", type=_FILES, help="Where to write; default: stdout.")
def protect(
    file: str,
    signers: tuple[str, ...],
    passphrase_files: tuple[str, ...],
    intermediates: tuple[str, ...],
    recipients: tuple[str, ...],
    opaque: bool,
    cipher: str,
    rsa_signature: str,
    key_transport: str,
    moment: datetime | None,
    output: str,
) -> int:
    """Sign FILE and, with --recipient, encrypt the signed message. FILE may be -.

    There is no way to encrypt without a signature.
    """
    choices = Choices(
        rules=OrganisationRules(
            cipher=Cipher(cipher),
            rsa_signature=RsaSignature(rsa_signature),
            key_transport=KeyTransport(key_transport),
        ),
        opaque=opaque,
        at=moment or now(),
    )
    held = read_key_files(signers, passphrase_files, read_certificates(intermediates))
    parsed = _read(file)
    chunks = protected_chunks(parsed, held, read_certificates(recipients), choices)
    write_output(output, chunks)
    return int(Exit.GOOD)
