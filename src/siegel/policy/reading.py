"""What the program behind a certificate can read, and how we know (RFC 8551 §2.5.2, §2.7.1).

In this order: what the organisation's rules say, what the owner of the key announced in a signed
mail, what the certificate announces itself (RFC 4262), what a program must know that has such a
key, and a profile for those of whom nothing is known. A source is never mixed with the next one: a
list counts as it is. Announcements are believed as they are handed in; where they may be taken
from says ``harvest``. One that a gateway signed tells what the gateway reads, which then is the
one that opens the mail.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from siegel.base.keys import KeyKind
from siegel.cms.capabilities import Capabilities, parse_capabilities
from siegel.pki.certificate import Certificate
from siegel.policy.rules import Cipher, OrganisationRules, UnknownRecipientProfile

STRONGEST_FIRST = (
    "aes256-gcm",
    "chacha20-poly1305",
    "aes128-gcm",
    "aes256-cbc",
    "aes192-cbc",
    "aes128-cbc",
)
"""All that is ever written: nothing below 128 bits, authenticated before CBC."""

PROFILES = {
    # every program of today reads these; a deviation from RFC 8551 §2.7.1.2, which would try GCM:
    # Outlook, .NET, gpgsm and NSS open no AuthEnvelopedData
    UnknownRecipientProfile.COMPAT: ("aes256-cbc", "aes128-cbc"),
    UnknownRecipientProfile.MODERN: ("aes256-gcm", "aes128-gcm", "aes256-cbc", "aes128-cbc"),
}

BELIEVED_FOR = timedelta(days=730)  # people change their mail programs about every two years


class EnvelopeKind(StrEnum):
    """How a content key travels (RFC 5652 §6.2, RFC 9629). A program may fail on all of a message
    for one kind that it does not know."""

    TRANSPORT = "ktri"
    AGREEMENT = "kari"
    ENCAPSULATION = "kemri"


class Source(StrEnum):
    """How we know what a program reads."""

    RULE = "rule"
    ANNOUNCED = "announced"
    CERTIFICATE = "certificate"
    KEY = "key"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """The list in the newest signed mail that counted, and when that mail was signed."""

    capabilities: Capabilities
    signed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What is read with one certificate. ``ciphers`` are only such as we write; ``kinds`` are those
    that may stand in one message with it; ``oaep`` are digests, "" never among them."""

    ciphers: frozenset[str]
    source: Source
    kinds: frozenset[EnvelopeKind]
    oaep: frozenset[str] = frozenset()
    cek_hkdf: bool = False


def reading(
    certificate: Certificate,
    announced: Announcement | None,
    at: datetime,
    rules: OrganisationRules,
) -> Reading:
    said, source = _said(certificate, announced, at)
    known = said or Capabilities()
    ciphers, source = _ciphers(certificate, said, source, rules)
    return Reading(
        ciphers=frozenset(ciphers).intersection(STRONGEST_FIRST),
        source=source,
        kinds=frozenset(_kinds(certificate, known)),
        oaep=known.oaep,
        cek_hkdf=known.cek_hkdf,
    )


def kind_of(certificate: Certificate) -> EnvelopeKind:
    match certificate.key_kind:
        case KeyKind.ML_KEM:
            return EnvelopeKind.ENCAPSULATION
        case KeyKind.EC | KeyKind.X25519 | KeyKind.X448:
            return EnvelopeKind.AGREEMENT
    return EnvelopeKind.TRANSPORT


def newest(announcements: Iterable[Announcement | None]) -> Announcement | None:
    made = (one for one in announcements if one is not None)
    return max(made, key=lambda one: one.signed_at, default=None)


def _said(
    certificate: Certificate, announced: Announcement | None, at: datetime
) -> tuple[Capabilities | None, Source]:
    if announced is not None and at - announced.signed_at <= BELIEVED_FOR:
        return announced.capabilities, Source.ANNOUNCED
    octets = certificate.capabilities
    return parse_capabilities(octets) if octets is not None else None, Source.CERTIFICATE


def _ciphers(
    certificate: Certificate, said: Capabilities | None, source: Source, rules: OrganisationRules
) -> tuple[Iterable[str], Source]:
    if rules.cipher is not Cipher.AUTO:
        return (rules.cipher.value,), Source.RULE
    if said is not None and _tells_ciphers(said, source):
        return said.ciphers, source
    if certificate.key_kind in _ONLY_MODERN_PROGRAMS_HAVE:
        return PROFILES[UnknownRecipientProfile.MODERN], Source.KEY
    return PROFILES[rules.unknown_recipient_profile], Source.UNKNOWN


def _tells_ciphers(said: Capabilities, source: Source) -> bool:
    """Who names no cipher at all has not said that he reads none: lists need not be complete.

    A certificate's list is its authority's. Where it knows only what nobody writes any more, as
    those of Windows Server 2003 do (RC2, DES, 3DES), it says nothing about today's program.
    """
    if source is Source.CERTIFICATE:
        return not set(STRONGEST_FIRST).isdisjoint(said.ciphers)
    return bool(said.ciphers)


# RFC 8418 and RFC 9936 are younger than RFC 8551, which demands AES-GCM
_ONLY_MODERN_PROGRAMS_HAVE = {KeyKind.X25519, KeyKind.X448, KeyKind.ML_KEM}


def _kinds(certificate: Certificate, said: Capabilities) -> Iterable[EnvelopeKind]:
    """RSA is read by all; another kind by those who have such a key, or say that they know it."""
    yield EnvelopeKind.TRANSPORT
    yield kind_of(certificate)
    if said.agreement:
        yield EnvelopeKind.AGREEMENT
    if said.encapsulation:
        yield EnvelopeKind.ENCAPSULATION
