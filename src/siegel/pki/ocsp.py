"""OCSP responses (RFC 6960, RFC 9919): what they say about one certificate, and who may say it.

``cryptography`` reads the response; everything that makes it believable is checked here: that it
means this certificate, that it is in time, and that the issuer itself or a responder delegated
directly by the issuer has signed it. Nothing is fetched; nonces are the business of who asked.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, SHA512, HashAlgorithm
from cryptography.x509 import ocsp

from siegel.base import ber, oids
from siegel.base.errors import SiegelError, UnsupportedAlgorithm
from siegel.pki.certificate import parse_certificate
from siegel.pki.crl import CLOCK_SKEW, Revoked
from siegel.pki.link import Link, link, name_key
from siegel.pki.public_keys import read_pss
from siegel.pki.strength import WEAK_DIGESTS, Padding, is_issued_by, verify

MAX_RESPONSES = 50  # responses of one evidence
MAX_OCTETS = 64 * 1024  # of one response; with two certificates inside it has about 3 KiB
MAX_SINGLE = 100  # certificates that one response speaks of
MAX_RESPONDERS = 4  # certificates tried of those inside a response

_NONCE = "1.3.6.1.5.5.7.48.1.2"
_NO_CHECK = x509.ObjectIdentifier("1.3.6.1.5.5.7.48.1.5")
_DIGESTS = frozenset({"sha1", "sha256", "sha384", "sha512"})
_PSS_DIGESTS: dict[str, type[HashAlgorithm]] = {
    "sha256": SHA256,
    "sha384": SHA384,
    "sha512": SHA512,
}
_SEQUENCE = 0x30
_BOOLEAN = 0x01
_VERSION = 0xA0
_EXTENSIONS = 0xA1  # [1] EXPLICIT, the last field of ResponseData and of SingleResponse

DelegateCheck = Callable[[Link, Link, bool], bool]
"""Is the first, issued by the second, valid now? True: it needs no revocation check (nocheck)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a believable response says. Neither good nor revoked: the responder does not know."""

    good: bool
    revoked: Revoked | None
    this_update: datetime


@dataclass(frozen=True, slots=True)
class Response:
    """One successful response, read; equal when its octets are."""

    sha256: str
    parsed: ocsp.OCSPResponse = field(repr=False, compare=False)
    certificates: tuple[bytes, ...] = field(repr=False, compare=False)
    singles: tuple[ocsp.OCSPSingleResponse, ...] = field(repr=False, compare=False)
    digest: HashAlgorithm | None = field(repr=False, compare=False)
    scheme: Padding = field(repr=False, compare=False)


def read_responses(blobs: Iterable[bytes]) -> tuple[Response, ...]:
    """The successful responses that can be read, each once; the others are left out."""
    found: dict[str, Response] = {}
    for blob in blobs:
        if len(found) == MAX_RESPONSES:
            break
        one = _read(bytes(blob)) if len(blob) <= MAX_OCTETS else None
        if one is not None:
            found[one.sha256] = one
    return tuple(found.values())


def answer(
    certificate: Link,
    issuer: Link,
    responses: Sequence[Response],
    at: datetime,
    is_valid_delegate: DelegateCheck,
) -> Answer | None:
    """The newest believable answer about a certificate, or None."""
    answers = []
    for response in responses:
        single = _about(response, certificate, issuer, at)
        if single is not None and _is_believable(response, issuer, is_valid_delegate):
            answers.append(_answer(single))
    return max(answers, key=lambda one: one.this_update, default=None)


def _read(der: bytes) -> Response | None:
    try:
        parsed = ocsp.load_der_ocsp_response(der)
        if parsed.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
            return None
        data, algorithm, signature, *enclosed = _basic(der)
        if _has_unknown_critical(data) or signature.content[0]:  # a signature is whole octets
            return None
        digest, scheme = _scheme(parsed, algorithm)
        return Response(
            sha256=hashlib.sha256(der).hexdigest(),
            parsed=parsed,
            certificates=_certificates(enclosed),
            singles=tuple(one for one, _ in zip(parsed.responses, range(MAX_SINGLE), strict=False)),
            digest=digest,
            scheme=scheme,
        )
    except Exception:  # whatever the parsers say about hostile octets
        return None


def _basic(der: bytes) -> list[ber.Element]:
    """BasicOCSPResponse (RFC 6960 §4.2.1): data, signatureAlgorithm, signature, certificates."""
    explicit = ber.read(der).expect(_SEQUENCE).children()[1]
    basic = explicit.children()[0].children()[1].joined()
    return ber.read(basic).expect(_SEQUENCE).children()


def _certificates(field: list[ber.Element]) -> tuple[bytes, ...]:
    """[0] EXPLICIT SEQUENCE OF Certificate, as encoded."""
    found = _listed(field[0]) if field else []
    return tuple(bytes(one.raw) for one in found[:MAX_RESPONDERS])


def _scheme(
    parsed: ocsp.OCSPResponse, algorithm: ber.Element
) -> tuple[HashAlgorithm | None, Padding]:
    """RFC 4055 §3.1: PSS with the same digest in MGF1, and any length of the salt.

    ``cryptography`` knows PSS in certificates and lists, but not here.
    """
    if parsed.signature_algorithm_oid.dotted_string != oids.RSA_PSS:
        return parsed.signature_hash_algorithm, padding.PKCS1v15()
    pss = read_pss(algorithm.children()[1])
    digest = _PSS_DIGESTS[pss.digest]()
    if pss.mask_digest != pss.digest:
        raise UnsupportedAlgorithm("RSASSA-PSS with two digests")
    return digest, padding.PSS(padding.MGF1(digest), padding.PSS.AUTO)


def _has_unknown_critical(data: ber.Element) -> bool:
    """RFC 6960 §4.4 defines no critical extension of responses; the nonce alone is harmless."""
    fields = data.children()
    responses = next(one for one in reversed(fields) if one.tag == _SEQUENCE)
    last = [fields[-1], *(single.children()[-1] for single in responses.children())]
    extensions = (one for one in last if one.tag == _EXTENSIONS)
    return any(_is_unknown_critical(one) for holder in extensions for one in _listed(holder))


def _listed(holder: ber.Element) -> list[ber.Element]:
    return holder.children()[0].expect(_SEQUENCE).children()


def _is_unknown_critical(extension: ber.Element) -> bool:
    parts = extension.children()
    critical = parts[1].tag == _BOOLEAN and any(parts[1].content)
    return critical and parts[0].oid() != _NONCE


def _about(
    response: Response, certificate: Link, issuer: Link, at: datetime
) -> ocsp.OCSPSingleResponse | None:
    """The part that means this certificate and is in time; RFC 9919: nextUpdate is needed."""
    try:
        fitting = (
            single
            for single in response.singles
            if _means(single, certificate, issuer) and _is_current(single, at)
        )
        return next(fitting, None)
    except Exception:  # digests and times that cannot be read
        return None


def _means(single: ocsp.OCSPSingleResponse, certificate: Link, issuer: Link) -> bool:
    """CertID (RFC 6960 §4.1.1): serial number, and digests of the issuer's name and key."""
    digest = single.hash_algorithm.name
    return (
        single.serial_number == certificate.certificate.serial
        and digest in _DIGESTS
        and single.issuer_key_hash == hashlib.new(digest, _key_octets(issuer)).digest()
        and single.issuer_name_hash
        == hashlib.new(digest, certificate.certificate.issuer_der).digest()
    )


