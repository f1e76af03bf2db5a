"""Certificates for one test: whatever the cast of ``tests.world`` does not have."""

from collections.abc import Sequence
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID, ObjectIdentifier

from siegel.base import ber, der, oids
from tests.world import WORLD

SIGNER = ec.derive_private_key(4711, ec.SECP256R1())
"""Signs what is made here. Nobody checks that signature in these tests."""

SERIAL = 0x0102030405

KEY_USAGE_BITS = (
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


def certificate_der(
    *extensions: x509.ExtensionType,
    subject: Sequence[tuple[ObjectIdentifier, str]] = ((NameOID.COMMON_NAME, "Somebody"),),
    key: CertificatePublicKeyTypes | None = None,
    serial: int = SERIAL,
) -> bytes:
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(oid, value) for oid, value in subject]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Issuer")]))
        .public_key(key or public_key("dana"))
        .serial_number(serial)
        .not_valid_before(datetime(2024, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2034, 1, 1, tzinfo=UTC))
    )
    for extension in extensions:
        builder = builder.add_extension(extension, critical=False)
    return builder.sign(SIGNER, hashes.SHA256()).public_bytes(Encoding.DER)


def public_key(person: str) -> CertificatePublicKeyTypes:
    return WORLD.person(person).private_key.public_key()


def certified_as(algorithm: bytes) -> bytes:
    """Alice's certificate with another algorithm beside her key (nobody checks signatures here)."""
    public = public_key("alice")
    key = public.public_bytes(Encoding.DER, PublicFormat.PKCS1)
    old = der.sequence(der.algorithm(oids.RSA, der.null()), der.bit_string(key))
    tbs, rest = split_certificate(certificate_der(key=public))
    assert tbs.count(old) == 1
    new = der.sequence(algorithm, der.bit_string(key))
    return der.sequence(der.sequence(tbs.replace(old, new)), rest)


def split_certificate(blob: bytes) -> tuple[bytes, bytes]:
    """(content of TBSCertificate, what follows it)"""
    tbs, *rest = ber.read(blob).children()
    return bytes(tbs.content), b"".join(bytes(element.raw) for element in rest)


def pss_algorithm(digest: str = oids.SHA512, mask: str = oids.SHA512, salt: int = 64) -> bytes:
    """id-RSASSA-PSS as a key's algorithm, with the restriction of RFC 4055 §3.1."""
    hashed = der.algorithm(digest)
    masked = der.algorithm(oids.MGF1, der.algorithm(mask))
    fields = (der.context(0, hashed), der.context(1, masked), der.context(2, der.integer(salt)))
    return der.algorithm(oids.RSA_PSS, der.sequence(*fields))


def key_usage(*bits: str) -> x509.KeyUsage:
    return x509.KeyUsage(**{name: name in bits for name in KEY_USAGE_BITS})


def mail_names(*names: str, utf8: Sequence[bytes] = ()) -> x509.SubjectAlternativeName:
    """rfc822Names as they are, valid or not, and SmtpUTF8Mailbox names in DER."""
    other = ObjectIdentifier("1.3.6.1.5.5.7.8.9")
    return x509.SubjectAlternativeName(
        [
            *(x509.RFC822Name._init_without_validation(name) for name in names),
            *(x509.OtherName(other, value) for value in utf8),
        ]
    )
