"""What an opened message consists of: cryptographic layers, outermost first, and the payload.

Terms of RFC 9787: the *cryptographic envelope* is the outermost run of layers, the
*cryptographic payload* the first part inside that is no layer, an *errant layer* one elsewhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from siegel.base.findings import Finding
from siegel.base.keys import IssuerAndSerial, KeyId
from siegel.cms.ess import NOTHING_SAID, Receipt, Services
from siegel.mime.message import Message, Part
from siegel.pki.certificate import Certificate


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientSeen:
    """One RecipientInfo: its kind ("ktri", "kari", …), whom it names, whether we hold the key."""

    kind: str
    identifier: KeyId | None
    matched: bool = False
    weak: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EncryptedLayer:
    """EnvelopedData or AuthEnvelopedData. ``opened``: the plaintext was released."""

    opened: bool
    cipher: str | None
    authenticated: bool
    weak: bool
    key_found: bool
    recipients: tuple[RecipientSeen, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Countersignature:
    """Somebody signed a signature (RFC 5652 §11.4). It is shown and makes nothing count.

    ``identifier`` None: it could not be read.
    """

    identifier: KeyId | None
    certificate: Certificate | None
    intact: bool | None
    signature_valid: bool | None
    signing_time: datetime | None
    countersignatures: tuple["Countersignature", ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """One SignerInfo. *intact*: the digest fits; *signature_valid*: the mathematics holds.

    Both are None when they could not be computed (certificate or algorithm missing). What the
    signature is *worth* – path, revocation, From – is judged elsewhere. ``services`` is what it
    says besides the text: labels, requests for receipts.
    """

    identifier: KeyId | None
    certificate: Certificate | None
    intact: bool | None
    signature_valid: bool | None
    digest: str | None
    algorithm: str | None
    weak: bool
    signing_time: datetime | None
    capabilities: bytes | None = None
    encryption_key_preference: IssuerAndSerial | bytes | None = None
    services: Services = NOTHING_SAID
    countersignatures: tuple[Countersignature, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedLayer:
    """SignedData. ``certificates`` and ``crls`` are all that came with it, in their order.

    ``receipt``: what is signed is no text but a receipt for another message (RFC 2634 §2.8).
    """

    detached: bool
    signers: tuple[Signer, ...] = ()
    certificates: tuple[Certificate, ...] = ()
    crls: tuple[bytes, ...] = ()
    receipt: Receipt | None = None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CompressedLayer:
    """CompressedData: wraps like a layer, protects nothing (RFC 9787)."""

    findings: tuple[Finding, ...] = ()


Layer = EncryptedLayer | SignedLayer | CompressedLayer


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrantLayer:
    """Protection elsewhere than around the whole message; never enters the summary.

    ``attached``: inside an attached message. ``signed``: what the signature of this part says of
    it; None for encryption, in attached messages, and where it could not be read.
    """

    path: str
    kind: str
    attached: bool = False
    signed: SignedLayer | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedMessage:
    """The message as it came, and what was found inside. Made by ``smime.open.open_message``.

    ``payload`` is the protected entity (its own little message: header section and body, exactly
    as protected) – for an unprotected message, or one whose encryption stays closed, the whole
    message. ``protected_fields`` are (name, unfolded value) pairs that header protection
    (RFC 9788) covers; empty without it.
    """

    message: Message
    layers: tuple[Layer, ...]
    payload: Part
    protected_fields: tuple[tuple[str, str], ...] = ()
    errant: tuple[ErrantLayer, ...] = ()
    certificates: tuple[Certificate, ...] = ()
    crls: tuple[bytes, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def protected(self) -> bool:
        return any(not isinstance(layer, CompressedLayer) for layer in self.layers)

    @property
    def signed_layers(self) -> tuple[SignedLayer, ...]:
        return tuple(layer for layer in self.layers if isinstance(layer, SignedLayer))

    @property
    def encrypted_layers(self) -> tuple[EncryptedLayer, ...]:
        return tuple(layer for layer in self.layers if isinstance(layer, EncryptedLayer))

    @property
    def asking_for_receipts(self) -> tuple[Signer, ...]:
        return asking_for_receipts(self.layers)


def asking_for_receipts(layers: Sequence[Layer]) -> tuple[Signer, ...]:
    """The innermost signatures that do: those further out were added on the way (RFC 2634 §1.3)."""
    signed = [layer for layer in layers if isinstance(layer, SignedLayer)]
    signers = [signer for layer in signed[-1:] for signer in layer.signers]
    return tuple(signer for signer in signers if signer.services.receipt_request is not None)
