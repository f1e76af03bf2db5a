"""Signed attributes: written (RFC 8551 §2.5, 5035, 6211, 8933) and read without mercy.

Attributes are read from the raw SET OF, where duplicates still show: a type that occurs twice, or
a single-valued one with another number of values, makes the whole set malformed (RFC 5652 §11,
RFC 8551 §2.5.2). Of unsigned attributes only the types are read.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from siegel.base import ber, der, oids
from siegel.base.buffers import Buffer, joined
from siegel.base.errors import LimitExceeded, MalformedMessage
from siegel.base.keys import CertifiedKey, KeyId
from siegel.cms.algorithms import HASHES, AlgorithmId, digest_by_oid, read_algorithm
from siegel.cms.ess import NOTHING_SAID, Services, read_services
from siegel.cms.identifiers import read_issuer_and_serial

_DIRECTORY_NAME = 4  # GeneralName choice

_SIGNED_ONLY = frozenset(
    (
        oids.CONTENT_TYPE,
        oids.MESSAGE_DIGEST,
        oids.SIGNING_TIME,
        oids.SMIME_CAPABILITIES,
        oids.ENCRYPTION_KEY_PREFERENCE,
        oids.MICROSOFT_ENCRYPTION_KEY_PREFERENCE,
        oids.SIGNING_CERTIFICATE,
        oids.SIGNING_CERTIFICATE_V2,
        oids.ALGORITHM_PROTECTION,
        oids.RECEIPT_REQUEST,
        oids.SECURITY_LABEL,
        oids.EQUIVALENT_LABELS,
        oids.CONTENT_REFERENCE,
        oids.EXPANSION_HISTORY,
        oids.MESSAGE_SIGNATURE_DIGEST,
    )
)
"""Of exactly one value, and without meaning outside (RFC 5652 §11, 8551 §2.5, 2634 §1.3.4)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateHash:
    """What signingCertificate(V2) says of the signer's certificate (RFC 5035 §4)."""

    digest: str  # a hashlib name
    value: bytes
    issuer_serial: tuple[bytes, int] | None

    def names(self, certificate: CertifiedKey) -> bool:
        if hashlib.new(self.digest, certificate.der).digest() != self.value:
            return False
        issuer_and_serial = certificate.issuer_and_serial
        known = (issuer_and_serial.issuer, issuer_and_serial.serial)
        return self.issuer_serial in (None, known)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedAttributes:
    """The attributes that mail uses; None where absent."""

    content_type: str | None = None
    message_digest: bytes | None = None
    signing_time: datetime | None = None
    capabilities: bytes | None = None  # the SMIMECapabilities value as it came
    encryption_key_preference: KeyId | None = None
    signing_certificate: CertificateHash | None = None
    protected_digest: AlgorithmId | None = None
    protected_signature: AlgorithmId | None = None
    services: Services = NOTHING_SAID


def build_attributes(
    *,
    content_type: str,
    digest: bytes,
    digest_algorithm: bytes,
    signature_algorithm: bytes,
    certificate: CertifiedKey,
    signing_time: datetime | None,
    encryption_certificate: CertifiedKey | None,
    capabilities: bytes,
) -> bytes:
    """The DER SET OF that is signed; as the signedAttrs field it gets the tag 0xA0."""
    attributes = [
        _attribute(oids.CONTENT_TYPE, der.oid(content_type)),
        _attribute(oids.MESSAGE_DIGEST, der.octet_string(digest)),
        _attribute(oids.SMIME_CAPABILITIES, capabilities),
        _signing_certificate(certificate.der, *_issuer_and_serial(certificate)),
        _attribute(
            oids.ALGORITHM_PROTECTION,
            der.sequence(digest_algorithm, b"\xa1" + signature_algorithm[1:]),
        ),
    ]
    if signing_time is not None:
        attributes.append(_attribute(oids.SIGNING_TIME, der.time(signing_time)))
    if encryption_certificate is not None and encryption_certificate.der != certificate.der:
        preference = der.context(0, *_issuer_and_serial(encryption_certificate))
        attributes.append(_attribute(oids.ENCRYPTION_KEY_PREFERENCE, preference))
    return der.set_of(*attributes)


