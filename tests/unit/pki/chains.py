"""Authorities and leaves of any shape, made on the spot: what chains are tested with.

Everything is P-256 unless a key is given, so that hundreds are made in no time; each certificate
is well-formed and correct unless a parameter says otherwise.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, TypeAlias

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.hazmat.primitives.hashes import SHA1, SHA256, SHA512
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from siegel.base import ber, der
from siegel.pki.anchors import AnchorSet, AnchorSource, TrustAnchor
from siegel.pki.certificate import Certificate, parse_certificate
from siegel.pki.evidence import Evidence
from siegel.pki.post_quantum import MlDsaPrivateKey

AT = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
NOT_BEFORE = datetime(2024, 1, 1, tzinfo=UTC)
NOT_AFTER = datetime(2034, 1, 1, tzinfo=UTC)
LAST_YEAR = datetime(2025, 11, 21, tzinfo=UTC)

Key: TypeAlias = (
    ec.EllipticCurvePrivateKey
    | rsa.RSAPrivateKey
    | ed25519.Ed25519PrivateKey
    | ed448.Ed448PrivateKey
    | MlDsaPrivateKey
)

_serials: Iterator[int] = count(1000)


def fresh_key() -> Key:
    return ec.generate_private_key(ec.SECP256R1())


@dataclass(frozen=True, slots=True)
class Party:
    """A certificate and the key it is for."""

    certificate: Certificate
    key: Key

    @property
    def name(self) -> x509.Name:
        return self.certificate.parsed.subject


@dataclass(frozen=True, kw_only=True)
class Shape:
    """How a certificate is to be; the defaults are those of a good authority."""

    ca: bool | None = True  # None: no basicConstraints
    path_length: int | None = None
    usage: tuple[str, ...] | None = ("key_cert_sign", "crl_sign")
    purposes: tuple[str, ...] = ()
    not_before: datetime = NOT_BEFORE
    not_after: datetime = NOT_AFTER
    constraints: x509.NameConstraints | None = None
    extensions: Sequence[tuple[x509.ExtensionType, bool]] = ()
    key_identifiers: bool = True  # subject- and authorityKeyIdentifier
    subject_key_identifier: bytes | None = None  # None: the true one
    names: tuple[x509.GeneralName, ...] = ()
    broken: bool = False  # the signature does not verify
    digest: SHA256 | SHA512 = field(default_factory=SHA256)
    serial: int | None = None
    pss: bool = False  # the issuer, who has an RSA key, signs with RSASSA-PSS


AUTHORITY = Shape()


def mail_leaf(address: str = "leaf@office.example", **changes: Any) -> Shape:
    """The shape of somebody's certificate."""
    shape: dict[str, Any] = {
        "ca": None,
        "usage": ("digital_signature", "key_encipherment", "key_agreement"),
        "purposes": ("1.3.6.1.5.5.7.3.4",),
        "names": (x509.RFC822Name(address),),
    }
    return Shape(**(shape | changes))


def root(name: str, shape: Shape = AUTHORITY, *, key: Key | None = None) -> Party:
    key = key or fresh_key()
    return _issue(_name(name), key, _name(name), key, shape)


def issue(
    issuer: Party, name: str | x509.Name, shape: Shape = AUTHORITY, *, key: Key | None = None
) -> Party:
    return _issue(_name(name), key or fresh_key(), issuer.name, issuer.key, shape)


def certified(
    issuer: Party, public: CertificatePublicKeyTypes, name: str = "Leaf", **changes: Any
) -> Certificate:
    """A mail certificate for any key, one that only receives included."""
    return _certificate(_name(name), public, issuer.name, issuer.key, mail_leaf(**changes))


def leaf_of(issuer: Party, name: str | x509.Name = "Leaf", **changes: Any) -> Party:
    return issue(issuer, name, mail_leaf(**changes))


def signed_with_sha1(party: Party, issuer: Party) -> Party:
    """The same with ecdsa-with-SHA1, which ``cryptography`` verifies but never makes."""
    assert isinstance(issuer.key, ec.EllipticCurvePrivateKey)
    algorithm = der.algorithm("1.2.840.10045.4.1")
    fields = ber.read(party.certificate.parsed.tbs_certificate_bytes).children()
    version, serial, _, *rest = [bytes(one.raw) for one in fields]
    content = der.sequence(version, serial, algorithm, *rest)
    signature = issuer.key.sign(content, ec.ECDSA(SHA1()))
    whole = der.sequence(content, algorithm, der.bit_string(signature))
    return Party(parse_certificate(whole), party.key)


