"""A small authority of its own organisation, whose certificates point to addresses of the test."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

from siegel.base.address import EmailAddress
from siegel.pki.anchors import AnchorSet, AnchorSource, TrustAnchor
from siegel.pki.certificate import Certificate, parse_certificate
from siegel.pki.evidence import Evidence
from siegel.pki.trust_facts import TrustFacts
from tests.world import WORLD_NOW
from tests.world.cast import NOT_AFTER, NOT_BEFORE

DAY = timedelta(days=1)
ORGANISATION = "Fetch Authority"


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Addresses that a certificate names."""

    crl: tuple[str, ...] = ()
    ocsp: tuple[str, ...] = ()
    issuer: tuple[str, ...] = ()


NOWHERE = Places()


@dataclass(slots=True)
class Ca:
    """One certification authority with a key on P-256."""

    name: str
    parent: "Ca | None" = None
    organisation: str = ORGANISATION
    places: Places = NOWHERE
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    certificate: Certificate = field(init=False)

    def __post_init__(self) -> None:
        usage = _usage(key_cert_sign=True, crl_sign=True)
        self.certificate = self._issue(self.parent or self, self.subject, self.key, usage, True)

    @property
    def subject(self) -> x509.Name:
        return _name(self.organisation, self.name)

    @property
    def der(self) -> bytes:
        return self.certificate.der

    def leaf(
        self,
        address: str = "eva@fetch.example",
        places: Places = NOWHERE,
        key: ec.EllipticCurvePrivateKey | None = None,
    ) -> Certificate:
        person = Ca.__new__(Ca)
        person.places, person.key = places, key or ec.generate_private_key(ec.SECP256R1())
        usage = _usage(digital_signature=True, key_agreement=True)
        purposes = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION])
        names = x509.SubjectAlternativeName([x509.RFC822Name(str(EmailAddress.parse(address)))])
        subject = _name(self.organisation, address)
        return person._issue(self, subject, person.key, usage, False, purposes, names)

    def crl(
        self,
        *revoked: Certificate,
        this_update: datetime = WORLD_NOW - DAY,
        next_update: datetime = WORLD_NOW + DAY,
        number: int = 1,
        delta_at: str = "",
        changes_of: int | None = None,
    ) -> bytes:
        """``delta_at``: where its delta list is; ``changes_of``: it is the delta of that number."""
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.subject)
            .last_update(this_update)
            .next_update(next_update)
            .add_extension(_authority_key(self), critical=False)
            .add_extension(x509.CRLNumber(number), critical=False)
        )
        if delta_at:
            place = x509.DistributionPoint([_uri(delta_at)], None, None, None)
            builder = builder.add_extension(x509.FreshestCRL([place]), critical=False)
        if changes_of is not None:
            builder = builder.add_extension(x509.DeltaCRLIndicator(changes_of), critical=True)
        for one in revoked:
            entry = x509.RevokedCertificateBuilder().serial_number(one.serial)
            builder = builder.add_revoked_certificate(entry.revocation_date(this_update).build())
        return builder.sign(self.key, SHA256()).public_bytes(Encoding.DER)

    def answer(
        self,
        one: Certificate,
        request: bytes,
        *,
        status: ocsp.OCSPCertStatus = ocsp.OCSPCertStatus.GOOD,
        this_update: datetime = WORLD_NOW - DAY,
        next_update: datetime = WORLD_NOW + DAY,
        signer: "Ca | None" = None,
    ) -> bytes:
        """An OCSP response to ``request``, in the digest that it uses."""
        asked, by = ocsp.load_der_ocsp_request(request), signer or self
        assert asked.serial_number == one.serial
        revoked = status is ocsp.OCSPCertStatus.REVOKED
        builder = ocsp.OCSPResponseBuilder().add_response(
            cert=one.parsed,
            issuer=self.certificate.parsed,
            algorithm=asked.hash_algorithm,
            cert_status=status,
            this_update=this_update,
            next_update=next_update,
            revocation_time=this_update if revoked else None,
            revocation_reason=None,
        )
        builder = builder.responder_id(ocsp.OCSPResponderEncoding.NAME, by.certificate.parsed)
        return builder.sign(by.key, SHA256()).public_bytes(Encoding.DER)

    def _issue(
        self,
        issuer: "Ca",
        subject: x509.Name,
        key: ec.EllipticCurvePrivateKey,
        usage: x509.KeyUsage,
        is_ca: bool,
        *more: x509.ExtensionType,
    ) -> Certificate:
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer.subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(NOT_BEFORE)
            .not_valid_after(NOT_AFTER)
            .add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
            .add_extension(usage, critical=True)
            .add_extension(_key_identifier(key), critical=False)
            .add_extension(_authority_key(issuer), critical=False)
        )
        for extension in (*more, *_extensions(self.places)):
            builder = builder.add_extension(extension, critical=False)
        der = builder.sign(issuer.key, SHA256()).public_bytes(Encoding.DER)
        return parse_certificate(der)


def trusting(*anchors: Ca, intermediates: tuple[Ca, ...] = ()) -> TrustFacts:
    trusted = (
        TrustAnchor(certificate=one.certificate, source=AnchorSource.ORGANISATION)
        for one in anchors
    )
    return TrustFacts(
        anchors=AnchorSet(anchors=tuple(trusted)),
        evidence=Evidence(intermediates=tuple(one.certificate for one in intermediates)),
        at=WORLD_NOW,
    )


def _name(organisation: str, common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _usage(**said: bool) -> x509.KeyUsage:
    bits = {
        "digital_signature": False,
        "content_commitment": False,
        "key_encipherment": False,
        "data_encipherment": False,
        "key_agreement": False,
        "key_cert_sign": False,
        "crl_sign": False,
        "encipher_only": False,
        "decipher_only": False,
    }
    return x509.KeyUsage(**(bits | said))


def _key_identifier(key: ec.EllipticCurvePrivateKey) -> x509.SubjectKeyIdentifier:
    return x509.SubjectKeyIdentifier.from_public_key(key.public_key())


def _authority_key(issuer: Ca) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key())


def _extensions(places: Places) -> list[x509.ExtensionType]:
    found: list[x509.ExtensionType] = []
    if places.crl:
        points = [x509.DistributionPoint([_uri(url)], None, None, None) for url in places.crl]
        found.append(x509.CRLDistributionPoints(points))
    methods = (
        (AuthorityInformationAccessOID.OCSP, places.ocsp),
        (AuthorityInformationAccessOID.CA_ISSUERS, places.issuer),
    )
    accesses = [
        x509.AccessDescription(method, _uri(url)) for method, urls in methods for url in urls
    ]
    if accesses:
        found.append(x509.AuthorityInformationAccess(accesses))
    return found


def _uri(url: str) -> x509.UniformResourceIdentifier:
    return x509.UniformResourceIdentifier(url)
