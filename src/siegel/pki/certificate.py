"""X.509 certificates (RFC 5280, RFC 8550): the facts, read once per DER and cached.

Facts only: nothing here says that a certificate is trusted, in time or not revoked. ``may_sign``
and ``may_encrypt`` are what key, keyUsage and extendedKeyUsage allow, not what the rules of the
organisation make of it. Issuer, subject and key are raw slices of the DER, never re-encoded.
"""

import hashlib
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import TypeVar

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes

from siegel.base import ber, oids
from siegel.base.address import EmailAddress
from siegel.base.errors import LimitExceeded, MalformedMessage, UnsupportedAlgorithm
from siegel.base.keys import IssuerAndSerial, KeyKind
from siegel.pki import names
from siegel.pki.classes import ValidationClass, validation_class
from siegel.pki.public_keys import PssParameters, bits_of, kind_of, name_of, pss_restriction

MAX_SIZE = 64 * 1024  # octets of one certificate; the longest signatures (SLH-DSA) take 50,000
CACHED = 1024  # certificates kept by their DER; with MAX_SIZE at most 64 MiB, usually 2 MiB


# no use in mail for thirty years, and the library warns of them
_DIFFIE_HELLMAN = frozenset({"1.2.840.113549.1.3.1", "1.2.840.10046.2.1"})
_SMIME_CAPABILITIES = x509.ObjectIdentifier(oids.SMIME_CAPABILITIES)
_VERSION = 0xA0
_SEQUENCE = 0x30
_INTEGER = 0x02

