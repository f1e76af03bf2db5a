"""Issue certificates: a root, an issuing authority below it, mailboxes, responders (RFC 5280).

The serial number is a parameter: it is reserved in the store before anything is signed with it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID

from siegel.base.address import EmailAddress
from siegel.base.buffers import Random
from siegel.base.errors import Conflict, UnsupportedAlgorithm
from siegel.ca import names, profiles
from siegel.ca.profiles import LeafProfile
from siegel.pki import strength
from siegel.pki.certificate import Certificate, parse_certificate
from siegel.pki.issuer_keys import IssuerKey, digest_for

SERIAL_OCTETS = 16  # of the random source; SBR §7.1: at least 64 bits; RFC 5280: at most 20 octets

Extensions = Sequence[tuple[x509.ExtensionType, bool]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where an issuer publishes: its revocation list, its own certificate, its responder."""

    crl: str
    issuer: str
    ocsp: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """An authority that can sign: certificate and key belong together."""

    certificate: Certificate
    key: IssuerKey = field(repr=False)
    places: Places

    def __post_init__(self) -> None:
        if self.certificate.public_key != self.key.public_key():
            raise Conflict("the key is not the one of this authority")
        if not self.certificate.is_ca:
            raise Conflict("only an authority issues certificates")


def new_serial(rng: Random) -> int:
    """127 random bits, positive: 16 octets in DER (SBR §7.1, RFC 5280 §4.1.2.2)."""
    return (int.from_bytes(rng(SERIAL_OCTETS), "big") >> 1) or 1


def create_root(
    key: IssuerKey, subject: x509.Name, *, serial: int, days: int, at: datetime
) -> Certificate:
    """A self-signed root for one level of authorities below it."""
    public = key.public_key()
    builder = _builder(subject, subject, public, serial, at, at + _ca_life(days))
    extensions = (
        *_ca_extensions(path_length=1),
        (_identifier(public), False),
        (x509.AuthorityKeyIdentifier.from_issuer_public_key(public), False),
    )
    return _signed(builder, extensions, key)


def create_issuing(
    issuer: Issuer,
    public_key: CertificatePublicKeyTypes,
    subject: x509.Name,
    domains: Iterable[str],
    *,
    serial: int,
    days: int,
    at: datetime,
    policy: str = "",
) -> Certificate:
    """An authority for mailboxes, below a root. ``domains``: the only ones it can vouch for
    (critical name constraints); empty would be none at all and is ``Conflict``."""
    not_after = _not_after(issuer, at, _ca_life(days))
    builder = _builder(
        subject, issuer.certificate.parsed.subject, public_key, serial, at, not_after
    )
    constraints = tuple(domains)
    if not constraints:
        raise Conflict("an issuing authority needs the domains that it may certify")
    purposes = x509.ExtendedKeyUsage(
        [ExtendedKeyUsageOID.EMAIL_PROTECTION, ExtendedKeyUsageOID.CLIENT_AUTH]
    )
    extensions = (
        *_ca_extensions(path_length=0),
        (names.permitted(constraints), True),
        (purposes, False),
        *_policies(policy or _ANY_POLICY),
        *_links(issuer, public_key),
    )
    return _signed(builder, extensions, issuer.key)


def requested_of_parent() -> Extensions:
    """What our request to an authority above asks for; its answer decides."""
    return _ca_extensions(path_length=0)


def issue_leaf(
    issuer: Issuer,
    public_key: CertificatePublicKeyTypes,
    profile: LeafProfile,
    subject: x509.Name,
    addresses: Iterable[EmailAddress],
    *,
    serial: int,
    at: datetime,
    policy: str = "",
) -> Certificate:
    """A certificate for the mailbox; it never outlives its authority.

    Raises ``UnsupportedAlgorithm`` for a weak key, ``Conflict`` for one that cannot be used so.
    """
    _require_strong(public_key)
    alternative = names.alternative_names(addresses)
    if not list(alternative):
        raise Conflict("a certificate for mail names at least one address")
    not_after = _not_after(issuer, at, timedelta(days=profile.days))
    builder = _builder(
        subject, issuer.certificate.parsed.subject, public_key, serial, at, not_after
    )
    extensions = (
        (profiles.leaf_usage(public_key, profile.use), True),
        (profile.purposes, False),
        (alternative, not list(subject)),  # RFC 5280 §4.2.1.6: critical without a subject
        *_policies(policy),
        *_links(issuer, public_key),
    )
    return _signed(builder, extensions, issuer.key)


