"""How the certificates of the world are made: X.509 v3 as RFC 5280 and RFC 8550 want it.

Serial numbers follow from names, so the world has the same shape every time; RSA certificates
are even the same octets (PSS and elliptic curves sign with randomness).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, x25519
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID

from tests.world.cast import AuthorityRole, Role, Usage
from tests.world.private_keys import PrivateKey, private_key

CA_NOT_BEFORE: Final = datetime(2023, 1, 1, tzinfo=UTC)
CA_NOT_AFTER: Final = datetime(2036, 1, 1, tzinfo=UTC)
SMTP_UTF8_MAILBOX: Final = x509.ObjectIdentifier("1.3.6.1.5.5.7.8.9")

_USAGES: Final = (
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


@dataclass(frozen=True, slots=True)
class Authority:
    """A certification authority: it issues certificates and revocation lists."""

    role: AuthorityRole
    certificate: x509.Certificate
    key: rsa.RSAPrivateKey
    issuer: "Authority | None"

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    @property
    def path(self) -> tuple["Authority", ...]:
        """From this authority up to its root."""
        return (self, *(self.issuer.path if self.issuer else ()))


def create_authority(role: AuthorityRole, issuer: Authority | None) -> Authority:
    key = private_key(role.name)
    assert isinstance(key, rsa.RSAPrivateKey)
    public_key = key.public_key()
    subject = _name(role.subject)
    builder = (
        _builder(role.name, public_key_of=key)
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .not_valid_before(CA_NOT_BEFORE)
        .not_valid_after(CA_NOT_AFTER)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(_key_usage("key_cert_sign", "crl_sign"), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
    )
    if issuer is None:
        return Authority(role, _signed(builder, key, pss=role.pss), key, None)
    builder = builder.add_extension(_issuer_key(issuer), critical=False)
    return Authority(role, _signed(builder, issuer.key, pss=issuer.role.pss), key, issuer)


def create_certificate(role: Role, issuer: Authority) -> x509.Certificate:
    key = private_key(role.key_name)
    builder = (
        _builder(role.name, public_key_of=key)
        .subject_name(_name(role.subject, role.subject_address))
        .issuer_name(issuer.certificate.subject)
        .not_valid_before(role.not_before)
        .not_valid_after(role.not_after)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(_issuer_key(issuer), critical=False)
    )
    for extension, critical in _peculiarities(role, key):
        builder = builder.add_extension(extension, critical)
    return _signed(builder, issuer.key, pss=issuer.role.pss)


def create_crl(
    authority: Authority,
    revoked: dict[int, datetime],
    this_update: datetime,
    next_update: datetime,
    number: int,
) -> bytes:
    """A complete revocation list in DER; ``revoked`` maps serial numbers to moments."""
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(authority.certificate.subject)
        .last_update(this_update)
        .next_update(next_update)
        .add_extension(_issuer_key(authority), critical=False)
        .add_extension(x509.CRLNumber(number), critical=False)
    )
    for serial, revoked_at in sorted(revoked.items()):
        builder = builder.add_revoked_certificate(
            x509.RevokedCertificateBuilder()
            .serial_number(serial)
            .revocation_date(revoked_at)
            .add_extension(x509.CRLReason(x509.ReasonFlags.key_compromise), critical=False)
            .build()
        )
    padded = _pss() if authority.role.pss else None
    return builder.sign(authority.key, SHA256(), rsa_padding=padded).public_bytes(Encoding.DER)


def serial_number(name: str) -> int:
    """15 octets, positive, never zero (RFC 5280 §4.1.2.2)."""
    return int.from_bytes(sha256(name.encode()).digest()[:15], "big") | 1


def _builder(name: str, *, public_key_of: PrivateKey) -> x509.CertificateBuilder:
    serial = serial_number(name)
    return x509.CertificateBuilder().serial_number(serial).public_key(public_key_of.public_key())


def _name(subject: str, address: str | None = None) -> x509.Name:
    parts = [
        x509.NameAttribute(NameOID.COUNTRY_NAME, "DE"),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Siegel Test World"),
        x509.NameAttribute(NameOID.COMMON_NAME, subject),
    ]
    if address is not None:
        parts.append(x509.NameAttribute(NameOID.EMAIL_ADDRESS, address))
    return x509.Name(parts)


def _signed(
    builder: x509.CertificateBuilder, key: rsa.RSAPrivateKey, *, pss: bool
) -> x509.Certificate:
    return builder.sign(key, SHA256(), rsa_padding=_pss() if pss else None)


def _pss() -> padding.PSS:
    """Salt as long as the digest: the only salt that gpgsm verifies."""
    return padding.PSS(padding.MGF1(SHA256()), SHA256.digest_size)


def _issuer_key(issuer: Authority) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key())


def _peculiarities(role: Role, key: PrivateKey) -> Iterator[tuple[x509.ExtensionType, bool]]:
    """The extensions in which people differ, each with whether it is critical."""
    usages = _usages(role.usage, key)
    if usages:
        yield _key_usage(*usages), True
    if role.purposes:
        yield x509.ExtendedKeyUsage([x509.ObjectIdentifier(oid) for oid in role.purposes]), False
    names = [*_mail_names(role), *_utf8_names(role)]
    if names:
        yield x509.SubjectAlternativeName(names), False
    if role.crl_url:
        yield _crl_at(role.crl_url), False
    if role.issuer_url:
        yield _issuer_at(role.issuer_url), False


def _usages(usage: Usage, key: PrivateKey) -> tuple[str, ...]:
    agrees = isinstance(key, ec.EllipticCurvePrivateKey | x25519.X25519PrivateKey)
    encrypt = "key_agreement" if agrees else "key_encipherment"
    return {
        Usage.BOTH: ("digital_signature", encrypt),
        Usage.SIGN: ("digital_signature",),
        Usage.ENCRYPT: (encrypt,),
        Usage.NONE: (),
    }[usage]


def _key_usage(*names: str) -> x509.KeyUsage:
    return x509.KeyUsage(**{usage: usage in names for usage in _USAGES})


def _mail_names(role: Role) -> list[x509.GeneralName]:
    sans = (role.address,) if role.sans is None else role.sans
    return [x509.RFC822Name(san) for san in sans]


def _utf8_names(role: Role) -> list[x509.GeneralName]:
    return [x509.OtherName(SMTP_UTF8_MAILBOX, _utf8_string(san.encode())) for san in role.utf8_sans]


def _utf8_string(text: bytes) -> bytes:
    assert len(text) < 128  # the short form of the length is enough here
    return bytes((0x0C, len(text))) + text


def _crl_at(url: str) -> x509.CRLDistributionPoints:
    place = x509.DistributionPoint([x509.UniformResourceIdentifier(url)], None, None, None)
    return x509.CRLDistributionPoints([place])


def _issuer_at(url: str) -> x509.AuthorityInformationAccess:
    method = AuthorityInformationAccessOID.CA_ISSUERS
    place = x509.AccessDescription(method, x509.UniformResourceIdentifier(url))
    return x509.AuthorityInformationAccess([place])
