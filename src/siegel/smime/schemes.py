"""Which scheme a key signs with, and how a content key travels to a certificate.

The kind of key decides; what a certificate cost or who checked its owner never does.
"""

from siegel.base.errors import UnsupportedAlgorithm
from siegel.base.keys import (
    KeyKind,
    SignatureKind,
    SignatureScheme,
    TransportKind,
    TransportScheme,
)
from siegel.cms.recipients import RecipientSpec
from siegel.pki.certificate import Certificate

# the digest that is as strong as the curve (RFC 5753 §7.1, RFC 5480 §4)
_EC_DIGEST = ((320, "sha256"), (420, "sha384"), (1024, "sha512"))


def signature_scheme(certificate: Certificate, *, pss: bool = False) -> SignatureScheme:
    """SHA-256 for RSA; PKCS #1 v1.5 unless ``pss`` (RFC 8551 §2.2)."""
    match certificate.key_kind:
        case KeyKind.RSA:
            kind = SignatureKind.RSA_PSS if pss else SignatureKind.RSA_PKCS1
            return SignatureScheme(kind, "sha256")
        case KeyKind.RSA_PSS:  # the key may have been certified for one digest (RFC 4055 §1.2)
            only = certificate.pss
            return SignatureScheme(SignatureKind.RSA_PSS, only.digest if only else "sha256")
        case KeyKind.EC:
            digest = next(name for bits, name in _EC_DIGEST if certificate.key_bits <= bits)
            return SignatureScheme(SignatureKind.ECDSA, digest)
        case KeyKind.ED25519:
            return SignatureScheme(SignatureKind.ED25519, "sha512")
        case KeyKind.ED448:
            return SignatureScheme(SignatureKind.ED448, "shake_256")
        case KeyKind.ML_DSA:  # RFC 9882 §3.3: SHA-512 fits every level
            return SignatureScheme(SignatureKind.ML_DSA, "sha512")
    raise UnsupportedAlgorithm(f"no way to sign mail with a key of the kind {certificate.key_kind}")


def recipient_spec(
    certificate: Certificate, *, oaep: bool = False, transport: TransportScheme | None = None
) -> RecipientSpec:
    """RSA: ``transport``; without it PKCS #1 v1.5 unless ``oaep`` (SHA-256). Every other key
    agrees on a key (RFC 5753) or encapsulates one (RFC 9936)."""
    if certificate.key_kind is not KeyKind.RSA:
        return RecipientSpec(certificate=certificate, transport=None)
    kind = TransportKind.RSA_OAEP if oaep else TransportKind.RSA_PKCS1
    return RecipientSpec(certificate=certificate, transport=transport or TransportScheme(kind))
