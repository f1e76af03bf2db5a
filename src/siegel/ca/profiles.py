"""What our certificates may be used for: the profiles of the in-house authority.

They follow the S/MIME Baseline Requirements (SBR) of the CA/Browser Forum where these make sense
for an authority that nobody audits. Their policy identifiers (2.23.140.1.5.…) are never written:
they assert that a *publicly trusted* authority complies with the document (SBR §1.2, §7.1.6.1). An
organisation with a policy of its own may have its identifier in the certificates.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TypeAlias

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa, x448, x25519
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.x509.oid import ExtendedKeyUsageOID

from siegel.base.errors import Conflict
from siegel.pki.classes import Generation, ValidationType

ROOT_DAYS = 15 * 365
ISSUING_DAYS = 8 * 365
LEAF_DAYS = 730
OCSP_SIGNER_DAYS = 30
MAX_LEAF_DAYS = 825  # SBR §6.3.2, strict and multipurpose
MAX_CA_DAYS = 25 * 365  # nothing longer has a use: algorithms do not last

SKEW = timedelta(minutes=5)  # clocks of others may be behind when a certificate is first used


class KeyUse(StrEnum):
    """What a certificate of a mailbox is for: both, or one of a pair of certificates."""

    DUAL = "dual"
    SIGNING = "signing"
    ENCRYPTION = "encryption"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeafProfile:
    """One kind of certificate for a mailbox. ``individual`` is no profile of ours: an organisation
    certifies its own people (sponsor), its shared mailboxes (organization), or just addresses."""

    validation: ValidationType = ValidationType.MAILBOX
    generation: Generation = Generation.STRICT
    use: KeyUse = KeyUse.DUAL
    days: int = LEAF_DAYS

    def __post_init__(self) -> None:
        if self.validation not in _VALIDATIONS:
            raise Conflict(f"no profile of ours: {self.validation.value}")
        if self.generation is Generation.LEGACY:
            raise Conflict("legacy certificates are not issued any more (since July 2025)")
        if not 1 <= self.days <= MAX_LEAF_DAYS:
            raise Conflict(f"a certificate of a mailbox is valid for 1 to {MAX_LEAF_DAYS} days")

    @property
    def purposes(self) -> x509.ExtendedKeyUsage:
        """SBR §7.1.2.3 f; multipurpose ones may also sign people in, and nothing else."""
        also = [ExtendedKeyUsageOID.CLIENT_AUTH] if self._signs_in else []
        return x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION, *also])

    @property
    def _signs_in(self) -> bool:
        return self.generation is Generation.MULTIPURPOSE and self.use is not KeyUse.ENCRYPTION


_VALIDATIONS = frozenset(
    {ValidationType.MAILBOX, ValidationType.ORGANISATION, ValidationType.SPONSOR}
)


def leaf_usage(key: CertificatePublicKeyTypes, use: KeyUse) -> x509.KeyUsage:
    """SBR §7.1.2.3 e: the bits follow from kind and use. Raises ``Conflict`` for a kind that cannot
    be used so: Ed25519 only signs, X25519 is only encrypted to."""
    signs, enciphers, agrees = _ABILITIES.get(_kind(key), (False, False, False))
    wants_signing = use is not KeyUse.ENCRYPTION
    wants_encryption = use is not KeyUse.SIGNING
    if (wants_signing and not signs) or (wants_encryption and not (enciphers or agrees)):
        raise Conflict(f"a key of this kind cannot have a certificate for this use: {use.value}")
    return usage(
        digital_signature=wants_signing,
        key_encipherment=wants_encryption and enciphers,
        key_agreement=wants_encryption and agrees,
    )


def ca_usage() -> x509.KeyUsage:
    """RFC 10007: who signs revocation lists says cRLSign."""
    return usage(key_cert_sign=True, crl_sign=True)


def usage(**said: bool) -> x509.KeyUsage:
    return x509.KeyUsage(**(_NO_BITS | said))


_NO_BITS = dict.fromkeys(
    (
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    ),
    False,
)
Certifiable: TypeAlias = (
    rsa.RSAPublicKey
    | ec.EllipticCurvePublicKey
    | ed25519.Ed25519PublicKey
    | ed448.Ed448PublicKey
    | x25519.X25519PublicKey
    | x448.X448PublicKey
)
# signs, enciphers keys, agrees on keys
_ABILITIES: dict[type | None, tuple[bool, bool, bool]] = {
    rsa.RSAPublicKey: (True, True, False),
    ec.EllipticCurvePublicKey: (True, False, True),
    ed25519.Ed25519PublicKey: (True, False, False),
    ed448.Ed448PublicKey: (True, False, False),
    x25519.X25519PublicKey: (False, False, True),
    x448.X448PublicKey: (False, False, True),
}


def certifiable(key: object) -> CertificatePublicKeyTypes:
    """The public key, if a profile of ours has a place for its kind; else ``Conflict``."""
    if isinstance(key, Certifiable):
        return key
    raise Conflict("our authority has no certificates for this kind of key")


def _kind(key: CertificatePublicKeyTypes) -> type | None:
    return next((kind for kind in _ABILITIES if kind is not None and isinstance(key, kind)), None)
