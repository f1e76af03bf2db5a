"""What folds out below the line: layers from outside to inside, who vouches, and what was seen."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from siegel.base.keys import SignatureKind
from siegel.flows.certificate_page import ChainLink
from siegel.flows.mail_reading import OtherField, Shown, ShownSigner
from siegel.policy.answers import Intact, TrustedForFrom, Valid
from siegel.smime.layers import CompressedLayer, EncryptedLayer, Layer, SignedLayer
from siegel.web.certificate_names import name_of, trusted_through
from siegel.web.templatetags.siegel import plain
from siegel.wording.encryption import name_of as cipher_name
from siegel.wording.lookup import words
from siegel.wording.words import Language, Words

MOST_SIGNERS = 4  # shown of one message; people bring one


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerView:
    state: str
    icon: str
    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkView:
    """One certificate of the chain, the root first."""

    name: str
    about: str
    icon: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignerView:
    name: str
    state: str
    answers: tuple[tuple[str, str, Words], ...]
    reasons: tuple[Words, ...]
    chain: tuple[LinkView, ...]
    certificate: str
    signed_at: datetime | None
    algorithms: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """``judged_at``: the moment of the evidence."""

    layers: tuple[LayerView, ...]
    core: str
    signers: tuple[SignerView, ...]
    reasons: tuple[Words, ...]
    findings: tuple[Words, ...]
    others: tuple[OtherField, ...]
    judged_at: datetime


def details_of(shown: Shown, language: Language) -> Details:
    counts = shown.trustworthy
    return Details(
        layers=tuple(_layer(each, shown, counts) for each in shown.opened.layers),
        core=_core(shown),
        signers=tuple(_signer(each, language) for each in shown.signers[:MOST_SIGNERS]),
        reasons=tuple(words(each, language) for each in shown.judgement.reasons),
        findings=tuple(words(each, language) for each in shown.judgement.findings),
        others=shown.others,
        judged_at=shown.judgement.at,
    )


def _layer(layer: Layer, shown: Shown, counts: bool) -> LayerView:
    match layer:
        case EncryptedLayer():
            return _encrypted(layer, counts)
        case SignedLayer():
            return _signed(layer, shown, counts)
        case CompressedLayer():
            return LayerView(
                state="is-open",
                icon="draft",
                title=_("Compressed"),
                text=_("Smaller on its way. This protects nothing."),
            )


def _encrypted(layer: EncryptedLayer, counts: bool) -> LayerView:
    if not layer.opened:
        return LayerView(
            state="is-todo", icon="key-missing", title=_("Encrypted"), text=_("and still closed.")
        )
    many = len(layer.recipients)
    read_by = ngettext("for one key", "for %(number)d keys", many) % {"number": many}
    cipher = cipher_name(layer.cipher) if layer.cipher else ""
    weak = _("This cipher is too weak.") if layer.weak else ""
    return LayerView(
        state="is-good" if counts and not layer.weak else "is-warn",
        icon="lock",
        title=_("Encrypted"),
        text=" ".join(filter(None, (f"{read_by}.", cipher, weak))),
    )


def _signed(layer: SignedLayer, shown: Shown, counts: bool) -> LayerView:
    del shown
    named = [name_of(s.certificate) for s in layer.signers if s.certificate is not None]
    first = layer.signers[0] if layer.signers else None
    who = plain(", ".join(named[:3])) or _("somebody unknown")
    used = _used(first.algorithm, first.digest) if first is not None else ""
    return LayerView(
        state="is-good" if counts else "is-warn",
        icon="seal" if counts else "seal-q",
        title=_("Signed"),
        text=" ".join(filter(None, (_("by %(name)s.") % {"name": who}, used))),
    )


def _used(algorithm: str | None, digest: str | None) -> str:
    """„RSA, SHA-256“; whatever we have no better name for as it was called."""
    kind = _SIGNATURES.get(algorithm, algorithm) if algorithm else ""
    hashed = digest.upper().replace("SHA", "SHA-", 1).replace("SHA-3-", "SHA3-") if digest else ""
    return ", ".join(filter(None, (kind, hashed)))


_SIGNATURES = {
    SignatureKind.RSA_PKCS1.value: "RSA",
    SignatureKind.RSA_PSS.value: "RSA-PSS",
    SignatureKind.ECDSA.value: "ECDSA",
    SignatureKind.ED25519.value: "Ed25519",
    SignatureKind.ED448.value: "Ed448",
    SignatureKind.ML_DSA.value: "ML-DSA",
    SignatureKind.DSA.value: "DSA",
}


def _core(shown: Shown) -> str:
    files = sum(len(block.files) for block in shown.blocks)
    attached = (
        ngettext("Message with one file.", "Message with %(number)d files.", files)
        % {"number": files}
        if files
        else _("Message without files.")
    )
    return f"{attached} {_of_fields(shown)}"


def _of_fields(shown: Shown) -> str:
    """„Der Betreff, das Versanddatum und die Liste der Adressaten sind nicht durch S/MIME
    abgesichert“ – but where header protection (RFC 9788) covers them."""
    if shown.fields_protected:
        return _("Subject, date and recipients were protected with it.")
    if shown.opened.protected:
        return _("Subject, date and recipients are not protected by this.")
    return ""


def _signer(found: ShownSigner, language: Language) -> SignerView:
    judged, said = found.judged, found.answers
    certificate = judged.certificate
    return SignerView(
        name=name_of(certificate) if certificate is not None else _("somebody unknown"),
        state="is-good" if judged.counts else "is-warn",
        answers=(
            (_("Unchanged?"), _look(said.intact is Intact.YES), words(said.intact, language)),
            (_("Signature genuine?"), _look(said.valid is Valid.YES), words(said.valid, language)),
            (
                _("Really this sender?"),
                _look(said.trusted_for_from in (TrustedForFrom.YES, TrustedForFrom.ORGANISATION)),
                words(said.trusted_for_from, language),
            ),
        ),
        reasons=tuple(words(reason, language) for reason in judged.reasons),
        chain=tuple(_chain(found)),
        certificate=_address(found.chain[-1]) if found.chain else "",
        signed_at=judged.signer.signing_time,
        algorithms=_used(judged.signer.algorithm, judged.signer.digest),
    )


def _look(good: bool) -> str:
    return "check" if good else "warning"


def _chain(found: ShownSigner) -> Iterator[LinkView]:
    path = found.judged.path
    if found.chain and not any(link.anchor for link in found.chain):
        top = found.chain[0].certificate
        if not top.is_self_issued:
            yield LinkView(name=top.issuer, about=_("Not confirmed here"), icon="help", address="")
    for position, link in enumerate(found.chain):
        is_leaf = position == len(found.chain) - 1
        about = trusted_through(link)
        if is_leaf and path is not None:
            addresses = ", ".join(str(a) for a in link.certificate.addresses[:3])
            about = ", ".join(filter(None, (addresses, about)))
        yield LinkView(
            name=name_of(link.certificate),
            about=about,
            icon="seal" if is_leaf else "anchor" if link.anchor else "cert",
            address=_address(link),
        )


def _address(link: ChainLink) -> str:
    if not link.stored:
        return ""
    return reverse("certificates:one", args=[link.certificate.fingerprint])