def _attribute(oid: str, value: bytes) -> bytes:
    return der.sequence(der.oid(oid), der.set_of(value))


def _issuer_and_serial(certificate: CertifiedKey) -> tuple[bytes, bytes]:
    named = certificate.issuer_and_serial
    return named.issuer, der.integer(named.serial)


@lru_cache(maxsize=1024)  # those of a signer are always the same
def _signing_certificate(certificate: bytes, issuer: bytes, serial: bytes) -> bytes:
    """SigningCertificateV2 of one certificate; SHA-256 is the default and left out."""
    general_names = der.sequence(der.context(_DIRECTORY_NAME, issuer))
    named = der.sequence(
        der.octet_string(hashlib.sha256(certificate).digest()),
        der.sequence(general_names, serial),
    )
    return _attribute(oids.SIGNING_CERTIFICATE_V2, der.sequence(der.sequence(named)))


def read_attributes(elements: Sequence[ber.Element]) -> SignedAttributes:
    """What the attributes say. Raises ``MalformedMessage`` if a type occurs twice, too.

    A countersignature under the signature would be one over something not yet made (RFC 5652
    §11.4: it MUST be unsigned).
    """
    values: dict[str, ber.Element] = {}
    for element in elements:
        oid, found = type_and_values(element)
        if oid in values or (oid in _SIGNED_ONLY and len(found) != 1):
            raise MalformedMessage(f"signed attribute {oid} not exactly once", oid=oid)
        values[oid] = found[0] if found else element
    if oids.COUNTERSIGNATURE in values:
        raise MalformedMessage("a countersignature among the signed attributes")
    return _interpreted(values)


def check_unsigned(elements: Sequence[ber.Element]) -> None:
    """``MalformedMessage`` if something stands here that only counts when it is signed."""
    for element in elements:
        oid, _ = type_and_values(element)
        if oid in _SIGNED_ONLY:
            raise MalformedMessage(f"attribute {oid} outside of the signature", oid=oid)


def type_and_values(element: ber.Element) -> tuple[str, list[ber.Element]]:
    fields = element.expect(der.SEQUENCE).children()
    if len(fields) != 2:
        raise MalformedMessage("no signed attribute")
    return fields[0].expect(der.OID).oid(), fields[1].expect(der.SET).children()


def _interpreted(values: dict[str, ber.Element]) -> SignedAttributes:
    content_type = values.get(oids.CONTENT_TYPE)
    digest = values.get(oids.MESSAGE_DIGEST)
    moment = values.get(oids.SIGNING_TIME)
    capabilities = values.get(oids.SMIME_CAPABILITIES)
    protection = values.get(oids.ALGORITHM_PROTECTION)
    protected = (None, None) if protection is None else _protection(protection)
    return SignedAttributes(
        content_type=content_type.expect(der.OID).oid() if content_type else None,
        message_digest=digest.octet_string() if digest else None,
        signing_time=moment.time() if moment else None,
        capabilities=bytes(capabilities.expect(der.SEQUENCE).raw) if capabilities else None,
        encryption_key_preference=_preference(values),
        signing_certificate=_certificate_hash(values),
        protected_digest=protected[0],
        protected_signature=protected[1],
        services=read_services(values),
    )


def _protection(element: ber.Element) -> tuple[AlgorithmId, AlgorithmId]:
    """CMSAlgorithmProtection (RFC 6211 §2); [2] would protect a MAC, of which mail knows none."""
    fields = element.expect(der.SEQUENCE).children()
    if len(fields) != 2:
        raise MalformedMessage("no CMSAlgorithmProtection for a signature")
    return read_algorithm(fields[0]), read_algorithm(fields[1], tag=0xA1)