_SIGNING_KINDS = frozenset(
    {
        KeyKind.RSA,
        KeyKind.RSA_PSS,
        KeyKind.EC,
        KeyKind.ED25519,
        KeyKind.ED448,
        KeyKind.DSA,
        KeyKind.ML_DSA,
    }
)
# RFC 8550 §4.4.4: purposes of which one must be named, where extendedKeyUsage is present
_FOR_MAIL = frozenset({oids.EMAIL_PROTECTION, oids.ANY_EXTENDED_KEY_USAGE})
# RFC 8550 §4.4.2: signatures of messages need one of these bits, where keyUsage is present
_SIGNING_BITS = frozenset({"digitalSignature", "nonRepudiation"})
# RFC 5280 §4.2.1.3 with RFC 3279, 5480, 8410 and 9935: the bit by which a kind may be encrypted to
_ENCRYPTION_BIT = {
    KeyKind.RSA: "keyEncipherment",
    KeyKind.EC: "keyAgreement",
    KeyKind.X25519: "keyAgreement",
    KeyKind.X448: "keyAgreement",
    KeyKind.ML_KEM: "keyEncipherment",
}
# RFC 9881 §5, RFC 9935 §5: the only bits that keyUsage may have with such a key
_ONLY_BITS = {
    KeyKind.ML_DSA: _SIGNING_BITS | {"keyCertSign", "cRLSign"},
    KeyKind.ML_KEM: frozenset({"keyEncipherment"}),
}
_BITS = {
    "digitalSignature": "digital_signature",
    "nonRepudiation": "content_commitment",
    "keyEncipherment": "key_encipherment",
    "dataEncipherment": "data_encipherment",
    "keyAgreement": "key_agreement",
    "keyCertSign": "key_cert_sign",
    "cRLSign": "crl_sign",
}
_Extension = TypeVar("_Extension", bound=x509.ExtensionType)
_Fact = TypeVar("_Fact")


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """One certificate; equal when the DER is equal. Made by ``parse_certificate`` only.

    ``flaws`` names what could not be read ("extensions", "public_key"); a certificate
    with a flaw in its extensions has no address, signs nothing and is not encrypted to.
    ``malformed_addresses`` are mail names that are no exact address. ``pss`` is the one way of
    signing that the key was certified for (RFC 4055 §1.2), ``capabilities`` the SMIMECapabilities
    of the certificate as encoded (RFC 4262).
    """

    der: bytes = field(repr=False)
    parsed: x509.Certificate = field(repr=False, compare=False)
    fingerprint: str = field(compare=False)
    issuer_and_serial: IssuerAndSerial = field(repr=False, compare=False)
    subject: str = field(compare=False)
    subject_der: bytes = field(repr=False, compare=False)
    subject_key_identifier: bytes | None = field(repr=False, compare=False)
    spki_sha256: str = field(repr=False, compare=False)
    public_key: PublicKeyTypes | None = field(repr=False, compare=False)
    key_kind: KeyKind = field(repr=False, compare=False)
    key_bits: int = field(repr=False, compare=False)
    pss: PssParameters | None = field(repr=False, compare=False)
    addresses: tuple[EmailAddress, ...] = field(compare=False)
    malformed_addresses: tuple[str, ...] = field(repr=False, compare=False)
    not_before: datetime = field(repr=False, compare=False)
    not_after: datetime = field(repr=False, compare=False)
    is_ca: bool = field(repr=False, compare=False)
    key_usage: frozenset[str] | None = field(repr=False, compare=False)
    extended_key_usage: frozenset[str] | None = field(repr=False, compare=False)
    capabilities: bytes | None = field(repr=False, compare=False)
    validation_class: ValidationClass | None = field(repr=False, compare=False)
    flaws: tuple[str, ...] = field(repr=False, compare=False)

    @property
    def issuer(self) -> str:
        return str(names.parse_name(self.issuer_der))

    @property
    def common_name(self) -> str | None:
        return names.parse_name(self.subject_der).common_name

    @property
    def person(self) -> str | None:
        return names.parse_name(self.subject_der).person

    @property
    def organisation(self) -> str | None:
        return names.parse_name(self.subject_der).organisation

    @property
    def issuer_der(self) -> bytes:
        return self.issuer_and_serial.issuer

    @property
    def serial(self) -> int:
        return self.issuer_and_serial.serial

    @property
    def is_self_issued(self) -> bool:
        """RFC 5280 §3.2: issuer and subject are the same name (here: the same octets)."""
        return self.subject_der == self.issuer_der

    @property
    def key_name(self) -> str:
        """The key for people: "RSA 3072", "secp256r1", "ML-DSA-65", "SLH-DSA-SHA2-128s"."""
        algorithm = self.parsed.public_key_algorithm_oid.dotted_string
        return name_of(self.key_kind, self.public_key, algorithm)

    @property
    def contradicts_key(self) -> bool:
        """keyUsage names what this kind of key must never be certified for."""
        allowed = _ONLY_BITS.get(self.key_kind)
        return allowed is not None and self.key_usage is not None and not self.key_usage <= allowed

    @property
    def may_sign(self) -> bool:
        """Signatures of messages may be made and verified with this key (RFC 8550 §4.4.2)."""
        usage = self.key_usage
        allowed = usage is None or not usage.isdisjoint(_SIGNING_BITS)
        return allowed and self.key_kind in _SIGNING_KINDS and self._is_for_mail

    @property
    def may_encrypt(self) -> bool:
        """Messages may be encrypted to this key; which bit allows it depends on its kind."""
        bit = _ENCRYPTION_BIT.get(self.key_kind)
        allowed = self.key_usage is None or bit in self.key_usage
        return bit is not None and allowed and self._is_for_mail

    @property
    def _is_for_mail(self) -> bool:
        """RFC 8550 §4.4.4, and nothing at all with a key or extensions that cannot be read."""
        if self.public_key is None or "extensions" in self.flaws or self.contradicts_key:
            return False
        usage = self.extended_key_usage
        return usage is None or not usage.isdisjoint(_FOR_MAIL)


def parse_certificate(der: bytes) -> Certificate:
    """The facts of one DER certificate; raises ``MalformedMessage`` and nothing else."""
    if len(der) > MAX_SIZE:
        raise MalformedMessage(f"certificate longer than {MAX_SIZE} octets")
    try:
        return _cached(bytes(der))
    except LimitExceeded as error:
        raise MalformedMessage("not a certificate") from error


