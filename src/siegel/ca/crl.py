"""Revocation lists of our own authorities (RFC 5280 §5): complete, numbered, signed anew each time.

A complete list says everything about one authority, so it carries no issuingDistributionPoint: that
critical extension is for parts (RFC 5280 §5.2.5), and some programs refuse lists that have it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from siegel.base.errors import Conflict
from siegel.ca.authority import Issuer
from siegel.pki.issuer_keys import digest_for

EVERY = timedelta(days=1)  # how often it is issued; SBR §4.9.7 asks for every 7 days
LIFE = timedelta(days=7)  # until nextUpdate; SBR §4.9.7 allows 10 days
LIFE_OF_ROOT = timedelta(days=90)  # of authorities that revoke authorities; allowed: 12 months


class RevocationReason(StrEnum):
    """RFC 5280 §5.3.1. A hold is none of ours: S/MIME BR §4.9.13 knows no suspension."""

    UNSPECIFIED = "unspecified"
    KEY_COMPROMISE = "keyCompromise"
    CA_COMPROMISE = "cACompromise"
    AFFILIATION_CHANGED = "affiliationChanged"
    SUPERSEDED = "superseded"
    CESSATION_OF_OPERATION = "cessationOfOperation"
    PRIVILEGE_WITHDRAWN = "privilegeWithdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokedCertificate:
    serial: int
    revoked_at: datetime
    reason: RevocationReason
    not_after: datetime


def listed(
    revoked: Iterable[RevokedCertificate], last_issued_at: datetime | None
) -> tuple[RevokedCertificate, ...]:
    """Those that the next list names. RFC 5280 §3.3: an entry stays until it has stood on one list
    that was issued after its certificate expired."""
    return tuple(
        one for one in revoked if last_issued_at is None or one.not_after >= last_issued_at
    )


def issue_crl(
    issuer: Issuer,
    revoked: Iterable[RevokedCertificate],
    *,
    number: int,
    at: datetime,
    life: timedelta = LIFE,
) -> bytes:
    """The list as DER. ``number`` grows with every list of this authority (RFC 5280 §5.2.3)."""
    usage = issuer.certificate.key_usage
    if usage is None or "cRLSign" not in usage:  # RFC 10007
        raise Conflict("the authority's certificate does not allow it to sign revocation lists")
    moment = at.replace(microsecond=0)
    identifier = issuer.certificate.subject_key_identifier
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.certificate.parsed.subject)
        .last_update(moment)
        .next_update(moment + life - timedelta(seconds=1))
        .add_extension(
            x509.AuthorityKeyIdentifier(identifier, None, None)
            if identifier
            else x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()),
            critical=False,
        )
        .add_extension(x509.CRLNumber(number), critical=False)
    )
    for one in sorted(revoked, key=lambda each: (each.revoked_at, each.serial)):
        builder = builder.add_revoked_certificate(_entry(one))
    return builder.sign(issuer.key, digest_for(issuer.key)).public_bytes(Encoding.DER)


def flag_of(reason: RevocationReason) -> x509.ReasonFlags | None:
    """RFC 5280 §5.3.1: instead of "unspecified" the reason is left out."""
    return None if reason is RevocationReason.UNSPECIFIED else x509.ReasonFlags(reason.value)


def _entry(one: RevokedCertificate) -> x509.RevokedCertificate:
    builder = (
        x509.RevokedCertificateBuilder()
        .serial_number(one.serial)
        .revocation_date(one.revoked_at.replace(microsecond=0))
    )
    flag = flag_of(one.reason)
    if flag is not None:
        builder = builder.add_extension(x509.CRLReason(flag), critical=False)
    return builder.build()
