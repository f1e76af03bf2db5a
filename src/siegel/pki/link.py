"""A certificate as a link of a chain: the names as RFC 5280 compares them, and who may have issued.

Names are compared as RFC 5280 §7.1 wants it in the practical form that OpenSSL has too: without
regard to the case of ASCII letters, the kind of string and the amount of white space.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from cryptography import x509

from siegel.pki.certificate import Certificate

NameKey: TypeAlias = tuple[frozenset[tuple[str, str | bytes]], ...] | bytes
"""A distinguished name in comparable form; its octets where it cannot be read."""

MAX_NAME = 1024  # octets of a name that is brought into comparable form; longer ones stay as is

Identity: TypeAlias = tuple[NameKey, str]
"""A name and the digest of a key: what RFC 5280 §6.1 calls the issuer of the next certificate."""

_FOLD = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")


@dataclass(frozen=True, slots=True)
class Link:
    """One certificate with what building and judging a chain ask for again and again."""

    certificate: Certificate
    subject: NameKey = field(repr=False, compare=False)
    issuer: NameKey = field(repr=False, compare=False)
    authority_key: bytes | None = field(repr=False, compare=False)

    @property
    def fingerprint(self) -> str:
        return self.certificate.fingerprint

    @property
    def identity(self) -> Identity:
        """Name and key: a chain never passes the same identity twice."""
        return self.subject, self.certificate.spki_sha256

    @property
    def is_self_issued(self) -> bool:
        """RFC 5280 §3.2."""
        return self.subject == self.issuer

    @property
    def is_readable(self) -> bool:
        """Names that cannot be decoded are compared by octets, unknown keys verify nothing."""
        return "extensions" not in self.certificate.flaws

    def is_in_time(self, at: datetime) -> bool:
        """Both ends belong to the period (RFC 5280 §4.1.2.5); ``at`` is a whole second."""
        return self.certificate.not_before <= at <= self.certificate.not_after

    def names_issuer(self, issuer: "Link") -> bool:
        return self.issuer == issuer.subject

    def points_away_from(self, issuer: "Link") -> bool:
        """Both sides carry a key identifier (RFC 5280 §4.2.1.1), and they differ."""
        named, own = self.authority_key, issuer.certificate.subject_key_identifier
        return named is not None and own is not None and named != own

    def points_to(self, issuer: "Link") -> bool:
        named = self.authority_key
        return named is not None and named == issuer.certificate.subject_key_identifier


def link(certificate: Certificate) -> Link:
    parsed = certificate.parsed
    return Link(
        certificate=certificate,
        subject=_name_key(parsed, certificate.subject_der, issuer=False),
        issuer=_name_key(parsed, certificate.issuer_der, issuer=True),
        authority_key=_authority_key(certificate),
    )


def name_key(name: x509.Name) -> NameKey:
    return tuple(
        frozenset((part.oid.dotted_string, _folded(part.value)) for part in rdn)
        for rdn in name.rdns
    )


def _name_key(parsed: x509.Certificate, der: bytes, *, issuer: bool) -> NameKey:
    if len(der) > MAX_NAME:
        return der
    try:
        return name_key(parsed.issuer if issuer else parsed.subject)
    except Exception:  # a name that cryptography cannot decode is compared by its octets
        return der


def _folded(value: str | bytes) -> str | bytes:
    return " ".join(value.split()).translate(_FOLD) if isinstance(value, str) else value


def _authority_key(certificate: Certificate) -> bytes | None:
    if "extensions" in certificate.flaws:
        return None
    try:
        found = certificate.parsed.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier)
    except x509.ExtensionNotFound:
        return None
    return found.value.key_identifier
