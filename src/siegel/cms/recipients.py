"""Write RecipientInfos (RFC 5652 §6.2): the content key for one recipient each.

ktri with RSA v1.5 (RFC 3370 §4.2.1) or OAEP (RFC 3560), kari with an ephemeral key per recipient
(RFC 5753 §3.1, RFC 8418 §2), a key encapsulation with ML-KEM (``kem``). Passwords and shared keys
are not written.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, x448, x25519
from cryptography.hazmat.primitives.keywrap import aes_key_wrap
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from siegel.base import der, oids
from siegel.base.errors import UnsupportedAlgorithm
from siegel.base.keys import CertifiedKey, KeyKind, TransportKind, TransportScheme
from siegel.cms.algorithms import HASHES, digest_to_write
from siegel.cms.kem import KemPublicKey, build_kem
from siegel.cms.key_agreement import Agreement, key_encryption_key, scheme_to_write
from siegel.cms.key_wrap import AES_WRAPS
from siegel.cms.signing_keys import MAX_RSA_BITS, STRONG_RSA_BITS, check_curve

RSA_V15 = TransportScheme(TransportKind.RSA_PKCS1)
_RAW = (Encoding.Raw, PublicFormat.Raw)
_POINT = (Encoding.X962, PublicFormat.UncompressedPoint)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientSpec:
    """Whom to encrypt to. ``transport`` is read for RSA keys only; None means RSA v1.5."""

    certificate: CertifiedKey
    transport: TransportScheme | None = None
    by_ski: bool = False


def build_recipient(recipient: RecipientSpec, key: bytes) -> bytes:
    """The RecipientInfo; ``UnsupportedAlgorithm`` if the certificate cannot be encrypted to."""
    public_key = recipient.certificate.public_key
    if isinstance(public_key, rsa.RSAPublicKey):
        return _transport(recipient, public_key, key)
    if isinstance(public_key, ec.EllipticCurvePublicKey):
        check_curve(public_key)
        return _agreement(recipient, public_key, key)
    if isinstance(public_key, x25519.X25519PublicKey | x448.X448PublicKey):
        return _agreement(recipient, public_key, key)
    if isinstance(public_key, KemPublicKey):
        return build_kem(_identifier(recipient), public_key, key)
    raise UnsupportedAlgorithm("a certificate that nothing can be encrypted to")


def version_of_all(recipients: Sequence[RecipientSpec]) -> int:
    """The version of an EnvelopedData (RFC 5652 §6.1): 3 with an OtherRecipientInfo."""
    if any(isinstance(to.certificate.public_key, KemPublicKey) for to in recipients):
        return 3
    plain = (isinstance(to.certificate.public_key, rsa.RSAPublicKey) for to in recipients)
    return 0 if all(plain) and not any(to.by_ski for to in recipients) else 2


def _transport(recipient: RecipientSpec, public_key: rsa.RSAPublicKey, key: bytes) -> bytes:
    if recipient.certificate.key_kind is KeyKind.RSA_PSS:
        raise UnsupportedAlgorithm("an RSASSA-PSS key only signs")
    if not STRONG_RSA_BITS <= public_key.key_size <= MAX_RSA_BITS:
        raise UnsupportedAlgorithm(f"an RSA key of {public_key.key_size} bits")
    scheme = recipient.transport or RSA_V15
    return der.sequence(
        der.integer(2 if recipient.by_ski else 0),
        _identifier(recipient),
        _transport_algorithm(scheme),
        der.octet_string(public_key.encrypt(key, _padding(scheme))),
    )


def _padding(scheme: TransportScheme) -> padding.AsymmetricPadding:
    if scheme.kind is TransportKind.RSA_PKCS1:
        return padding.PKCS1v15()
    mask = padding.MGF1(HASHES[scheme.mgf_digest])
    return padding.OAEP(mask, HASHES[scheme.digest], scheme.label or None)


def _transport_algorithm(scheme: TransportScheme) -> bytes:
    """RSAES-OAEP-params leaves out what is default (RFC 4055 §4.1): SHA-1 and the empty label."""
    if scheme.kind is TransportKind.RSA_PKCS1:
        return der.algorithm(oids.RSA, der.null())
    digest = der.algorithm(digest_to_write(scheme.digest).oid)
    mask = der.algorithm(oids.MGF1, der.algorithm(digest_to_write(scheme.mgf_digest).oid))
    fields = [der.context(0, digest), der.context(1, mask)]
    if scheme.label:
        label = der.algorithm(oids.P_SPECIFIED, der.octet_string(scheme.label))
        fields.append(der.context(2, label))
    return der.algorithm(oids.RSA_OAEP, der.sequence(*fields))


_AgreementKey = ec.EllipticCurvePublicKey | x25519.X25519PublicKey | x448.X448PublicKey


def _agreement(recipient: RecipientSpec, public_key: _AgreementKey, key: bytes) -> bytes:
    try:
        originator, secret = _ephemeral(public_key)
    except ValueError as error:  # RFC 8418 §2: a point of small order
        raise UnsupportedAlgorithm("a certificate that agrees on nothing") from error
    wrap = der.algorithm(AES_WRAPS[len(key)])
    agreement = Agreement(
        scheme=scheme_to_write(public_key), wrap=AES_WRAPS[len(key)], wrap_raw=wrap
    )
    kek = key_encryption_key(agreement, secret, None)
    who = (
        der.context(0, _ski(recipient, implicit=False))
        if recipient.by_ski
        else _issuer_and_serial(recipient)
    )
    return der.context(
        1,
        der.integer(3),
        der.context(0, originator),
        der.algorithm(agreement.scheme, wrap),
        der.sequence(der.sequence(who, der.octet_string(aes_key_wrap(kek, key)))),
    )


def _ephemeral(public_key: _AgreementKey) -> tuple[bytes, bytes]:
    """OriginatorPublicKey of a fresh key on the recipient's curve, and the shared secret."""
    if isinstance(public_key, ec.EllipticCurvePublicKey):
        own = ec.generate_private_key(public_key.curve)
        point = own.public_key().public_bytes(*_POINT)
        return _originator(oids.EC_PUBLIC_KEY, point), own.exchange(ec.ECDH(), public_key)
    if isinstance(public_key, x25519.X25519PublicKey):
        own_25519 = x25519.X25519PrivateKey.generate()
        point = own_25519.public_key().public_bytes(*_RAW)
        return _originator(oids.X25519, point), own_25519.exchange(public_key)
    own_448 = x448.X448PrivateKey.generate()
    point = own_448.public_key().public_bytes(*_RAW)
    return _originator(oids.X448, point), own_448.exchange(public_key)


def _originator(oid: str, point: bytes) -> bytes:
    return der.context(1, der.algorithm(oid), der.bit_string(point))


def _identifier(recipient: RecipientSpec) -> bytes:
    """RecipientIdentifier (RFC 5652 §6.2.1)."""
    return _ski(recipient, implicit=True) if recipient.by_ski else _issuer_and_serial(recipient)


def _issuer_and_serial(recipient: RecipientSpec) -> bytes:
    named = recipient.certificate.issuer_and_serial
    return der.sequence(named.issuer, der.integer(named.serial))


def _ski(recipient: RecipientSpec, *, implicit: bool) -> bytes:
    identifier = recipient.certificate.subject_key_identifier
    if identifier is None:
        raise UnsupportedAlgorithm("a certificate without subjectKeyIdentifier, named by it")
    return (
        der.context(0, identifier, constructed=False) if implicit else der.octet_string(identifier)
    )
