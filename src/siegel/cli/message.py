"""``siegel message``: open and protect single messages, without configuration or store."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

import click

from siegel.base.findings import Finding, Severity, worst
from siegel.base.limits import DEFAULT, MIB, Limits
from siegel.cli.exits import Exit
from siegel.cli.files import Moment, naming, passphrases, read_certificates, read_crls
from siegel.cli.judged import message_json
from siegel.cli.keyfiles import read_key_files
from siegel.cli.output import as_json as print_json
from siegel.cli.progress import Progress, on_terminal
from siegel.cli.protecting import Choices, protected_chunks
from siegel.cli.reading import read_message
from siegel.cli.shown import show_message
from siegel.cli.verbs import OF_MESSAGE, Verbs
from siegel.cli.writing import write_output
from siegel.library.judging import judge
from siegel.library.keys import Keys
from siegel.mime.fields import from_addresses
from siegel.mime.message import Message
from siegel.mime.parse import parse_message
from siegel.pki.evidence import Evidence
from siegel.pki.verdict import PathStatus, RevocationStatus
from siegel.policy.inbound import CryptographicSummary, InboundJudgement
from siegel.policy.rules import Cipher, KeyTransport, RsaSignature
from siegel.policy.signers import SignerJudgement
from siegel.smime.layers import CompressedLayer, OpenedMessage
from siegel.smime.open import open_message

SUMMARIES = [summary.value for summary in CryptographicSummary]

_FILES = click.Path(dir_okay=False)
_max_size = click.option(
    "--max-mib",
    type=click.IntRange(1, 4095),
    default=DEFAULT.message_size // MIB,
    show_default=True,
    help="The largest message, in MiB.",
)
_no_progress = click.option("--no-progress", is_flag=True, help="Show no progress on a terminal.")


def now() -> datetime:
    return datetime.now(UTC)


@click.group(cls=Verbs, late=OF_MESSAGE)
def message() -> None:
    """Open and protect single messages (both without a configuration)."""


@message.command("open")
@click.argument("file", type=_FILES)
@click.option("--key", "keys", multiple=True, type=_FILES, help=".p12, or PEM key and certificate.")
@click.option("--passphrase-file", "passphrase_files", multiple=True, type=_FILES)
@click.option(
    "--message-passphrase-file",
    "message_passphrases",
    multiple=True,
    type=_FILES,
    help="For messages encrypted with a passphrase.",
)
@click.option("--anchor", "anchors", multiple=True, type=_FILES, help="Certificates to trust.")
@click.option("--intermediate", "intermediates", multiple=True, type=_FILES)
@click.option("--crl", "crls", multiple=True, type=_FILES, help="Revocation lists, PEM or DER.")
@click.option("--at", "moment", type=Moment(), help="The moment to judge for; default: now.")
@click.option("--json", "as_json", is_flag=True, help="The whole verdict, version 1.")
@click.option("--payload", "payload_file", type=_FILES, help="Write the protected content here.")
@click.option("--require", "required", type=click.Choice(SUMMARIES), help="Exit 0 for this only.")
@_max_size
@_no_progress
def open_(
    file: str,
    keys: tuple[str, ...],
    passphrase_files: tuple[str, ...],
    message_passphrases: tuple[str, ...],
    anchors: tuple[str, ...],
    intermediates: tuple[str, ...],
    crls: tuple[str, ...],
    moment: datetime | None,
    as_json: bool,
    payload_file: str | None,
    required: str | None,
    max_mib: int,
    no_progress: bool,
) -> int:
    """Decrypt, check every signature, and say what the message is worth. FILE may be -."""
    held = read_key_files(keys, passphrase_files, read_certificates(intermediates))
    held += Keys(passphrases=[p for name in message_passphrases for p in passphrases([name], 1)])
    streams = _Streams(progress=on_terminal(wanted=not no_progress), limits=_limits(max_mib))
    parsed = streams.read(file)
    known = held.certificates
    opened = open_message(parsed, held, certificates=known, limits=streams.limits)
    judgement = judge(
        opened,
        anchors=read_certificates(anchors),
        evidence=Evidence(intermediates=known, crls=read_crls(crls)),
        at=moment or now(),
    )
    if payload_file is not None:
        write_output(payload_file, [opened.payload.exact], streams.progress)
    senders = from_addresses(parsed)
    sender = str(senders[0]) if len(senders) == 1 else None
    if as_json:
        print_json(message_json(opened, judgement, sender))
    else:
        show_message(opened, judgement, sender)
    return int(exit_code(opened, judgement, required))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Streams:
    """How much is read, and where progress is shown."""

    progress: Progress
    limits: Limits

    def read(self, file: str) -> Message:
        data = read_message(file, most=self.limits.message_size, progress=self.progress)
        with naming(file):
            return parse_message(data, limits=self.limits)


def _limits(mib: int) -> Limits:
    """Compressed content may grow to twice the size of the message, as by default."""
    return replace(DEFAULT, message_size=mib * MIB, decompressed_size=2 * mib * MIB)


def exit_code(opened: OpenedMessage, judgement: InboundJudgement, required: str | None) -> Exit:
    """GOOD: a layer at least, all opened, and every signature holds for From; or as required."""
    if required is not None:
        return Exit.GOOD if judgement.summary.value == required else Exit.JUDGED
    layers = [layer for layer in opened.layers if not isinstance(layer, CompressedLayer)]
    good = (
        bool(layers)
        and worst(opened.findings) is not Severity.BAD  # a layer was left unread
        and all(layer.opened for layer in opened.encrypted_layers)
        and all(layer.signers for layer in opened.signed_layers)
        and all(_holds(signer) for signer in judgement.signers)
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
        and worst(f for f in judged.findings if f not in _TOLERATED) is not Severity.BAD
    )


# such a signature never counts, but it is not wrong: RFC 5652 §5.3, and a clock that is ahead
_TOLERATED = {Finding.SIGNED_ATTRIBUTES_MISSING, Finding.SIGNING_TIME_IN_FUTURE}


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
    "--cipher",
    type=click.Choice([c.value for c in Cipher if c is not Cipher.AUTO]),
    default=Cipher.AES256_CBC.value,
)
@click.option(
    "--rsa-signature",
    type=click.Choice([s.value for s in RsaSignature]),
    default=RsaSignature.PKCS1.value,
)
@click.option(
    "--key-transport",
    type=click.Choice([t.value for t in KeyTransport if t is not KeyTransport.AUTO]),
    default=KeyTransport.PKCS1.value,
)
@click.option("--by-ski", is_flag=True, help="Name recipients by their subjectKeyIdentifier.")
@click.option("--at", "moment", type=Moment(), help="The signing time; default: now.")
@click.option(
    "--out-of-date", is_flag=True, help="Sign with a certificate not valid at that time, too."
)
@click.option("-o", "--output", default="-", type=_FILES, help="Where to write; default: stdout.")
@_max_size
@_no_progress
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
    by_ski: bool,
    moment: datetime | None,
    out_of_date: bool,
    output: str,
    max_mib: int,
    no_progress: bool,
) -> int:
    """Sign FILE and, with --recipient, encrypt the signed message. FILE may be -.

    There is no way to encrypt without a signature.
    """
    choices = Choices(
        cipher=cipher,
        pss=rsa_signature == RsaSignature.PSS,
        oaep=key_transport == KeyTransport.OAEP,
        opaque=opaque,
        by_ski=by_ski,
        at=moment or now(),
        limits=_limits(max_mib),
        out_of_date=out_of_date,
    )
    streams = _Streams(progress=on_terminal(wanted=not no_progress), limits=choices.limits)
    held = read_key_files(signers, passphrase_files, read_certificates(intermediates))
    parsed = streams.read(file)
    chunks = protected_chunks(parsed, held, read_certificates(recipients), choices)
    write_output(output, chunks, streams.progress)
    return int(Exit.GOOD)