def issue_ocsp_signer(
    issuer: Issuer,
    public_key: CertificatePublicKeyTypes,
    subject: x509.Name,
    *,
    serial: int,
    at: datetime,
    days: int = profiles.OCSP_SIGNER_DAYS,
) -> Certificate:
    """A delegated responder (RFC 6960 §4.2.2.2): short-lived, so nobody asks after it in turn."""
    _require_strong(public_key)
    not_after = _not_after(issuer, at, timedelta(days=days))
    builder = _builder(
        subject, issuer.certificate.parsed.subject, public_key, serial, at, not_after
    )
    extensions: Extensions = (
        (profiles.usage(digital_signature=True), True),
        (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.OCSP_SIGNING]), False),
        (x509.OCSPNoCheck(), False),
        (_identifier(public_key), False),
        (_authority_identifier(issuer), False),
    )
    return _signed(builder, extensions, issuer.key)


_RESERVED = "2.23.140.1."  # SBR §1.2: "as a means of asserting compliance with this document"
_ANY_POLICY = "2.5.29.32.0"  # SBR §7.1.6.3: an issuing authority of one's own may say this


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    public_key: CertificatePublicKeyTypes,
    serial: int,
    at: datetime,
    not_after: datetime,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(serial)
        .not_valid_before((at - profiles.SKEW).replace(microsecond=0))
        .not_valid_after(not_after.replace(microsecond=0))
    )


def _signed(
    builder: x509.CertificateBuilder, extensions: Extensions, key: IssuerKey
) -> Certificate:
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    return parse_certificate(builder.sign(key, digest_for(key)).public_bytes(Encoding.DER))


def _not_after(issuer: Issuer, at: datetime, life: timedelta) -> datetime:
    """SBR counts both ends: a second less than the days asked for (RFC 5280 §4.1.2.5)."""
    if at >= issuer.certificate.not_after:
        raise Conflict("the authority's own certificate has expired; renew it first")
    return min(at - profiles.SKEW + life - _SECOND, issuer.certificate.not_after)


_SECOND = timedelta(seconds=1)


def _ca_life(days: int) -> timedelta:
    if not 1 <= days <= profiles.MAX_CA_DAYS:
        raise Conflict(f"an authority is valid for 1 to {profiles.MAX_CA_DAYS} days")
    return timedelta(days=days)


def _ca_extensions(*, path_length: int) -> Extensions:
    return (
        (x509.BasicConstraints(ca=True, path_length=path_length), True),
        (profiles.ca_usage(), True),
    )


def _policies(identifier: str) -> Extensions:
    if not identifier:
        return ()
    if f"{identifier}.".startswith(_RESERVED):
        raise Conflict("policy identifiers of the CA/Browser Forum are for audited authorities")
    try:
        policy = x509.PolicyInformation(x509.ObjectIdentifier(identifier), None)
    except ValueError as error:
        raise Conflict(f"not an object identifier: {identifier!r}") from error
    return ((x509.CertificatePolicies([policy]), False),)


def _links(issuer: Issuer, public_key: CertificatePublicKeyTypes) -> Extensions:
    """How others find the way up and ask after revocation (SBR §7.1.2.3 b and c)."""
    places = issuer.places
    point = x509.DistributionPoint([names.web_place(places.crl)], None, None, None)
    above = [(AuthorityInformationAccessOID.CA_ISSUERS, places.issuer)]
    asked = [(AuthorityInformationAccessOID.OCSP, places.ocsp)] if places.ocsp else []
    accesses = [
        x509.AccessDescription(method, names.web_place(url)) for method, url in (*asked, *above)
    ]
    return (
        (_identifier(public_key), False),
        (_authority_identifier(issuer), False),
        (x509.CRLDistributionPoints([point]), False),
        (x509.AuthorityInformationAccess(accesses), False),
    )


def _identifier(key: CertificatePublicKeyTypes) -> x509.SubjectKeyIdentifier:
    return x509.SubjectKeyIdentifier.from_public_key(key)


def _authority_identifier(issuer: Issuer) -> x509.AuthorityKeyIdentifier:
    """By the key only (SBR §7.1.2.3 g): issuer and serial would tie it to one certificate of it."""
    identifier = issuer.certificate.subject_key_identifier
    if identifier is None:
        return x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key())
    return x509.AuthorityKeyIdentifier(identifier, None, None)


def _require_strong(key: CertificatePublicKeyTypes) -> None:
    weakness = strength.public_key_weakness(key)
    if weakness is not None:
        raise UnsupportedAlgorithm(f"the key is too weak or unknown: {weakness}")
