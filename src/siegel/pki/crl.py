"""Revocation lists (RFC 5280 §5, RFC 10007): which may be believed, and what they say.

A list counts only if its signature verifies with the key of a certificate that carries the
issuer's name and keyUsage cRLSign. OpenSSL looks lists up by name alone – a forged newer one would
hide the good one –, so this is checked before OpenSSL sees any. Scope, deltas and distribution
points are judged by OpenSSL; indirect lists are not evaluated.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice

from cryptography import x509

from siegel.pki.bounded import Bounded
from siegel.pki.link import Link, NameKey, name_key
from siegel.pki.strength import is_signed

MAX_LISTS = 50  # lists of one evidence
MAX_OCTETS = 16 * 1024 * 1024  # of all lists together; the largest in use have 5 MiB
MAX_CHECKS = 64  # signature checks for all lists of one judgement
CLOCK_SKEW = timedelta(minutes=5)
WITHOUT_NEXT_UPDATE = timedelta(days=10)  # the longest life of a list, S/MIME BR §4.9.7

_CRL_SIGNING = "cRLSign"

# Nothing is wrong with what was signed or encrypted before such a revocation. An unspecified
# reason may mean a stolen key, and so may a hold.
_HARMLESS_BEFORE = frozenset(
    {"affiliationChanged", "superseded", "cessationOfOperation", "privilegeWithdrawn"}
)
_LIFTABLE = frozenset({"certificateHold", "removeFromCRL"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Revoked:
    """A revocation: since when, and the reason in the spelling of RFC 5280 §5.3.1."""

    at: datetime | None
    reason: str = "unspecified"

    def holds(self, at: datetime) -> bool:
        """Does it forbid use at that moment? A harmless one only from its date on."""
        return self.at is None or self.at <= at or self.reason not in _HARMLESS_BEFORE


@dataclass(frozen=True, slots=True)
class RevocationList:
    """One list, read; equal when its octets are."""

    sha256: str
    parsed: x509.CertificateRevocationList = field(repr=False, compare=False)
    issuer: NameKey = field(repr=False, compare=False)
    size: int = field(repr=False, compare=False)
    this_update: datetime = field(compare=False)
    next_update: datetime = field(compare=False)

    def is_current(self, at: datetime) -> bool:
        return self.this_update <= at + CLOCK_SKEW and at - CLOCK_SKEW <= self.next_update

    def entry(self, serial: int, *, indirect: bool = False) -> Revoked | None:
        """What the list says about a certificate of its issuer, if it names it.

        Serial numbers of an ``indirect`` list may be those of another authority: they count only
        where OpenSSL has said so already.
        """
        if serial <= 0 or (self.is_indirect() and not indirect):
            return None
        try:
            found = self.parsed.get_revoked_certificate_by_serial_number(serial)
        except Exception:  # entries that cannot be read
            return None
        if found is None:
            return None
        return Revoked(at=found.revocation_date_utc, reason=_reason(found))

    def is_indirect(self) -> bool:
        try:
            scope = self.parsed.extensions.get_extension_for_class(x509.IssuingDistributionPoint)
        except x509.ExtensionNotFound:
            return False
        except Exception:
            return True
        return scope.value.indirect_crl


class ListMemory:
    """Lists that were believed once, with the key that signed them: reading 100,000 entries again
    for every mail would cost more than everything else. Lists that nobody signed never get in."""

    def __init__(self) -> None:
        self._lists: Bounded[str, tuple[RevocationList, str]] = Bounded(MAX_LISTS, 4 * MAX_OCTETS)

    def __len__(self) -> int:
        return len(self._lists)

    def clear(self) -> None:
        self._lists.clear()

    def read(self, blob: bytes) -> RevocationList | None:
        sha256 = hashlib.sha256(blob).hexdigest()
        known = self._lists.get(sha256)
        return known[0] if known else _read(blob, sha256)

    def is_signed_by(self, one: RevocationList, authority: Link) -> bool:
        key = authority.certificate.spki_sha256
        known = self._lists.get(one.sha256)
        if known is not None:
            return known[1] == key
        if not _is_signed_by(one, authority):
            return False
        self._lists.put(one.sha256, (one, key), one.size)
        return True


def read_lists(blobs: Iterable[bytes], memory: ListMemory) -> tuple[RevocationList, ...]:
    """The lists that can be read, each once and within the limits; the others are left out."""
    found: dict[str, RevocationList] = {}
    room = MAX_OCTETS
    for blob in blobs:
        room -= len(blob)
        if room < 0 or len(found) == MAX_LISTS:
            break
        one = memory.read(blob)
        if one is not None:
            found[one.sha256] = one
    return tuple(found.values())


def believed(
    lists: Sequence[RevocationList], authorities: Sequence[Link], memory: ListMemory
) -> dict[RevocationList, Link]:
    """The lists whose signature verifies, with the authority that signed them."""
    pairs = ((one, by) for one in lists for by in authorities if _may_sign(by, one))
    signed: dict[RevocationList, Link] = {}
    for one, authority in islice(pairs, MAX_CHECKS):
        if one not in signed and memory.is_signed_by(one, authority):
            signed[one] = authority
    return signed


def lasting(entries: Iterable[Revoked], at: datetime) -> Revoked | None:
    """The revocation that lists out of date still prove: it is for ever unless it was a hold."""
    proved = [one for one in entries if one.reason not in _LIFTABLE and one.holds(at)]
    return min(proved, key=lambda one: one.at or _EARLIEST, default=None)


_EARLIEST = datetime.min.replace(tzinfo=UTC)


def _read(blob: bytes, sha256: str) -> RevocationList | None:
    try:
        parsed = x509.load_der_x509_crl(bytes(blob))
        issued = parsed.last_update_utc
        return RevocationList(
            sha256=sha256,
            parsed=parsed,
            issuer=name_key(parsed.issuer),
            size=len(blob),
            this_update=issued,
            next_update=parsed.next_update_utc or issued + WITHOUT_NEXT_UPDATE,
        )
    except Exception:  # whatever the parser says about hostile octets
        return None


def _may_sign(authority: Link, one: RevocationList) -> bool:
    """RFC 10007: the issuer's certificate says cRLSign; a missing keyUsage does not."""
    usage = authority.certificate.key_usage
    return authority.subject == one.issuer and usage is not None and _CRL_SIGNING in usage


def _is_signed_by(one: RevocationList, authority: Link) -> bool:
    try:
        content = one.parsed.tbs_certlist_bytes
    except Exception:
        return False
    return is_signed(one.parsed, content, authority.certificate.public_key)


def _reason(entry: x509.RevokedCertificate) -> str:
    try:
        return entry.extensions.get_extension_for_class(x509.CRLReason).value.reason.value
    except Exception:  # absent, unreadable or out of range
        return "unspecified"
