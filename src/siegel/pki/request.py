"""Certification requests (PKCS #10, RFC 2986): written for a key of ours, read from strangers.

The signature proves possession of the private key, so a key that cannot sign (X25519) has no
request; an authority of our own certifies it without one, because it made the key itself. What
comes back is found by its public key, in whatever file and order it comes.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.types import (
    CertificatePublicKeyTypes,
    PublicKeyTypes,
)
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from siegel.base import b64, ber, der, pem
from siegel.base.address import EmailAddress
from siegel.base.errors import MalformedMessage, SiegelError, UnsupportedAlgorithm
from siegel.pki import strength
from siegel.pki.certificate import Certificate
from siegel.pki.issuer_keys import digest_for, issuer_key
from siegel.pki.names import mail_names, parse_name
from siegel.pki.softkeys import PrivateKey

MAX_SIZE = 64 * 1024  # octets of one file; a request with RSA-4096 takes 1,800 with armour
MAX_ADDRESSES = 100  # of one request; each becomes a name of the certificate
_LABELS = frozenset({b"CERTIFICATE REQUEST", b"NEW CERTIFICATE REQUEST"})


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificationRequest:
    """What a request asks for, and the key it proves possession of.

    The names are wishes: an authority certifies what it has checked, not what was asked.
    """

    der: bytes = field(repr=False)
    subject: str
    addresses: tuple[EmailAddress, ...]
    spki_sha256: str
    public_key: CertificatePublicKeyTypes = field(repr=False)
    is_ca: bool


def build_request(
    key: PrivateKey,
    subject: x509.Name,
    extensions: Iterable[tuple[x509.ExtensionType, bool]] = (),
) -> bytes:
    """A request (DER) for ``key``, signed with it. ``extensions``: asked for, and if critical.

    Raises ``UnsupportedAlgorithm`` for a key that cannot sign.
    """
    signer = issuer_key(key)
    builder = x509.CertificateSigningRequestBuilder().subject_name(subject)
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    return builder.sign(signer, digest_for(signer)).public_bytes(Encoding.DER)


def parse_request(data: bytes) -> CertificationRequest:
    """A request in DER, PEM or base64, from whoever wrote it.

    Raises ``MalformedMessage`` (no request, a signature that does not verify, a name that is no
    address) and ``UnsupportedAlgorithm`` (a key that is too weak, or of no use in mail).
    """
    encoded = _der_of(data)
    try:
        parsed = x509.load_der_x509_csr(encoded)
        key = parsed.public_key()
        is_signed = strength.is_signed(parsed, parsed.tbs_certrequest_bytes, key)
        wanted = {one.oid: one.value for one in parsed.extensions}
    except Exception as error:  # whatever the parser says about hostile octets
        raise MalformedMessage("not a certification request (PKCS #10)") from error
    weakness = strength.public_key_weakness(key)
    if weakness is not None:
        raise UnsupportedAlgorithm(f"the key of the request is too weak or unknown: {weakness}")
    if not is_signed:
        raise MalformedMessage("the signature of the request does not verify with its own key")
    constraints = wanted.get(x509.BasicConstraints.oid)
    subject = parse_name(parsed.subject.public_bytes())
    return CertificationRequest(
        der=encoded,
        subject=str(subject),
        addresses=_addresses(wanted.get(x509.SubjectAlternativeName.oid), parsed.subject),
        spki_sha256=spki_digest(key),
        public_key=key,
        is_ca=isinstance(constraints, x509.BasicConstraints) and constraints.ca,
    )


def pem_of(request: bytes) -> bytes:
    """RFC 7468 §7."""
    return x509.load_der_x509_csr(request).public_bytes(Encoding.PEM)


def spki_digest(key: PublicKeyTypes) -> str:
    """SHA-256 (hex) of a SubjectPublicKeyInfo: the name its private key is kept by."""
    spki = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(spki).hexdigest()


def answering(found: Iterable[Certificate], waiting: Iterable[str]) -> dict[str, Certificate]:
    """Which of the certificates belong to keys that wait, by the name of the key (``spki_sha256``).

    Of several for one key the one that is valid longest; the others of the file are its chain.
    """
    keys = frozenset(waiting)
    answers: dict[str, Certificate] = {}
    for certificate in sorted(found, key=lambda one: one.not_after):
        if certificate.spki_sha256 in keys:
            answers[certificate.spki_sha256] = certificate
    return answers


def _der_of(data: bytes) -> bytes:
    if len(data) > MAX_SIZE:
        raise MalformedMessage(f"a request longer than {MAX_SIZE} octets")
    if data[:1] == b"\x30":
        encoded = data
    else:
        blocks = [one.body for one in islice(pem.blocks(data), 10) if one.label in _LABELS]
        encoded = b64.decode(blocks[0] if blocks else data)
    try:
        return bytes(ber.read(encoded).expect(der.SEQUENCE).raw)
    except SiegelError as error:
        raise MalformedMessage("not a certification request (PKCS #10)") from error


def _addresses(
    alternative: x509.ExtensionType | None, subject: x509.Name
) -> tuple[EmailAddress, ...]:
    names = alternative if isinstance(alternative, x509.SubjectAlternativeName) else None
    found = mail_names(names, parse_name(subject.public_bytes()))
    if found.malformed:
        raise MalformedMessage(f"the request names what is no address: {found.malformed[0]!r:.100}")
    if len(found.addresses) > MAX_ADDRESSES:
        raise MalformedMessage(f"a request for more than {MAX_ADDRESSES} addresses")
    return found.addresses