@lru_cache(CACHED)
def _cached(der: bytes) -> Certificate:
    slices = _slices(der)
    parsed = _load(der, slices.serial)
    flaws: list[str] = []
    extensions = _Extensions(_fact(flaws, "extensions", lambda: parsed.extensions) or ())
    key, pss = _fact(flaws, "public_key", lambda: _key(parsed, slices.spki)) or (None, None)
    kind = kind_of(key, parsed.public_key_algorithm_oid.dotted_string)
    subject = names.parse_name(slices.subject)
    mail = names.MailNames()
    if "extensions" not in flaws:
        mail = names.mail_names(extensions.of(x509.SubjectAlternativeName), subject)
    names.parse_name(slices.issuer)  # one that is no name makes it no certificate
    identifier = extensions.of(x509.SubjectKeyIdentifier)
    constraints = extensions.of(x509.BasicConstraints)
    return Certificate(
        der=der,
        parsed=parsed,
        fingerprint=hashlib.sha256(der).hexdigest(),
        issuer_and_serial=IssuerAndSerial(slices.issuer, slices.serial),
        subject=str(subject),
        subject_der=slices.subject,
        subject_key_identifier=identifier.digest if identifier else None,
        spki_sha256=hashlib.sha256(slices.spki).hexdigest(),
        public_key=key,
        key_kind=kind,
        key_bits=bits_of(kind, key),
        pss=pss,
        addresses=mail.addresses,
        malformed_addresses=mail.malformed,
        not_before=parsed.not_valid_before_utc,
        not_after=parsed.not_valid_after_utc,
        is_ca=constraints is not None and constraints.ca,
        key_usage=_key_usage(extensions),
        extended_key_usage=_extended_key_usage(extensions),
        capabilities=extensions.unknown(_SMIME_CAPABILITIES),
        validation_class=validation_class(extensions.of(x509.CertificatePolicies)),
        flaws=tuple(flaws),
    )


@dataclass(frozen=True, slots=True)
class _Slices:
    """Fields of TBSCertificate (RFC 5280 §4.1) exactly as encoded."""

    serial: int
    issuer: bytes
    subject: bytes
    spki: bytes


def _slices(der: bytes) -> _Slices:
    certificate = ber.read(der).expect(_SEQUENCE).children()
    fields = certificate[0].expect(_SEQUENCE).children() if certificate else []
    if fields and fields[0].tag == _VERSION:
        fields = fields[1:]
    if len(fields) < 6:
        raise MalformedMessage("not a certificate")
    serial, _, issuer, _, subject, spki = fields[:6]
    return _Slices(
        serial=int.from_bytes(serial.expect(_INTEGER).content, "big", signed=True),
        issuer=bytes(issuer.expect(_SEQUENCE).raw),
        subject=bytes(subject.expect(_SEQUENCE).raw),
        spki=bytes(spki.expect(_SEQUENCE).raw),
    )


def _load(der: bytes, serial: int) -> x509.Certificate:
    """RFC 5280 §4.1.2.2 tells users to handle serial numbers that are not positive gracefully.

    ``cryptography`` warns of them; only for such a certificate is the (process-wide) list of
    warning filters touched.
    """
    try:
        if serial > 0:
            return x509.load_der_x509_certificate(der)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return x509.load_der_x509_certificate(der)
    except Exception as error:  # whatever the parser says about a hostile certificate
        raise MalformedMessage("not a certificate") from error


def _fact(flaws: list[str], name: str, read: Callable[[], _Fact]) -> _Fact | None:
    try:
        return read()
    except Exception:  # ValueError, TypeError, UnsupportedAlgorithm, a warning made an error
        flaws.append(name)
        return None


def _key(parsed: x509.Certificate, spki: bytes) -> tuple[PublicKeyTypes, PssParameters | None]:
    """A key whose restrictions cannot be understood is no key: nobody could keep to them."""
    algorithm = parsed.public_key_algorithm_oid.dotted_string
    if algorithm in _DIFFIE_HELLMAN:
        raise UnsupportedAlgorithm("Diffie-Hellman over finite fields")
    return parsed.public_key(), pss_restriction(spki) if algorithm == oids.RSA_PSS else None


class _Extensions:
    """The extensions by their kind; the library goes through its list for every question."""

    def __init__(self, found: Iterable[x509.Extension[x509.ExtensionType]]) -> None:
        self._values = {one.oid: one.value for one in found}

    def of(self, kind: type[_Extension]) -> _Extension | None:
        value = self._values.get(kind.oid)
        return value if isinstance(value, kind) else None

    def unknown(self, oid: x509.ObjectIdentifier) -> bytes | None:
        """The octets of an extension that the library has no class for."""
        value = self._values.get(oid)
        return value.value if isinstance(value, x509.UnrecognizedExtension) else None


def _key_usage(extensions: _Extensions) -> frozenset[str] | None:
    usage = extensions.of(x509.KeyUsage)
    if usage is None:
        return None
    return frozenset(name for name, attribute in _BITS.items() if getattr(usage, attribute))


def _extended_key_usage(extensions: _Extensions) -> frozenset[str] | None:
    usage = extensions.of(x509.ExtendedKeyUsage)
    return None if usage is None else frozenset(oid.dotted_string for oid in usage)
