"""Hundreds of small worlds: our verdict, a naive reading of RFC 5280, and two other validators.

The naive reading must agree always, but for one undecided shape. Where pyhanko-certvalidator or the
verifier of ``cryptography`` disagree, a rule with a name says why; every rule is met, and nothing
that only we accept is left without one.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from random import SystemRandom

import pytest
from cryptography import x509
from cryptography.x509 import verification

from siegel.pki.path import forget, validate
from siegel.pki.verdict import PathStatus
from tests.unit.differential import naive
from tests.unit.differential.certvalidator import CertValidator
from tests.unit.differential.naive import Reading
from tests.unit.differential.worlds import World, world
from tests.unit.pki.chains import AT, anchored, sent

WORLDS = 800

EXPLORING = os.environ.get("SIEGEL_EXPLORE") == "1"
_FIRST = SystemRandom().randrange(10**9) if EXPLORING else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One world and what everybody says; None: no answer in time."""

    world: World
    ours: PathStatus
    naive: bool
    certvalidator: bool | None
    cryptography: bool
    words: str

    @property
    def accepted(self) -> bool:
        return self.ours is PathStatus.VALID

    @property
    def name(self) -> str:
        return f"world {self.world.seed}: {self.ours}, {self.words}"


@cache
def judged() -> tuple[Judged, ...]:
    with CertValidator() as other:
        return tuple(_judged(world(_FIRST + number), other) for number in range(WORLDS))


def _judged(one: World, other: CertValidator) -> Judged:
    leaf = one.leaf.party.certificate
    heap = [node.party for node in one.heap]
    anchors = [node.party for node in one.anchors]
    accepted, words = _cryptography(one)
    return Judged(
        world=one,
        ours=validate(leaf, anchored(*anchors), sent(*heap), AT).status,
        naive=naive.has_valid_path(one),
        certvalidator=other.accepts(
            leaf.der,
            [party.certificate.der for party in anchors],
            [party.certificate.der for party in heap],
            AT,
        ),
        cryptography=accepted,
        words=words,
    )


def _cryptography(one: World) -> tuple[bool, str]:
    """Without what only web servers need; basicConstraints and keyUsage as RFC 5280 has them."""
    anything = verification.ExtensionPolicy.permit_all()
    authority = anything.require_present(
        x509.BasicConstraints, verification.Criticality.AGNOSTIC, None
    ).may_be_present(x509.KeyUsage, verification.Criticality.AGNOSTIC, _signs_certificates)
    verifier = (
        verification.PolicyBuilder()
        .store(verification.Store([node.party.certificate.parsed for node in one.anchors]))
        .time(AT)
        .max_chain_depth(10)
        .extension_policies(ee_policy=anything, ca_policy=authority)
        .build_client_verifier()
    )
    heap = [node.party.certificate.parsed for node in one.heap]
    try:
        verifier.verify(one.leaf.party.certificate.parsed, heap)
    except verification.VerificationError as error:
        return False, str(error)
    return True, "accepted"


def _signs_certificates(
    policy: verification.Policy, certificate: x509.Certificate, usage: x509.KeyUsage | None
) -> None:
    del policy, certificate
    if usage is not None and not usage.key_cert_sign:
        raise ValueError("no keyCertSign")


Rule = Callable[[Judged], bool]

# why pyhanko-certvalidator says otherwise
CERTVALIDATOR: dict[str, Rule] = {
    "an anchor is a name and a key, what else its certificate says does not count": lambda one: (
        one.certvalidator is True
        and naive.has_valid_path(one.world, Reading(judge_anchors=False))
        and not one.naive
    ),
}
# why the verifier of cryptography says otherwise
CRYPTOGRAPHY: dict[str, Rule] = {
    "it does not evaluate constraints on directory names": lambda one: (
        not one.cryptography and "unsupported directoryName constraint" in one.words
    ),
    "it counts self-issued authorities in the length of a path": lambda one: (
        not one.cryptography
        and not naive.has_valid_path(one.world, Reading(count_self_issued=True))
    ),
}


def _is_undecided(one: Judged) -> bool:
    """The name of the anchor stands for two keys in the only valid chains, and somebody left the
    key identifiers out: OpenSSL mixes the two up, and we say that we do not know."""
    valid = [chain for chain in naive.chains(one.world) if naive.is_valid(chain)]
    return one.ours is PathStatus.INDETERMINATE and all(
        any(node.name == chain[-1].name for node in chain[:-1])
        and not all(node.shape.key_identifiers for node in chain)
        for chain in valid
    )


def differing(theirs: Callable[[Judged], bool | None]) -> Iterator[Judged]:
    return (one for one in judged() if theirs(one) is not one.accepted)


def test_nothing_is_accepted_that_the_naive_reading_refuses() -> None:
    assert [one.name for one in judged() if one.accepted and not one.naive] == []


def test_what_the_naive_reading_accepts_is_accepted() -> None:
    missed = [one for one in judged() if one.naive and not one.accepted]
    assert [one.name for one in missed if not _is_undecided(one)] == []
    assert len(missed) <= WORLDS // 100


def test_the_worlds_are_worth_looking_at() -> None:
    """Valid, invalid and unknown ones are all common."""
    counted = Counter(one.ours for one in judged())
    assert min(counted[status] for status in PathStatus) > WORLDS // 20


@pytest.mark.parametrize(
    ("theirs", "rules"),
    [
        pytest.param(lambda one: one.certvalidator, CERTVALIDATOR, id="pyhanko-certvalidator"),
        pytest.param(lambda one: one.cryptography, CRYPTOGRAPHY, id="cryptography"),
    ],
)
def test_every_disagreement_with_another_validator_has_a_name(
    theirs: Callable[[Judged], bool | None], rules: dict[str, Rule]
) -> None:
    met: Counter[str] = Counter()
    unexplained = []
    for one in differing(theirs):
        if one.naive and not one.accepted:
            continue  # undecided, see above
        names = [name for name, holds in rules.items() if holds(one)]
        met.update(names)
        if not names:
            unexplained.append(one.name)
    assert unexplained == []
    if not EXPLORING:
        assert set(met) == set(rules)


def test_no_validator_alone_finds_what_we_refuse_and_both_others_accept() -> None:
    wanted = [one for one in judged() if one.certvalidator and one.cryptography]
    assert [one.name for one in wanted if not (one.accepted or _is_undecided(one))] == []


def test_a_heap_that_keeps_the_other_validator_forever_is_answered() -> None:
    """The child is ended, and the next question gets an answer again."""
    from tests.unit.pki.test_builder import everybody_certified_everybody

    forget()
    scene = everybody_certified_everybody()
    stranger = anchored(world(1).anchors[0].party)
    heap = [party.certificate.der for party in scene.heap[:-1]]
    root = stranger.anchors[0].certificate

    with CertValidator(patience=1.0) as other:
        leaf = scene.leaf.certificate
        assert other.accepts(leaf.der, [root.der], heap, AT) is None
        ours = validate(leaf, stranger, sent(*scene.heap[:-1]), AT)
        plain = world(0)
        assert ours.status is PathStatus.INDETERMINATE
        assert other.accepts(plain.leaf.party.certificate.der, [root.der], [], AT) is False