def anchored(*parties: Party, distrusted: Sequence[str] = ()) -> AnchorSet:
    anchors = (
        TrustAnchor(certificate=one.certificate, source=AnchorSource.ORGANISATION)
        for one in parties
    )
    return AnchorSet(anchors=tuple(anchors), distrusted=frozenset(distrusted))


def sent(*parties: Party) -> Evidence:
    """Certificates that came along, in this order."""
    return Evidence(intermediates=tuple(one.certificate for one in parties))


def revocation_list(
    issuer: Party,
    revoked: Mapping[int, tuple[datetime, x509.ReasonFlags | None]] | None = None,
    *,
    this_update: datetime = AT - timedelta(days=1),
    next_update: datetime | None = AT + timedelta(days=6),
    extensions: Sequence[tuple[x509.ExtensionType, bool]] = (),
    key: Key | None = None,
    number: int = 1,
) -> bytes:
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.name)
        .last_update(this_update)
        .next_update(next_update or this_update)
        .add_extension(x509.CRLNumber(number), critical=False)
    )
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    for serial, (moment, why) in (revoked or {}).items():
        entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(moment)
        if why is not None:
            entry = entry.add_extension(x509.CRLReason(why), critical=False)
        builder = builder.add_revoked_certificate(entry.build())
    signer = key or issuer.key
    return builder.sign(signer, digest_of(signer)).public_bytes(Encoding.DER)


def digest_of(signer: Key, digest: SHA256 | SHA512 | None = None) -> SHA256 | SHA512 | None:
    """ML-DSA and EdDSA have their own."""
    own = ed25519.Ed25519PrivateKey | ed448.Ed448PrivateKey | MlDsaPrivateKey
    return None if isinstance(signer, own) else digest or SHA256()


def _name(common_name: str | x509.Name) -> x509.Name:
    if isinstance(common_name, x509.Name):
        return common_name
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _issue(subject: x509.Name, key: Key, issuer: x509.Name, signer: Key, shape: Shape) -> Party:
    return Party(_certificate(subject, key.public_key(), issuer, signer, shape), key)


def _certificate(
    subject: x509.Name,
    public: CertificatePublicKeyTypes,
    issuer: x509.Name,
    signer: Key,
    shape: Shape,
) -> Certificate:
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(shape.serial or next(_serials))
        .not_valid_before(shape.not_before)
        .not_valid_after(shape.not_after)
    )
    for extension, critical in _extensions(shape, public, signer):
        builder = builder.add_extension(extension, critical)
    digest = digest_of(signer, shape.digest)
    scheme = padding.PSS(padding.MGF1(SHA256()), SHA256.digest_size) if shape.pss else None
    der = builder.sign(signer, digest, rsa_padding=scheme).public_bytes(Encoding.DER)
    return parse_certificate(_spoilt(der) if shape.broken else der)


def _extensions(
    shape: Shape, public: CertificatePublicKeyTypes, signer: Key
) -> Iterator[tuple[x509.ExtensionType, bool]]:
    if shape.ca is not None:
        yield x509.BasicConstraints(shape.ca, shape.path_length), True
    if shape.usage is not None:
        yield _key_usage(shape.usage), True
    if shape.purposes:
        yield x509.ExtendedKeyUsage([x509.ObjectIdentifier(one) for one in shape.purposes]), False
    if shape.constraints is not None:
        yield shape.constraints, True
    if shape.names:
        yield x509.SubjectAlternativeName(shape.names), False
    if shape.key_identifiers:
        own = x509.SubjectKeyIdentifier.from_public_key(public)
        if shape.subject_key_identifier is not None:
            own = x509.SubjectKeyIdentifier(shape.subject_key_identifier)
        yield own, False
        yield x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), False
    yield from shape.extensions


def _key_usage(bits: tuple[str, ...]) -> x509.KeyUsage:
    every = (
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    )
    return x509.KeyUsage(**{bit: bit in bits for bit in every})


def _spoilt(der: bytes) -> bytes:
    """One bit of the signature's last number is another one."""
    return der[:-1] + bytes([der[-1] ^ 1])
