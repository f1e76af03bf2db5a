"""What a received message is worth: one summary, its reasons, and what is learned from it.

The summary has the four states of RFC 9787. Only layers of the cryptographic envelope enter it;
protection elsewhere in the message (errant layers) is mentioned as a finding. Where the standard
leaves room the stricter reading is taken: a signature outside the encryption does not count, one
weak or unopened layer keeps a message from being confidential, and the certificate has to name
the From outside as well as a protected one inside, because mail programs show either.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from siegel.base.address import EmailAddress
from siegel.base.findings import Finding, ranked
from siegel.base.verdict import Verdict
from siegel.mime.fields import addresses, from_addresses, shows_another_address
from siegel.pki.verdict import PathVerdict
from siegel.policy.harvest import (
    AnnouncedCapabilities,
    HarvestItem,
    capabilities_to_learn,
    certificates_to_import,
)
from siegel.policy.reasons import Reason
from siegel.policy.rules import OrganisationRules
from siegel.policy.signers import (
    Circumstances,
    ErrantJudgement,
    KnownCertificate,
    SignerJudgement,
    by_fingerprint,
    judge_errant,
    judge_signers,
)
from siegel.smime.layers import EncryptedLayer, OpenedMessage


class CryptographicSummary(StrEnum):
    """RFC 9787 §4.6. *Verified* is said of messages only, never of certificates."""

    UNPROTECTED = "unprotected"
    VERIFIED = "verified"
    CONFIDENTIAL = "confidential"
    ENCRYPTED_UNVERIFIED = "encrypted_unverified"


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundJudgement(Verdict):
    """What was seen at ``at``; a later look is a new judgement, this one stays as it is."""

    summary: CryptographicSummary
    reasons: tuple[Reason, ...]
    signers: tuple[SignerJudgement, ...]
    findings: tuple[Finding, ...]
    harvest: tuple[HarvestItem, ...]
    at: datetime
    capabilities: tuple[AnnouncedCapabilities, ...] = ()
    errant: tuple[ErrantJudgement, ...] = ()

    @property
    def signer(self) -> SignerJudgement | None:
        """The signature to show: the first that counts, else the one with least against it; a
        person's before an organisation's."""
        return min(self.signers, key=_weight, default=None)

    @property
    def by_organisation(self) -> bool:
        """No person signed so that it counts, but an organisation for him."""
        return self.signer is not None and self.signer.counts and self.signer.by_organisation


def judge(
    opened: OpenedMessage,
    verdicts: Mapping[str, PathVerdict],
    from_: tuple[EmailAddress, ...],
    sender_field: EmailAddress | None = None,
    known: Sequence[KnownCertificate] = (),
    *,
    at: datetime,
    rules: OrganisationRules,
    ours: bool = False,
) -> InboundJudgement:
    """„Verschlüsselte und signierte E-Mails werden beim Empfangen automatisch entschlüsselt und
    die Signaturen überprüft.“ ``from_`` are all addresses of the outer From, ``known`` what is
    known of this address, ``ours`` that it has an account here, ``verdicts`` the paths by
    fingerprint of signers and of certificates they name for encryption.
    """
    around = Circumstances(
        sender=author(opened, from_),
        sender_field=sender_field,
        known=by_fingerprint(known),
        verdicts=verdicts,
        at=at,
        rules=rules,
        ours=ours,
    )
    signers = judge_signers(opened, around)
    return InboundJudgement(
        summary=summary(opened, signers),
        reasons=reasons(opened, signers),
        signers=signers,
        findings=_findings(opened, signers),
        harvest=certificates_to_import(opened, signers, around),
        at=at,
        capabilities=capabilities_to_learn(signers, around),
        errant=judge_errant(opened, around),
    )


def author(opened: OpenedMessage, from_: tuple[EmailAddress, ...]) -> EmailAddress | None:
    """The one address that From names, outside and – with header protection – inside.

    RFC 9788 §4.4 is content with the protected one; a mail program that shows the outer one would
    then put a stranger's name over a good signature. So does a name that is an address itself.
    """
    if len(from_) != 1 or name_misleads(opened):
        return None
    if all(name.lower() != "from" for name, _ in opened.protected_fields):
        return from_[0]
    return from_[0] if from_addresses(opened.payload) == from_ else None


def name_misleads(opened: OpenedMessage) -> bool:
    """Programs that show names only would show another address than the one that signed."""
    return any(map(shows_another_address, addresses(opened.message, "From")))


def summary(opened: OpenedMessage, signers: Sequence[SignerJudgement]) -> CryptographicSummary:
    """Signed counts if one signature counts, encrypted only if every encryption is strong."""
    signed = any(judged.counts for judged in signers)
    if is_strongly_encrypted(opened):
        confidential = signed and is_opened(opened)
        if confidential:
            return CryptographicSummary.CONFIDENTIAL
        return CryptographicSummary.ENCRYPTED_UNVERIFIED
    return CryptographicSummary.VERIFIED if signed else CryptographicSummary.UNPROTECTED


def is_strongly_encrypted(opened: OpenedMessage) -> bool:
    """RFC 9787 §6.5: what anybody can break is not shown as encrypted."""
    layers = opened.encrypted_layers
    return bool(layers) and not any(is_breakable(layer) for layer in layers)


def is_breakable(layer: EncryptedLayer) -> bool:
    return layer.weak or Finding.WEAK_CIPHER in layer.findings


def is_opened(opened: OpenedMessage) -> bool:
    """„Damit eine verschlüsselte Mail entschlüsselt werden kann, muss der private Schlüssel des
    Zertifikats, mit dem die Mail verschlüsselt wurde, bereits importiert sein.“
    """
    return all(layer.opened for layer in opened.encrypted_layers)


def is_content_authentic(opened: OpenedMessage, judgement: InboundJudgement) -> bool:
    """Nobody can have put anything into the opened text on its way.

    True without encryption, too: then a reader sees what came. False calls for care with HTML,
    because who can change an encrypted message can make it send its text elsewhere.
    """
    sealed = all(layer.authenticated for layer in opened.encrypted_layers if layer.opened)
    return sealed or any(judged.counts for judged in judgement.signers)


def reasons(opened: OpenedMessage, signers: Sequence[SignerJudgement]) -> tuple[Reason, ...]:
    """First what became of the encryption, then of the signature."""
    if not opened.protected:
        in_part = any(one.signed and one.signed.signers for one in opened.errant)
        return (Reason.SIGNS_ONLY_A_PART if in_part else Reason.NOT_PROTECTED,)
    return (*_of_encryption(opened), *_of_signature(signers))


def _of_encryption(opened: OpenedMessage) -> tuple[Reason, ...]:
    if not opened.encrypted_layers:
        return ()
    state = Reason.ENCRYPTED if is_opened(opened) else Reason.ENCRYPTION_CLOSED
    return (state,) if is_strongly_encrypted(opened) else (state, Reason.ENCRYPTION_WEAK)


def _of_signature(signers: Sequence[SignerJudgement]) -> tuple[Reason, ...]:
    if not signers:
        return (Reason.NOT_SIGNED,)
    return min(signers, key=_weight).explained


def _weight(judged: SignerJudgement) -> tuple[int, bool]:
    return len(judged.reasons), judged.by_organisation


def _findings(opened: OpenedMessage, signers: Sequence[SignerJudgement]) -> tuple[Finding, ...]:
    of_layers = (finding for layer in opened.layers for finding in layer.findings)
    of_signers = (finding for judged in signers for finding in judged.findings)
    of_name = [Finding.NAME_SHOWS_ANOTHER_ADDRESS] if name_misleads(opened) else []
    return ranked((*opened.findings, *of_layers, *of_signers, *of_name))
