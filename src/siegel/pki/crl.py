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

from siegel.base import ber, der
from siegel.pki.bounded import Bounded
from siegel.pki.link import Link, NameKey, name_key
from siegel.pki.strength import is_signed

MAX_LISTS = 50  # lists of one evidence
MAX_OCTETS = 6 * 1024 * 1024  # of all lists together; OpenSSL reads 4 MiB in half a second
MAX_CHECKS = 64  # signature checks for all lists of one judgement
CLOCK_SKEW = timedelta(minutes=5)
WITHOUT_NEXT_UPDATE = timedelta(days=10)  # the longest life of a list, S/MIME BR §4.9.7

_CRL_SIGNING = "cRLSign"
_DISTRIBUTION_POINT = x509.IssuingDistributionPoint.oid
_DELTA = x509.DeltaCRLIndicator.oid
_EVALUATED = frozenset({_DISTRIBUTION_POINT, _DELTA, x509.CRLNumber.oid})

# Nothing is wrong with what was signed or encrypted before such a revocation. An unspecified
# reason may mean a stolen key, and so may a hold.
_HARMLESS_BEFORE = frozenset(
    {"affiliationChanged", "superseded", "cessationOfOperation", "privilegeWithdrawn"}
)
HOLD = "certificateHold"
_LIFTABLE = frozenset({HOLD, "removeFromCRL"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Revoked:
    """A revocation: since when, and the reason in the spelling of RFC 5280 §5.3.1."""

    at: datetime | None
    reason: str = "unspecified"

    def holds(self, at: datetime) -> bool:
        """Does it forbid use at that moment? A harmless one only from its date on."""
        return self.at is None or self.at <= at or self.reason not in _HARMLESS_BEFORE


@dataclass(slots=True, eq=False)
class RevocationList:
    """One list. Its ``head`` is a list without entries: reading 100,000 of them takes 0.1 s, and
    whoever sends mail can enclose such a list. ``parsed`` is for lists that are believed."""

    der: bytes = field(repr=False)
    sha256: str
    head: x509.CertificateRevocationList = field(repr=False)
    signed: bytes = field(repr=False)
    issuer: NameKey = field(repr=False)
    this_update: datetime
    next_update: datetime
    _parsed: x509.CertificateRevocationList | None = field(default=None, repr=False)

    @property
    def parsed(self) -> x509.CertificateRevocationList:
        if self._parsed is None:
            self._parsed = x509.load_der_x509_crl(self.der)
        return self._parsed

    @property
    def size(self) -> int:
        return len(self.der)

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

    @property
    def is_delta(self) -> bool:
        """Only what changed since a complete list (RFC 5280 §5.2.4)."""
        try:
            return any(one.oid == _DELTA for one in self.head.extensions)
        except Exception:  # then it cannot be used as a complete one either
            return True

    @property
    def is_understood(self) -> bool:
        """RFC 5280 §5.2: no critical extension but those that OpenSSL evaluates."""
        try:
            return all(one.oid in _EVALUATED for one in self.head.extensions if one.critical)
        except Exception:  # extensions that nobody can read
            return False

    @property
    def part(self) -> str:
        """Which certificates it is for (RFC 5280 §5.2.5), as a digest; empty: for all."""
        try:
            found = [one.value for one in self.head.extensions if one.oid == _DISTRIBUTION_POINT]
        except Exception:  # nothing that could be used
            return "unreadable"
        return hashlib.sha256(found[0].public_bytes()).hexdigest() if found else ""

    @property
    def scope(self) -> str:
        """Tells lists of one issuer apart that stand side by side; empty for the plain one."""
        return f"delta {self.part}" if self.is_delta else self.part

    def is_indirect(self) -> bool:
        try:
            scope = self.head.extensions.get_extension_for_class(x509.IssuingDistributionPoint)
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
    for blob in islice(blobs, MAX_LISTS):
        if len(blob) > room:
            continue
        room -= len(blob)
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
        head, signed = _head(blob)
        issued = head.last_update_utc
        return RevocationList(
            der=blob,
            sha256=sha256,
            head=head,
            signed=signed,
            issuer=name_key(head.issuer),
            this_update=issued,
            next_update=head.next_update_utc or issued + WITHOUT_NEXT_UPDATE,
        )
    except Exception:  # whatever the parsers say about hostile octets
        return None


def _head(blob: bytes) -> tuple[x509.CertificateRevocationList, bytes]:
    """The list without revokedCertificates (RFC 5280 §5.1), and the octets that were signed."""
    tbs, algorithm, signature = ber.read(blob).expect(der.SEQUENCE).children()
    fields = tbs.expect(der.SEQUENCE).children()
    entries = [one for one in fields if one.tag == der.SEQUENCE][2:]  # after signature and issuer
    kept = [one.raw for one in fields if one not in entries]
    head = der.sequence(der.sequence(*kept), algorithm.raw, signature.raw)
    return x509.load_der_x509_crl(head), bytes(tbs.raw)


def _may_sign(authority: Link, one: RevocationList) -> bool:
    """RFC 10007: the issuer's certificate says cRLSign; a missing keyUsage does not."""
    usage = authority.certificate.key_usage
    return authority.subject == one.issuer and usage is not None and _CRL_SIGNING in usage


def _is_signed_by(one: RevocationList, authority: Link) -> bool:
    return is_signed(one.head, one.signed, authority.certificate.public_key)


def _reason(entry: x509.RevokedCertificate) -> str:
    try:
        return entry.extensions.get_extension_for_class(x509.CRLReason).value.reason.value
    except Exception:  # absent, unreadable or out of range
        return "unspecified"
