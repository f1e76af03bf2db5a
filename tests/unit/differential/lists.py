"""Revocation lists for one path, each heap made from a number: in time or not, forged, for a part.

The path is root, authority, leaf. Every list knows how it was made; ``verdict`` says what follows
from all of them without reading any.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from random import Random
from typing import Any, Final

from cryptography import x509
from cryptography.x509.oid import ObjectIdentifier

from tests.unit.pki.chains import AT, issue, leaf_of, revocation_list, root

ROOT: Final = root("Root")
CA: Final = issue(ROOT, "CA")
LEAF: Final = leaf_of(CA)
FORGER: Final = root("Forger")

DAY: Final = timedelta(days=1)
HARMLESS: Final = (x509.ReasonFlags.superseded, x509.ReasonFlags.cessation_of_operation)
HOLD: Final = x509.ReasonFlags.certificate_hold
REASONS: Final = (None, x509.ReasonFlags.key_compromise, HOLD, *HARMLESS)
UNKNOWN: Final = (
    x509.UnrecognizedExtension(ObjectIdentifier("1.3.6.1.4.1.99999.8"), b"\x05\x00"),
    True,
)


class Part(StrEnum):
    ALL = "all"
    PEOPLE = "people"
    AUTHORITIES = "authorities"


OWN_PART: Final = {"root": Part.AUTHORITIES, "ca": Part.PEOPLE}


class Said(StrEnum):
    GOOD = "good"
    REVOKED = "revoked"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One list. Times in days from the moment of judging; ``entry``: since when, and why."""

    of: str
    begin: int
    end: int
    forged: bool
    part: Part
    unknown_extension: bool
    entry: tuple[int, x509.ReasonFlags | None] | None

    @property
    def der(self) -> bytes:
        issuer, about = (ROOT, CA) if self.of == "root" else (CA, LEAF)
        since, why = self.entry or (0, None)
        named = {about.certificate.serial: (AT + since * DAY, why)}
        return revocation_list(
            issuer,
            named if self.entry else {},
            this_update=AT + self.begin * DAY,
            next_update=AT + self.end * DAY,
            extensions=[*_scope(self.part), *([UNKNOWN] if self.unknown_extension else [])],
            key=FORGER.key if self.forged else None,
        )

    @property
    def is_current(self) -> bool:
        return self.begin <= 0 <= self.end

    @property
    def is_for_it(self) -> bool:
        return self.part in (Part.ALL, OWN_PART[self.of]) and not self.unknown_extension

    def says_revoked(self, reading: "Reading") -> bool:
        if self.entry is None:
            return False
        since, why = self.entry
        return since <= 0 or (reading.foresees and why not in HARMLESS)

    @property
    def is_on_hold(self) -> bool:
        return self.entry is not None and self.entry[1] is HOLD


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How lists are read. ``foresees``: a later revocation counts now, unless it is a harmless
    one. ``remembers``: the last list of each part is heard, also when it is out of date.
    ``newest``: of several lists in time the newest counts, not the worst."""

    foresees: bool = True
    remembers: bool = True
    newest: bool = True


OURS: Final = Reading()


def lists(seed: int) -> tuple[Listing, ...]:
    """No two lists are of the same moment."""
    chance = Random(seed)
    moments = chance.sample(range(-40, 4), chance.randint(1, 6))
    return tuple(_listing(chance.choice(["root", "ca"]), begin, chance) for begin in moments)


def verdict(made: Sequence[Listing], reading: Reading = OURS) -> Said:
    """The worse of what is said about the authority and about the leaf."""
    both = [_about([one for one in made if one.of == of], reading) for of in ("root", "ca")]
    return next((said for said in (Said.REVOKED, Said.UNKNOWN) if said in both), Said.GOOD)


def _about(made: Sequence[Listing], reading: Reading) -> Said:
    signed = [one for one in made if not one.forged]
    usable = [one for one in signed if one.is_current and one.is_for_it]
    newest = sorted(usable, key=lambda one: one.begin)[-1:] if reading.newest else usable
    if any(one.says_revoked(reading) for one in newest):
        return Said.REVOKED
    others = [one for one in signed if not usable or _is_last(one, signed)]
    told = [one for one in others if reading.remembers and one.says_revoked(reading)]
    if any(not one.is_on_hold for one in told):
        return Said.REVOKED
    held = any(one.is_on_hold and not one.is_current for one in others) and reading.remembers
    return Said.UNKNOWN if held or not usable else Said.GOOD


def _is_last(one: Listing, signed: Sequence[Listing]) -> bool:
    """None in time for the same part is newer; if none is for that part, none at all."""
    current = [other for other in signed if other.is_current]
    same = [other for other in current if other.part is one.part]
    return all(one.begin >= other.begin for other in same or current)


def _listing(of: str, begin: int, chance: Random) -> Listing:
    """A list for people names no authority, and the reverse."""
    part = chance.choice([Part.ALL, Part.ALL, Part.ALL, Part.PEOPLE, Part.AUTHORITIES])
    one = Listing(
        of=of,
        begin=begin,
        end=begin + chance.choice([1, 7, 45]),
        forged=chance.random() < 0.15,
        part=part,
        unknown_extension=chance.random() < 0.08,
        entry=None,
    )
    fits = part in (Part.ALL, OWN_PART[of])
    entry = chance.choice([-50, -5, 5]), chance.choice(REASONS)
    return replace(one, entry=entry) if fits and chance.random() < 0.3 else one


def _scope(part: Part) -> list[tuple[x509.ExtensionType, bool]]:
    if part is Part.ALL:
        return []
    fields: dict[str, Any] = {
        "full_name": None,
        "relative_name": None,
        "only_contains_user_certs": part is Part.PEOPLE,
        "only_contains_ca_certs": part is Part.AUTHORITIES,
        "only_some_reasons": None,
        "indirect_crl": False,
        "only_contains_attribute_certs": False,
    }
    return [(x509.IssuingDistributionPoint(**fields), True)]
