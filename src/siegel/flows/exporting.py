"""Hand certificates out: the public part to anybody, a private key only to who may take it.

The public part is built from certificates alone. A private key leaves as .p12 under a passphrase
that the person chose; that it left stands in the journal, the passphrase nowhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from siegel.base.errors import Conflict, KeyUnavailable, NotFound
from siegel.base.secret import Secret
from siegel.flows.certificates import judged
from siegel.pki.certificate import Certificate
from siegel.pki.export import ExportFormat, public_part
from siegel.pki.pkcs12 import Flavour, build_pkcs12
from siegel.pki.token_reference import InToken
from siegel.policy.actions import Action
from siegel.policy.passphrases import Weakness, weakness_of
from siegel.store.queries import authorities, certificates, journal, keys
from siegel.store.rows import CertificateRow
from siegel.store.vault import Vault

_TYPES = {
    ExportFormat.DER: ("application/pkix-cert", "cer"),
    ExportFormat.PEM: ("application/x-pem-file", "pem"),
    ExportFormat.P7C: ("application/pkcs7-mime; smime-type=certs-only", "p7c"),
    ExportFormat.VCARD: ("text/vcard; charset=utf-8", "vcf"),
}
PKCS12_TYPE = "application/x-pkcs12"
_NAME = 60  # characters of a file name; some programs show no more


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """A file to save. ``name`` is plain ASCII, without a path."""

    name: str
    media_type: str
    data: bytes


class WeakPassphrase(Conflict):
    """The passphrase does not protect the key well enough."""

    code = "weak_passphrase"

    def __init__(self, weakness: Weakness) -> None:
        super().__init__(f"the passphrase is not taken: {weakness.value}")
        self.weakness = weakness


def export_public(fingerprint: str, format_: ExportFormat, at: datetime) -> Exported:
    """Raises ``NotFound``."""
    state = judged([certificates.get(fingerprint)], at)[0]
    return public_file(state.row.certificate, state.chain, format_)


def public_file(
    certificate: Certificate, chain: Sequence[Certificate], format_: ExportFormat
) -> Exported:
    """The public part of what somebody else has found and judged."""
    media_type, ending = _TYPES[format_]
    data = public_part(certificate, chain, format=format_)
    return Exported(name=f"{file_name(certificate)}.{ending}", media_type=media_type, data=data)


def export_key(
    fingerprint: str,
    flavour: Flavour,
    passphrase: Secret,
    repeated: Secret,
    vault: Vault,
    *,
    by: str,
    at: datetime,
) -> Exported:
    """The certificate with its private key. Whoever calls this has asked who is there.

    Raises ``WeakPassphrase``, ``NotFound``, and ``UnsupportedAlgorithm`` where a kind of key has no
    compatible form.
    """
    weakness = weakness_of(passphrase, repeated)
    if weakness is not None:
        raise WeakPassphrase(weakness)
    row = certificates.get(fingerprint)
    if authorities.holds(row.spki_sha256):
        raise NotFound("the key of an authority of ours is not handed out")
    sealed = keys.get(row.spki_sha256)
    certificate = row.certificate
    state = judged([row], at)[0]
    key = vault.private_key(sealed)
    if isinstance(key, InToken):
        raise KeyUnavailable("the private key never leaves its token", temporary=False)
    data = build_pkcs12(key, certificate, state.chain, passphrase, flavour=flavour)
    detail = {"flavour": flavour.value}
    journal.write(at=at, actor=by, action=Action.KEY_EXPORTED, about=fingerprint, detail=detail)
    return Exported(name=f"{file_name(certificate)}.p12", media_type=PKCS12_TYPE, data=data)


def may_leave(row: CertificateRow) -> bool:
    """Whether there is a private key that can be exported at all: none of our authorities'."""
    return row.has_private_key and not authorities.holds(row.spki_sha256)


def file_name(certificate: Certificate) -> str:
    """After the address: what people recognise. Nothing of it can be a path or end a header."""
    named = next(iter(certificate.addresses), None) or certificate.common_name or ""
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "-_.@") else "-" for c in str(named))
    return plain.strip(".-")[:_NAME] or certificate.fingerprint[:16]
