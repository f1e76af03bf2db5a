"""Heaps that were made to cost time: what is done for them is counted, and it is bounded.

One unit is a signature check of about 0.1 ms, one run of OpenSSL takes about 0.2 ms; with the
bounds below no question takes half a second, however the heap is made. Whoever hits a bound is told
"too complex", which is neither good nor bad.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes

from siegel.base import ber, der
from siegel.pki import builder, crl, path, revocation
from siegel.pki.anchors import AnchorSet
from siegel.pki.builder import DEFAULT_BUDGET, PathBudget
from siegel.pki.certificate import Certificate, parse_certificate
from siegel.pki.crl import MAX_CHECKS
from siegel.pki.evidence import Evidence
from siegel.pki.search import MAX_UNSETTLED, ChainError
from siegel.pki.strength import cost, is_issued_by
from siegel.pki.verdict import PathFinding, PathStatus, PathVerdict, RevocationStatus
from tests.unit.pki.chains import (
    AT,
    LAST_YEAR,
    Party,
    Shape,
    anchored,
    fresh_key,
    issue,
    leaf_of,
    revocation_list,
    root,
)
from tests.world import WORLD

UNITS = DEFAULT_BUDGET.signatures + DEFAULT_BUDGET.diagnosis
DEAREST = 10  # units that one check may take over the bound
RUNS = 2 * DEFAULT_BUDGET.chains  # of OpenSSL without lists; twice where the anchor has a new key


@dataclass(slots=True)
class Work:
    """What was done for one question."""

    units: int = 0
    checks: int = 0
    runs: int = 0
    runs_with_lists: int = 0


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Iterator[Work]:
    """Counts, and changes nothing."""
    done = Work()
    run = path._check

    def checked(child: x509.Certificate, key: PublicKeyTypes | None) -> bool:
        done.checks += 1
        done.units += cost(key)
        return is_issued_by(child, key)

    def ran(chain: Any, extra: Any = (), lists: Any = (), whole: bool = False) -> ChainError:
        done.runs += not lists
        done.runs_with_lists += bool(lists)
        return run(chain, extra, lists, whole)

    monkeypatch.setattr(builder, "is_issued_by", checked)
    monkeypatch.setattr(path, "_check", ran)
    path.forget()
    yield done
    path.forget()


def judge(leaf: Party, anchors: AnchorSet, *heap: Certificate) -> PathVerdict:
    return path.validate(leaf.certificate, anchors, Evidence(intermediates=heap), AT)


def copies(one: Party, count: int) -> list[Certificate]:
    """The same certificate with other serial numbers, so that no signature is good."""
    fields = ber.read(one.certificate.der).children()
    version, _, *rest = [bytes(field.raw) for field in fields[0].children()]
    return [
        parse_certificate(
            der.sequence(
                der.sequence(version, der.integer(10**9 + number), *rest),
                fields[1].raw,
                fields[2].raw,
            )
        )
        for number in range(count)
    ]


DEAR = root("Root of RSA", key=WORLD.authority("root").key)


def broken_copies_before_the_good_one() -> tuple[Party, AnchorSet, list[Certificate]]:
    authority = issue(DEAR, "CA")
    return leaf_of(authority), anchored(DEAR), [*copies(authority, 299), authority.certificate]


def namesakes_before_the_good_one() -> tuple[Party, AnchorSet, list[Certificate]]:
    """All of them real: the root has certified 150 authorities of one name."""
    top = root("Root")
    authority = issue(top, "CA")
    return leaf_of(authority), anchored(top), [*_all(_namesakes(top, 150)), authority.certificate]


def strangers_before_the_good_one() -> tuple[Party, AnchorSet, list[Certificate]]:
    top = root("Root")
    authority = issue(top, "CA")
    junk = _namesakes(root("Root"), 250)
    return leaf_of(authority), anchored(top), [*_all(junk), authority.certificate]


@pytest.mark.parametrize(
    "scene",
    [
        broken_copies_before_the_good_one,
        namesakes_before_the_good_one,
        strangers_before_the_good_one,
    ],
)
def test_the_good_one_behind_a_heap_is_found_within_the_bounds(
    work: Work, scene: Callable[[], tuple[Party, AnchorSet, list[Certificate]]]
) -> None:
    leaf, anchors, heap = scene()

    assert judge(leaf, anchors, *heap).status is PathStatus.VALID
    assert work.units <= UNITS + DEAREST
    assert work.runs <= RUNS


def without_the_good_one() -> tuple[Party, AnchorSet, list[Certificate]]:
    authority = issue(DEAR, "CA")
    return leaf_of(authority), anchored(DEAR), copies(authority, 299)


def everybody_without_an_anchor() -> tuple[Party, AnchorSet, list[Certificate]]:
    selves = [root(f"CA {number}") for number in range(17)]
    return leaf_of(selves[3]), anchored(root("Root")), _all(_mesh(selves))


def everybody_and_a_dead_end() -> tuple[Party, AnchorSet, list[Certificate]]:
    """All chains are there, and none may sign for this mailbox."""
    selves = [root(f"CA {number}") for number in range(16)]
    limits = x509.NameConstraints(None, [x509.RFC822Name("office.example")])
    shut = [issue(DEAR, f"CA {n}", Shape(constraints=limits), key=selves[n].key) for n in range(3)]
    return leaf_of(selves[7]), anchored(DEAR), _all([*_mesh(selves), *shut])


def too_many_namesakes() -> tuple[Party, AnchorSet, list[Certificate]]:
    top = root("Root")
    authority = issue(top, "CA")
    return leaf_of(authority), anchored(top), [*_all(_namesakes(top, 250)), authority.certificate]


def old_copies_only() -> tuple[Party, AnchorSet, list[Certificate]]:
    top, key = root("Root"), fresh_key()
    old = [issue(top, "CA", Shape(not_after=LAST_YEAR), key=key) for _ in range(250)]
    return leaf_of(old[0]), anchored(top), _all(old)


def names_that_take_long_to_compare() -> tuple[Party, AnchorSet, list[Certificate]]:
    top = root("Root")
    subtrees: list[x509.GeneralName] = [
        x509.RFC822Name(f"host{number}.example") for number in range(2000)
    ]
    shut = issue(top, "CA", Shape(constraints=x509.NameConstraints(None, subtrees)))
    names = tuple(x509.RFC822Name(f"leaf@office{number}.example") for number in range(1000))
    return leaf_of(shut, names=names), anchored(top), [shut.certificate]


def more_than_are_looked_at() -> tuple[Party, AnchorSet, list[Certificate]]:
    authority = issue(DEAR, "CA")
    many = copies(authority, DEFAULT_BUDGET.intermediates)
    return leaf_of(authority), anchored(DEAR), [*many, authority.certificate]


@pytest.mark.parametrize(
    ("scene", "finding"),
    [
        (without_the_good_one, PathFinding.ISSUER_UNKNOWN),
        (everybody_without_an_anchor, PathFinding.TOO_COMPLEX),
        (too_many_namesakes, PathFinding.TOO_COMPLEX),
        (everybody_and_a_dead_end, PathFinding.TOO_COMPLEX),
        (old_copies_only, PathFinding.TOO_COMPLEX),
        (names_that_take_long_to_compare, PathFinding.TOO_COMPLEX),
        (more_than_are_looked_at, PathFinding.TOO_COMPLEX),
    ],
)
def test_a_heap_without_a_way_out_is_never_invalid_and_costs_no_more(
    work: Work,
    scene: Callable[[], tuple[Party, AnchorSet, list[Certificate]]],
    finding: PathFinding,
) -> None:
    leaf, anchors, heap = scene()

    verdict = judge(leaf, anchors, *heap)

    assert verdict.status is PathStatus.INDETERMINATE
    assert finding in verdict.findings
    assert work.units <= UNITS + DEAREST
    assert work.runs <= RUNS


def test_a_signature_that_nobody_had_time_to_check_is_not_forged(work: Work) -> None:
    """Sixty trusted roots of one name without key identifiers, and a leaf of none of them."""
    nameless = Shape(key_identifiers=False)
    roots = [root("Root", nameless) for _ in range(60)]
    leaf = leaf_of(root("Root", nameless), key_identifiers=False)
    few = PathBudget(signatures=20, diagnosis=20)

    verdict = path.validate(leaf.certificate, anchored(*roots), Evidence(), AT, budget=few)

    assert (verdict.status, verdict.findings) == (
        PathStatus.INDETERMINATE,
        (PathFinding.TOO_COMPLEX,),
    )
    assert work.checks <= 40


def test_a_dead_end_of_many_chains_ends_at_the_bounds(work: Work) -> None:
    """The bounds are reached, or this page would prove nothing."""
    leaf, anchors, heap = old_copies_only()
    judge(leaf, anchors, *heap)
    assert work.runs == DEFAULT_BUDGET.chains
    assert work.checks >= len(heap)


def test_lists_of_a_hostile_mail_are_checked_a_bounded_number_of_times(
    work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten certificates of the authority and fifty forged lists of its name, in one mail."""
    top, key = root("Root"), fresh_key()
    authorities = [issue(top, "CA", key=key) for _ in range(10)]
    leaf = leaf_of(authorities[0])
    forged = [revocation_list(authorities[0], {n + 1: (AT, None)}, key=top.key) for n in range(50)]
    asked = 0

    def counted(*arguments: Any) -> Any:
        nonlocal asked
        asked += 1
        return crl.believed(*arguments)

    monkeypatch.setattr(revocation, "believed", counted)
    evidence = Evidence(intermediates=tuple(_all(authorities)), crls=tuple(forged))

    verdict = path.validate(leaf.certificate, anchored(top), evidence, AT)

    assert (verdict.status, verdict.revocation) == (PathStatus.VALID, RevocationStatus.UNKNOWN)
    assert asked == MAX_UNSETTLED  # each of them at most MAX_CHECKS signatures
    assert MAX_CHECKS * MAX_UNSETTLED <= 256
    assert work.runs_with_lists == 0


def _namesakes(above: Party, count: int) -> list[Party]:
    return [issue(above, "CA") for _ in range(count)]


def _mesh(selves: list[Party]) -> list[Party]:
    return [
        issue(one, f"CA {number}", key=other.key)
        for one in selves
        for number, other in enumerate(selves)
        if one is not other
    ]


def _all(parties: list[Party]) -> list[Certificate]:
    return [one.certificate for one in parties]
