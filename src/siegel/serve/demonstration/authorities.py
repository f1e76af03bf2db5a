"""Two small certification authorities and the certificates of three people, made on the spot.

RFC 5280 and RFC 8550: a root that signs people directly, one certificate for signing and
encrypting. There are no revocation lists: this is a demo and not an authority.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from siegel.base.secret import Secret
from siegel.pki.certificate import Certificate, parse_certificate
from siegel.pki.pkcs12 import build_pkcs12

BITS = 2048  # made in a moment, and accepted by every mail program
AUTHORITY_FOR = timedelta(days=5 * 365)
PERSON_FOR = timedelta(days=365)
EARLIER = timedelta(hours=1)  # clocks of this machine may have been set back since

_USAGES = (
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
class DemoAuthority:
    """A root; its key lives as long as this process and is never written."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def fingerprint(self) -> str:
        return _parsed(self.certificate).fingerprint

    def write(self, path: Path) -> None:
        path.write_bytes(self.certificate.public_bytes(Encoding.PEM))


@dataclass(frozen=True, slots=True)
class DemoPerson:
    certificate: x509.Certificate
    key: rsa.RSAPrivateKey
    authority: DemoAuthority

    @property
    def fingerprint(self) -> str:
        return _parsed(self.certificate).fingerprint

    def write_pkcs12(self, path: Path, passphrase: Secret) -> None:
        """The file people get from an authority: key, certificate and the root above it."""
        data = build_pkcs12(
            self.key, _parsed(self.certificate), [_parsed(self.authority.certificate)], passphrase
        )
        _write_private(path, data)

    def write_certificate(self, path: Path) -> None:
        path.write_bytes(self.certificate.public_bytes(Encoding.PEM))

    def write_pem(self, certificate: Path, key: Path) -> None:
        """The same apart and without passphrase, as OpenSSL's command line likes it."""
        self.write_certificate(certificate)
        octets = self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        _write_private(key, octets)


def create_authority(name: str, at: datetime) -> DemoAuthority:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = _name(name)
    builder = _builder(key.public_key(), subject, subject, at, AUTHORITY_FOR)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(_usage("key_cert_sign", "crl_sign"), critical=True)
    return DemoAuthority(builder.sign(key, SHA256()), key)


def create_person(
    name: str,
    address: str,
    authority: DemoAuthority,
    at: datetime,
    *,
    lasts: timedelta = PERSON_FOR,
) -> DemoPerson:
    key = rsa.generate_private_key(65537, BITS)
    issuer = authority.certificate
    builder = _builder(key.public_key(), _name(name), issuer.subject, at, lasts)
    above = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key())
    for extension, critical in (
        (x509.BasicConstraints(ca=False, path_length=None), True),
        (_usage("digital_signature", "key_encipherment"), True),
        (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), False),
        (x509.SubjectAlternativeName([x509.RFC822Name(address)]), False),
        (above, False),
    ):
        builder = builder.add_extension(extension, critical)
    return DemoPerson(builder.sign(authority.key, SHA256()), key, authority)


def _builder(
    public: ec.EllipticCurvePublicKey | rsa.RSAPublicKey,
    subject: x509.Name,
    issuer: x509.Name,
    at: datetime,
    lasts: timedelta,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .serial_number(x509.random_serial_number())
        .public_key(public)
        .subject_name(subject)
        .issuer_name(issuer)
        .not_valid_before(at - EARLIER)
        .not_valid_after(at + lasts)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )


def _name(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _usage(*names: str) -> x509.KeyUsage:
    return x509.KeyUsage(**{usage: usage in names for usage in _USAGES})


def _parsed(certificate: x509.Certificate) -> Certificate:
    return parse_certificate(certificate.public_bytes(Encoding.DER))


def _write_private(path: Path, octets: bytes) -> None:
    path.touch(mode=0o600)
    path.write_bytes(octets)