def _is_current(single: ocsp.OCSPSingleResponse, at: datetime) -> bool:
    until = single.next_update_utc
    return (
        until is not None and single.this_update_utc <= at + CLOCK_SKEW and at - CLOCK_SKEW <= until
    )


def _answer(single: ocsp.OCSPSingleResponse) -> Answer:
    status = single.certificate_status
    revoked = None
    if status is ocsp.OCSPCertStatus.REVOKED:
        reason = single.revocation_reason
        revoked = Revoked(
            at=single.revocation_time_utc, reason=reason.value if reason else "unspecified"
        )
    good = status is ocsp.OCSPCertStatus.GOOD
    return Answer(good=good, revoked=revoked, this_update=single.this_update_utc)


def _is_believable(response: Response, issuer: Link, is_valid_delegate: DelegateCheck) -> bool:
    """RFC 6960 §4.2.2.2: signed by the issuer, or by whom the issuer itself delegated this to."""
    if _is_responder(response, issuer) and _is_signed_by(response, issuer):
        return True
    return any(
        _is_responder(response, delegate)
        and _is_delegate(delegate, issuer)
        and _is_signed_by(response, delegate)
        and is_valid_delegate(delegate, issuer, _needs_no_check(delegate))
        for delegate in _enclosed(response)
    )


def _enclosed(response: Response) -> Iterator[Link]:
    for der in response.certificates:
        try:
            yield link(parse_certificate(der))
        except SiegelError:
            continue


def _key_octets(one: Link) -> bytes:
    """The content of subjectPublicKey, as encoded, without the count of unused bits."""
    fields = ber.read(one.certificate.der).children()[0].children()
    spki = fields[6 if fields[0].tag == _VERSION else 5]
    return bytes(spki.children()[1].content[1:])


def _is_responder(response: Response, one: Link) -> bool:
    """ResponderID: a name, or the SHA-1 digest of the key."""
    try:
        by_key, by_name = response.parsed.responder_key_hash, response.parsed.responder_name
        if by_key is not None:
            return by_key == hashlib.sha1(_key_octets(one), usedforsecurity=False).digest()
        return by_name is not None and name_key(by_name) == one.subject
    except Exception:
        return False


def _is_delegate(delegate: Link, issuer: Link) -> bool:
    usage, extended = delegate.certificate.key_usage, delegate.certificate.extended_key_usage
    return (
        extended is not None
        and oids.OCSP_SIGNING in extended
        and (usage is None or "digitalSignature" in usage)
        and delegate.names_issuer(issuer)
        and is_issued_by(delegate.certificate.parsed, issuer.certificate.public_key)
    )


def _needs_no_check(delegate: Link) -> bool:
    return any(one.oid == _NO_CHECK for one in delegate.certificate.parsed.extensions)


def _is_signed_by(response: Response, one: Link) -> bool:
    parsed, digest = response.parsed, response.digest
    if digest is not None and digest.name in WEAK_DIGESTS:
        return False
    try:
        key = one.certificate.public_key
        verify(key, parsed.signature, parsed.tbs_response_bytes, digest, response.scheme)
    except Exception:  # InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError
        return False
    return True
