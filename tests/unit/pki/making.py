"""Certificates for one test: whatever the cast of ``tests.world`` does not have."""

from collections.abc import Sequence
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID, ObjectIdentifier

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
