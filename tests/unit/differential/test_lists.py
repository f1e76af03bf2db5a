"""Heaps of revocation lists: our verdict, a naive reading, and pyhanko-certvalidator.

The naive reading must agree always. certvalidator reads lists in three ways differently; read in
its way, the naive reading must agree with it, too. So every disagreement has one of three names.
"""

import os
from collections import Counter
from dataclasses import dataclass, replace
from functools import cache
from random import SystemRandom

import pytest

from siegel.pki.evidence import Evidence
from siegel.pki.path import validate
from siegel.pki.verdict import PathStatus, RevocationStatus
from tests.unit.differential.certvalidator import CertValidator
from tests.unit.differential.lists import (
    CA,
    LEAF,
    OURS,
    ROOT,
    Listing,
    Reading,
    Said,
    lists,
    verdict,
)
from tests.unit.pki.chains import AT, anchored

HEAPS = 800
THEIRS = Reading(foresees=False, remembers=False, newest=False)
RULES = {
    "a stolen key that is noticed later was stolen before": replace(OURS, foresees=False),
    "the last list of each part is heard, also when it is out of date": replace(
        OURS, remembers=False
    ),
    "the newest list counts, an older one that is in time does not": replace(OURS, newest=False),
}

_FIRST = SystemRandom().randrange(10**9) if os.environ.get("SIEGEL_EXPLORE") == "1" else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    seed: int
    made: tuple[Listing, ...]
    status: PathStatus
    ours: RevocationStatus
    theirs: bool | None


@cache
def judged() -> tuple[Judged, ...]:
    with CertValidator() as other:
        heaps = ((seed, lists(seed)) for seed in range(_FIRST, _FIRST + HEAPS))
        return tuple(_judged(seed, made, other) for seed, made in heaps)


def _judged(seed: int, made: tuple[Listing, ...], other: CertValidator) -> Judged:
    crls = [one.der for one in made]
    evidence = Evidence(intermediates=(CA.certificate,), crls=tuple(crls))
    found = validate(LEAF.certificate, anchored(ROOT), evidence, AT)
    leaf, root, authority = (one.certificate.der for one in (LEAF, ROOT, CA))
    theirs = other.accepts(leaf, [root], [authority], AT, crls=crls)
    return Judged(seed=seed, made=made, status=found.status, ours=found.revocation, theirs=theirs)


def test_our_verdict_is_that_of_the_naive_reading() -> None:
    wrong = [one for one in judged() if one.ours.value != verdict(one.made).value]
    assert [(one.seed, one.ours) for one in wrong] == []


def test_a_revoked_path_is_invalid_and_no_other() -> None:
    for one in judged():
        revoked = one.ours is RevocationStatus.REVOKED
        assert one.status is (PathStatus.INVALID if revoked else PathStatus.VALID)


def test_the_other_validator_disagrees_in_three_ways_that_have_a_name() -> None:
    wrong = [one for one in judged() if one.theirs is not (verdict(one.made, THEIRS) is Said.GOOD)]
    assert [(one.seed, one.theirs) for one in wrong] == []


@pytest.mark.parametrize("name", RULES)
def test_each_of_the_three_makes_a_difference(name: str) -> None:
    assert any(verdict(one.made) is not verdict(one.made, RULES[name]) for one in judged())


def test_the_heaps_are_worth_looking_at() -> None:
    counted = Counter(one.ours for one in judged())
    assert min(counted[RevocationStatus(said.value)] for said in Said) > HEAPS // 30
