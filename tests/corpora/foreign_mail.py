"""Foreign messages judged as gateway and commands judge them, with trust and keys from files."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from siegel.base.keys import EmptyKeyring, Keyring
from siegel.base.secret import Secret
from siegel.mime.parse import parse_message
from siegel.pki.anchors import AnchorSet, AnchorSource, TrustAnchor
from siegel.pki.bundle import parse_certificates
from siegel.pki.certificate import Certificate
from siegel.pki.evidence import Evidence
from siegel.pki.keyfile import private_key_from_file
from siegel.pki.pkcs12 import open_pkcs12
from siegel.pki.softkeys import SoftwareKey, SoftwareKeyring, key_matches
from siegel.pki.trust_facts import TrustFacts
from siegel.policy.inbound import CryptographicSummary, InboundJudgement
from siegel.policy.judging import judge_opened
from siegel.policy.rules import OrganisationRules
from siegel.smime.layers import EncryptedLayer, Layer, OpenedMessage, SignedLayer, Signer
from siegel.smime.open import open_message
from tests.corpora.rows import Outcome

GREEN = (CryptographicSummary.VERIFIED, CryptographicSummary.CONFIDENTIAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    opened: OpenedMessage
    judgement: InboundJudgement

    @property
    def told(self) -> str:
        """The verdict in one line: the layers, what the message is worth, and why."""
        layers = ", ".join(words for layer in self.opened.layers for words in _layer(layer))
        reasons = " ".join(reason.value for reason in self.judgement.reasons)
        findings = " ".join(finding.value for finding in self.judgement.findings)
        told = f"{self.judgement.summary.value}: {reasons}" + (f" ({findings})" if findings else "")
        return f"{layers} - {told}" if layers else told

    @property
    def counts(self) -> bool:
        """Somebody may be shown that the message is signed."""
        return self.judgement.summary in GREEN

    @property
    def is_decrypted(self) -> bool:
        layers = self.opened.encrypted_layers
        return bool(layers) and all(layer.opened for layer in layers)

    @property
    def signers(self) -> tuple[Signer, ...]:
        return tuple(one for layer in self.opened.signed_layers for one in layer.signers)

    @property
    def holds(self) -> bool:
        """There are signatures, and the mathematics of all of them are right."""
        return bool(self.signers) and all(mathematics(one) == "valid" for one in self.signers)

    @property
    def payload(self) -> bytes:
        return bytes(self.opened.payload.exact)

    def outcome(self, right: bool) -> Outcome:
        return Outcome(right=right, says=self.told)


def mathematics(signer: Signer) -> str:
    checks = (signer.intact, signer.signature_valid)
    if False in checks:
        return "broken"
    return "valid" if checks == (True, True) else "unchecked"


def _layer(layer: Layer) -> list[str]:
    match layer:
        case EncryptedLayer():
            return ["opened" if layer.opened else "closed"]
        case SignedLayer():
            return [f"signature {mathematics(one)}" for one in layer.signers] or ["no signer"]
        case _:
            return ["compressed"]


def judge(
    raw: bytes,
    *,
    at: datetime,
    anchors: Sequence[Path] = (),
    known: Sequence[Path] = (),
    keyring: Keyring | None = None,
) -> Judged:
    """``known`` are certificates that do not come with the message."""
    found = [one for path in known for one in certificates(path)]
    trust = TrustFacts(
        anchors=anchor_set(*anchors),
        evidence=Evidence(intermediates=tuple(found), crls=(), ocsp_responses=(), gathered_at=at),
        at=at,
    )
    opened = open_message(parse_message(raw), keyring or EmptyKeyring(), certificates=found)
    judgement = judge_opened(opened, trust, OrganisationRules()).judgement
    return Judged(opened=opened, judgement=judgement)


def anchor_set(*paths: Path) -> AnchorSet:
    return AnchorSet(
        anchors=tuple(
            TrustAnchor(certificate=one, source=AnchorSource.ORGANISATION)
            for path in paths
            for one in certificates(path)
        )
    )


def certificates(path: Path) -> tuple[Certificate, ...]:
    return parse_certificates(path.read_bytes())


def keyring(key: Path, certificate: Path) -> SoftwareKeyring:
    return SoftwareKeyring([software_key(key, certificate)])


def keyring_of_file(path: Path, passphrase: str) -> SoftwareKeyring:
    opened = open_pkcs12(path.read_bytes(), Secret(passphrase))
    return SoftwareKeyring([SoftwareKey(one.key, one.certificates) for one in opened.keys])


def software_key(key: Path, certificate: Path) -> SoftwareKey:
    private = private_key_from_file(key.read_bytes(), None)
    fitting = [one for one in certificates(certificate) if key_matches(one, private)]
    return SoftwareKey(private, fitting)


def day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
