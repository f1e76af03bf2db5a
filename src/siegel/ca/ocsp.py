"""Answers to OCSP questions (RFC 6960, RFC 9919), signed by a delegated responder.

One question, one certificate: that is what mail programs send, and ``cryptography`` reads no other.
Not written: archiveCutoff, which its builder cannot place; a list keeps what the standard asks for.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import ocsp

from siegel.base import ber, der
from siegel.ca.crl import RevocationReason, flag_of
from siegel.pki.certificate import Certificate
from siegel.pki.issuer_keys import IssuerKey, digest_for

LIFE = timedelta(days=1)  # until nextUpdate; S/MIME BR §4.9.10 allows 10 days
MAX_REQUEST = 4096  # octets; one question with a nonce of 128 octets takes 300
MIN_NONCE = 16  # octets; RFC 9654 §2.1: a responder may ignore shorter ones
MAX_NONCE = 128  # octets; RFC 9654 §2.1: longer ones are malformed


class Failure(Enum):
    """Why there is no answer: RFC 6960 §4.2.1, where whoever asks reads it as a number."""

    MALFORMED = ocsp.OCSPResponseStatus.MALFORMED_REQUEST
    INTERNAL = ocsp.OCSPResponseStatus.INTERNAL_ERROR
    TRY_LATER = ocsp.OCSPResponseStatus.TRY_LATER
    UNAUTHORIZED = ocsp.OCSPResponseStatus.UNAUTHORIZED


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """``is_issued`` False: the authority knows no such certificate – "unknown", never "good"."""

    is_issued: bool
    revoked_at: datetime | None = None
    reason: RevocationReason = RevocationReason.UNSPECIFIED


@dataclass(frozen=True, slots=True, kw_only=True)
class Responder:
    """Who answers for ``authority``: a certificate that this very authority issued, and its key."""

    authority: Certificate
    certificate: Certificate
    key: IssuerKey = field(repr=False)


def respond(
    request: bytes, responder: Responder, status_of: Callable[[int], Status], *, at: datetime
) -> bytes:
    """The response (DER) to whatever came: always one, for every sequence of octets.

    A question about another authority is "unauthorized"; what is no question "malformedRequest".
    """
    asked = _read(request)
    nonce = None if asked is None else _nonce(asked)
    if asked is None or (nonce is not None and not 1 <= len(nonce) <= MAX_NONCE):
        return failure(Failure.MALFORMED)
    if not _is_about(asked, responder.authority):
        return failure(Failure.UNAUTHORIZED)
    return _answer(
        asked, nonce, responder, status_of(asked.serial_number), at.replace(microsecond=0)
    )


def kept_until(response: bytes) -> datetime | None:
    """How long others may hand on an answer of ours (RFC 5019 §6.2); None: it is for one only, as
    it names a nonce, or says nothing about a certificate."""
    said = ocsp.load_der_ocsp_response(response)
    if said.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
        return None
    if any(isinstance(one.value, x509.OCSPNonce) for one in said.extensions):
        return None
    return said.next_update_utc


def _answer(
    asked: ocsp.OCSPRequest,
    nonce: bytes | None,
    responder: Responder,
    status: Status,
    at: datetime,
) -> bytes:
    """In the CertID of the question (RFC 9919 §3.2.1), whatever digest that uses."""
    builder = ocsp.OCSPResponseBuilder().add_response_by_hash(
        asked.issuer_name_hash,
        asked.issuer_key_hash,
        asked.serial_number,
        asked.hash_algorithm,
        _cert_status(status),
        at,
        at + LIFE,
        status.revoked_at,
        None if status.revoked_at is None else flag_of(status.reason),
    )
    builder = builder.responder_id(
        ocsp.OCSPResponderEncoding.HASH, responder.certificate.parsed
    ).certificates([responder.certificate.parsed])
    if nonce is not None and len(nonce) >= MIN_NONCE:
        builder = builder.add_extension(x509.OCSPNonce(nonce), critical=False)
    signed = builder.sign(responder.key, digest_for(responder.key))
    return signed.public_bytes(Encoding.DER)


def _cert_status(status: Status) -> ocsp.OCSPCertStatus:
    if status.revoked_at is not None:
        return ocsp.OCSPCertStatus.REVOKED
    return ocsp.OCSPCertStatus.GOOD if status.is_issued else ocsp.OCSPCertStatus.UNKNOWN


def _read(request: bytes) -> ocsp.OCSPRequest | None:
    if len(request) > MAX_REQUEST:
        return None
    try:
        asked = ocsp.load_der_ocsp_request(request)
        _ = (asked.serial_number, asked.hash_algorithm, list(asked.extensions))
    except Exception:  # whatever the parser says about hostile octets, several questions included
        return None
    return asked


def _nonce(asked: ocsp.OCSPRequest) -> bytes | None:
    found = [one.value for one in asked.extensions if isinstance(one.value, x509.OCSPNonce)]
    return found[0].nonce if found else None


def _is_about(asked: ocsp.OCSPRequest, authority: Certificate) -> bool:
    """RFC 6960 §4.1.1: digests of the issuer's name and of its key without tag and length."""
    try:
        digest = hashlib.new(asked.hash_algorithm.name, authority.subject_der).digest()
        of_key = hashlib.new(asked.hash_algorithm.name, _key_octets(authority)).digest()
    except ValueError:  # a digest that this machine does not know
        return False
    return (asked.issuer_name_hash, asked.issuer_key_hash) == (digest, of_key)


def _key_octets(authority: Certificate) -> bytes:
    """The content of subjectPublicKey, behind the count of unused bits."""
    spki = authority.parsed.public_key().public_bytes(
        Encoding.DER, PublicFormat.SubjectPublicKeyInfo
    )
    return bytes(ber.read(spki).expect(der.SEQUENCE).children()[1].expect(der.BIT_STRING).content)[
        1:
    ]


def failure(why: Failure) -> bytes:
    """An answer without a signature, as the standard has them."""
    return ocsp.OCSPResponseBuilder.build_unsuccessful(why.value).public_bytes(Encoding.DER)