def _preference(values: dict[str, ber.Element]) -> KeyId | None:
    """RFC 8551 §2.5.3, or what Outlook writes in its place: a plain IssuerAndSerialNumber."""
    element = values.get(oids.ENCRYPTION_KEY_PREFERENCE)
    if element is None:
        element = values.get(oids.MICROSOFT_ENCRYPTION_KEY_PREFERENCE)
        return None if element is None else read_issuer_and_serial(element.expect(der.SEQUENCE))
    if element.tag == 0xA0:
        return read_issuer_and_serial(element)
    if element.tag == 0xA1:  # RecipientKeyIdentifier
        fields = element.children()
        return fields[0].octet_string() if fields else None
    if element.tag & ~der.CONSTRUCTED == 0x82:
        return element.joined()
    raise MalformedMessage("no SMIMEEncryptionKeyPreference")


def _certificate_hash(values: dict[str, ber.Element]) -> CertificateHash | None:
    """The first certificate named, which must be the signer's (RFC 5035 §3); V2 goes first."""
    for oid in (oids.SIGNING_CERTIFICATE_V2, oids.SIGNING_CERTIFICATE):
        if oid in values:
            read = _remembered if len(values[oid].raw) <= _LONGEST_REMEMBERED else _read_hash
            return read(bytes(values[oid].raw), oid)
    return None


_LONGEST_REMEMBERED = 512  # octets; with two hashes and a long name it takes 300


def _read_hash(raw: bytes, oid: str) -> CertificateHash:
    certificates = ber.read(raw).expect(der.SEQUENCE).children()
    named = certificates[0].expect(der.SEQUENCE).children() if certificates else []
    if not named:
        raise MalformedMessage("a signing certificate attribute without certificate")
    fields = named[0].expect(der.SEQUENCE).children()
    digest = "sha256" if oid == oids.SIGNING_CERTIFICATE_V2 else "sha1"
    if digest == "sha256" and fields and fields[0].tag == der.SEQUENCE:
        digest = _known_digest(fields.pop(0))
    if not fields:
        raise MalformedMessage("a signing certificate attribute without hash")
    return CertificateHash(
        digest=digest,
        value=fields[0].octet_string(),
        issuer_serial=_issuer_serial(fields[1]) if len(fields) > 1 else None,
    )


_remembered = lru_cache(maxsize=1024)(_read_hash)
"""The attribute is the same in all mail of one certificate."""


def _known_digest(element: ber.Element) -> str:
    digest = digest_by_oid(read_algorithm(element).oid)
    if digest is None or digest.name not in HASHES:  # MD5, MD2 and SHAKE name no certificate
        raise MalformedMessage("a signing certificate named by an unknown digest")
    return digest.name


def _issuer_serial(element: ber.Element) -> tuple[bytes, int]:
    """IssuerSerial: GeneralNames with one directoryName, and the serial number."""
    fields = element.expect(der.SEQUENCE).children()
    names = fields[0].expect(der.SEQUENCE).children() if len(fields) == 2 else []
    inside = names[0].expect(0xA0 | _DIRECTORY_NAME).children() if len(names) == 1 else []
    if len(inside) != 1:
        raise MalformedMessage("no IssuerSerial of a certificate")
    return bytes(inside[0].raw), fields[1].expect(der.INTEGER).integer()


def looks_like_attributes(content: Sequence[Buffer]) -> bool:
    """Whether content could be signed attributes in disguise: a SET OF with a messageDigest.

    A signature over attributes is a valid signature over content that consists of them, where the
    attributes are left out (the attack of Falko Strenzke).
    """
    first = next((buffer for buffer in content if len(buffer)), b"")
    if bytes(first[:1]) != bytes((der.SET,)):
        return False
    try:
        elements = ber.read(joined(content)).children()
        return any(type_and_values(element)[0] == oids.MESSAGE_DIGEST for element in elements)
    except (MalformedMessage, LimitExceeded):
        return False
