"""Who can share one envelope: those who know every kind of key in it and read the same ciphers.

A program may fail on a whole message for one RecipientInfo whose kind it does not know, even though
another one is meant for it. So kinds meet only where everybody is known to know them (by a key of
his own, or by his announcement); where they must not meet, each combination gets its own envelope.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.pki.certificate import Certificate
from siegel.policy.reading import (
    STRONGEST_FIRST,
    EnvelopeKind,
    Reading,
    Source,
    kind_of,
    newest,
    reading,
)
from siegel.policy.reasons import Reason
from siegel.policy.rules import KeyChangeRule, OrganisationRules
from siegel.policy.usability import Candidate, Usable, is_revoked


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known about the ways of recipients. ``candidates`` are all their certificates, those
    that only sign among them: their owners announce with these what they read."""

    candidates: Mapping[EmailAddress, tuple[Candidate, ...]]
    hidden: frozenset[EmailAddress]
    at: datetime
    rules: OrganisationRules


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """One recipient with all the certificates his copy is encrypted to."""

    address: EmailAddress
    certificates: tuple[Usable, ...]
    readings: tuple[Reading, ...]

    @property
    def ciphers(self) -> frozenset[str]:
        """Nobody knows with which of his programs he will read: what all of them do."""
        return frozenset.intersection(*(one.ciphers for one in self.readings))

    @property
    def kinds(self) -> frozenset[EnvelopeKind]:
        return frozenset(kind_of(one.certificate) for one in self.certificates)

    @property
    def reads(self) -> frozenset[EnvelopeKind]:
        """The kinds of his own keys, and what every program of his announced besides."""
        return self.kinds.union(frozenset.intersection(*(one.kinds for one in self.readings)))

    def held_to(self, cipher: str) -> frozenset[Source]:
        """How we know that no stronger one is read, of each program with which none is."""
        held = (one for one in self.readings if strongest(one.ciphers) == cipher)
        return frozenset(one.source for one in held)


@dataclass(frozen=True, slots=True)
class Group:
    """Readers who share an envelope, and why others do not."""

    readers: tuple[Reader, ...]
    apart: tuple[Reason, ...] = ()


def readers_of(recipients: Mapping[EmailAddress, tuple[Usable, ...]], known: Known) -> list[Reader]:
    """In an order that does not depend on how they came."""
    return [_reader(address, recipients[address], known) for address in sorted(recipients)]


def groups_of(readers: Sequence[Reader], hidden: frozenset[EmailAddress]) -> list[Group]:
    """By who sees whom and by kinds of keys; a group may still read nothing in common."""
    return [group for audience in _audiences(readers, hidden) for group in _by_key(audience)]


def _reader(address: EmailAddress, certificates: tuple[Usable, ...], known: Known) -> Reader:
    candidates = [c for c in known.candidates.get(address, ()) if _has_a_say(c, known.rules)]
    return Reader(
        address=address,
        certificates=certificates,
        readings=tuple(
            _reading(one.certificate, candidates, known.at, known.rules) for one in certificates
        ),
    )


def _has_a_say(candidate: Candidate, rules: OrganisationRules) -> bool:
    """Whose key waits for a person's word, or is lost, announces nothing for another key."""
    held = candidate.change_unconfirmed and rules.key_change is KeyChangeRule.HOLD
    return not (candidate.pending or held or is_revoked(candidate.path))


def _reading(
    certificate: Certificate,
    candidates: Sequence[Candidate],
    at: datetime,
    rules: OrganisationRules,
) -> Reading:
    """With keys apart for signing and encryption (RFC 8551 §2.5.3), the one that signs announces
    for the one that never can."""
    same = [c for c in candidates if c.certificate.spki_sha256 == certificate.spki_sha256]
    announced = newest(c.announced for c in same)
    if announced is None and not certificate.may_sign:
        announced = newest(c.announced for c in candidates)
    return reading(certificate, announced, at, rules)


def _audiences(
    readers: Sequence[Reader], hidden: frozenset[EmailAddress]
) -> Iterator[list[Reader]]:
    """Those who see each other, then each of the others alone (RFC 9787 §9.4.1)."""
    visible = [reader for reader in readers if reader.address not in hidden]
    if visible:
        yield visible
    yield from ([reader] for reader in readers if reader.address in hidden)


def _by_key(audience: list[Reader]) -> list[Group]:
    """One envelope if everybody knows every kind of key in it, else one for each combination."""
    kinds = frozenset.union(*(reader.kinds for reader in audience))
    if all(kinds <= reader.reads for reader in audience):
        return [Group(tuple(audience))]
    combinations: dict[tuple[EnvelopeKind, ...], list[Reader]] = {}
    for reader in audience:
        combinations.setdefault(tuple(sorted(reader.kinds)), []).append(reader)
    apart = (Reason.SEPARATE_BY_KEY,)
    return [Group(tuple(found), apart) for _, found in sorted(combinations.items())]


def parts_of(group: Group, rules: OrganisationRules) -> list[Group]:
    """The group as it is, or – by rule – in parts, the largest first; nothing if that fails."""
    parts = _by_cipher(group.readers, rules)
    apart = (Reason.SEPARATE_BY_CIPHER,) if len(parts) > 1 else ()
    return [Group(part, (*group.apart, *apart)) for part in parts]


def _by_cipher(readers: tuple[Reader, ...], rules: OrganisationRules) -> list[tuple[Reader, ...]]:
    if common_ciphers(readers):
        return [readers]
    if not rules.split_on_mismatch or not all(reader.ciphers for reader in readers):
        return []
    parts: list[tuple[Reader, ...]] = []
    while readers:
        # of ciphers that equally many read the stronger one
        name = max(STRONGEST_FIRST, key=lambda name: sum(name in r.ciphers for r in readers))
        parts.append(tuple(reader for reader in readers if name in reader.ciphers))
        readers = tuple(reader for reader in readers if name not in reader.ciphers)
    return parts


def common_ciphers(readers: Iterable[Reader]) -> frozenset[str]:
    return frozenset.intersection(*(reader.ciphers for reader in readers))


def strongest(ciphers: frozenset[str]) -> str:
    return next(name for name in STRONGEST_FIRST if name in ciphers)
