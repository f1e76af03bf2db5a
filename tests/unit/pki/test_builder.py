"""Finding the path in a heap: every scenario in which a simple search goes wrong.

For each there is a valid path, and other certificates that lead astray. Wherever the good one
lies in the heap, the verdict is the same.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pytest
from cryptography import x509

from siegel.pki import builder
from siegel.pki.anchors import AnchorSet
from siegel.pki.builder import DEFAULT_BUDGET, PathBudget
from siegel.pki.path import forget, validate
from siegel.pki.verdict import PathFinding, PathStatus
from tests.unit.pki.chains import (
    AT,
    LAST_YEAR,
    Party,
    Shape,
    anchored,
    fresh_key,
    issue,
    leaf_of,
    root,
    sent,
)
from tests.work import Counted, steps

MOST_STEPS = 1_000_000  # of Python for one question; the worst scene here takes 300,000
MOST_CHECKS = DEFAULT_BUDGET.signatures + DEFAULT_BUDGET.diagnosis

NO_OFFICE = x509.NameConstraints(
    permitted_subtrees=None, excluded_subtrees=[x509.RFC822Name("office.example")]
)


@dataclass(frozen=True)
class Scene:
    leaf: Party
    anchors: AnchorSet
    heap: tuple[Party, ...]  # what leads astray first, the good ones last


@pytest.fixture(autouse=True)
def _no_memory() -> None:
    forget()


def plain() -> Scene:
    top = root("Root")
    authority = issue(top, "CA")
    return Scene(leaf_of(authority), anchored(top), (authority,))


def the_root_came_along() -> Scene:
    top = root("Root")
    authority = issue(top, "CA")
    return Scene(leaf_of(authority), anchored(top), (top, authority))


def cross_signed_by_a_stranger() -> Scene:
    key, top, other = fresh_key(), root("Root"), root("Stranger")
    return Scene(
        leaf_of(root("CA", key=key)),
        anchored(top),
        (other, issue(other, "CA", key=key), issue(top, "CA", key=key)),
    )


def cross_signed_by_a_stranger_who_did_not_come() -> Scene:
    key, top = fresh_key(), root("Root")
    useless = issue(root("Stranger"), "CA", key=key)
    return Scene(leaf_of(useless), anchored(top), (useless, issue(top, "CA", key=key)))


def self_signed_variant_of_the_authority() -> Scene:
    key, top = fresh_key(), root("Root")
    alone = root("CA", key=key)
    return Scene(leaf_of(alone), anchored(top), (alone, issue(top, "CA", key=key)))


def variant(**changes: Any) -> Callable[[], Scene]:
    """The authority has a second certificate that does not help."""

    def scene() -> Scene:
        key, top = fresh_key(), root("Root")
        useless = issue(top, "CA", Shape(**changes), key=key)
        return Scene(leaf_of(useless), anchored(top), (useless, issue(top, "CA", key=key)))

    return scene


def authority_below_a_cross_certificate_of_the_other_root() -> Scene:
    """Two hierarchies have certified each other's roots; the leaf's own root is not trusted."""
    ours, theirs = root("Our root"), root("Their root")
    bridge = issue(ours, "Their root", key=theirs.key)
    back = issue(theirs, "Our root", key=ours.key)
    authority = issue(theirs, "CA")
    return Scene(leaf_of(authority), anchored(ours), (theirs, back, authority, bridge))


def path_length_variant() -> Scene:
    """Only the one without pathLenConstraint allows for the second authority."""
    key, top = fresh_key(), root("Root")
    short = issue(top, "CA", Shape(path_length=0), key=key)
    below = issue(short, "Sub CA")
    return Scene(leaf_of(below), anchored(top), (below, short, issue(top, "CA", key=key)))


def same_name_other_key() -> Scene:
    """Nothing but the signature tells the two authorities apart."""
    top = root("Root")
    nameless = Shape(key_identifiers=False)
    good = issue(top, "CA", nameless)
    leaf = leaf_of(good, key_identifiers=False)
    return Scene(leaf, anchored(top), (issue(top, "CA", nameless), good))


def new_key_of_the_anchor() -> Scene:
    """The anchor introduces its new key itself, and no key identifier tells the two apart."""
    nameless = Shape(key_identifiers=False)
    old = root("CA", nameless)
    new = issue(old, "CA", nameless)
    return Scene(leaf_of(new, key_identifiers=False), anchored(old), (new,))


def forged_key_identifier() -> Scene:
    top = root("Root")
    good = issue(top, "CA")
    identifier = good.certificate.subject_key_identifier
    forged = issue(top, "CA", Shape(subject_key_identifier=identifier))
    return Scene(leaf_of(good), anchored(top), (forged, good))


def two_anchors_of_one_name() -> Scene:
    first, second = root("Root"), root("Root")
    authority = issue(second, "CA")
    return Scene(leaf_of(authority), anchored(first, second), (authority,))


def junk_of_the_name() -> Scene:
    top = root("Root")
    junk = [issue(root("Root"), "CA") for _ in range(30)]
    authority = issue(top, "CA")
    return Scene(leaf_of(authority), anchored(top), (*junk, authority))


def ring() -> Scene:
    """A certified B, B certified A; only A is certified by the root."""
    one, two = fresh_key(), fresh_key()
    top = root("Root")
    first = issue(top, "A", key=one)
    second = root("B", key=two)
    ring = (issue(second, "A", key=one), issue(first, "B", key=two))
    return Scene(leaf_of(second), anchored(top), (*ring, first))


def long_ring() -> Scene:
    keys = [fresh_key() for _ in range(8)]
    selves = [root(f"CA {number}", key=key) for number, key in enumerate(keys)]
    around = [
        issue(above, f"CA {number + 1}", key=keys[number + 1])
        for number, (above, _) in enumerate(pairwise(selves))
    ]
    closing = issue(selves[-1], "CA 0", key=keys[0])
    top = root("Root")
    return Scene(
        leaf_of(selves[3]), anchored(top), (closing, *around, issue(top, "CA 0", key=keys[0]))
    )


def everybody_certified_everybody() -> Scene:
    selves = [root(f"CA {number}") for number in range(12)]
    mesh = [
        issue(one, f"CA {number}", key=other.key)
        for one in selves
        for number, other in enumerate(selves)
        if one is not other
    ]
    top = root("Root")
    entrance = issue(top, "CA 7", key=selves[7].key)
    return Scene(leaf_of(selves[2]), anchored(top), (*mesh, entrance))


def many_copies_of_one_key() -> Scene:
    key, top = fresh_key(), root("Root")
    old = [issue(top, "CA", Shape(not_after=LAST_YEAR), key=key) for _ in range(200)]
    good = issue(top, "CA", key=key)
    return Scene(leaf_of(good), anchored(top), (*old, good))


def broken_copy() -> Scene:
    key, top = fresh_key(), root("Root")
    broken = issue(top, "CA", Shape(broken=True), key=key)
    good = issue(top, "CA", key=key)
    return Scene(leaf_of(good), anchored(top), (broken, good))


def many_broken_copies() -> Scene:
    key, top = fresh_key(), root("Root")
    broken = [issue(top, "CA", Shape(broken=True), key=key) for _ in range(290)]
    good = issue(top, "CA", key=key)
    return Scene(leaf_of(good), anchored(top), (*broken, good))


def expired_anchor_of_the_same_key() -> Scene:
    key = fresh_key()
    old = root("Root", Shape(not_after=LAST_YEAR), key=key)
    new = root("Root", key=key)
    authority = issue(new, "CA")
    return Scene(leaf_of(authority), anchored(old, new), (authority,))


def the_authority_itself_is_an_anchor() -> Scene:
    """… but its root is not, and came along."""
    top = root("Root")
    authority = issue(top, "CA")
    return Scene(leaf_of(authority), anchored(authority), (top, authority))


def the_leaf_itself_is_an_anchor() -> Scene:
    stranger = root("Stranger")
    leaf = leaf_of(stranger)
    return Scene(leaf, anchored(leaf), (stranger,))


def names_differ_in_case_and_blanks() -> Scene:
    key, top = fresh_key(), root("The  Root of ALL")
    spelt = root("the root of all ", key=top.key)
    authority = issue(spelt, "CA", key=key)
    return Scene(leaf_of(authority), anchored(top), (authority,))


SCENES = (
    plain,
    the_root_came_along,
    cross_signed_by_a_stranger,
    cross_signed_by_a_stranger_who_did_not_come,
    self_signed_variant_of_the_authority,
    pytest.param(variant(constraints=NO_OFFICE), id="variant_that_excludes_the_domain"),
    pytest.param(variant(not_after=LAST_YEAR), id="expired_variant"),
    pytest.param(variant(ca=False), id="variant_that_is_no_authority"),
    pytest.param(variant(usage=("crl_sign",)), id="variant_that_signs_no_certificates"),
    pytest.param(variant(purposes=("1.3.6.1.5.5.7.3.1",)), id="variant_for_servers"),
    authority_below_a_cross_certificate_of_the_other_root,
    path_length_variant,
    same_name_other_key,
    new_key_of_the_anchor,
    forged_key_identifier,
    two_anchors_of_one_name,
    junk_of_the_name,
    ring,
    long_ring,
    everybody_certified_everybody,
    many_copies_of_one_key,
    broken_copy,
    many_broken_copies,
    expired_anchor_of_the_same_key,
    the_authority_itself_is_an_anchor,
    the_leaf_itself_is_an_anchor,
    names_differ_in_case_and_blanks,
)


@pytest.mark.parametrize("scene", SCENES)
@pytest.mark.parametrize("order", ["astray first", "good first"])
def test_the_valid_path_is_found(
    monkeypatch: pytest.MonkeyPatch, scene: Callable[[], Scene], order: str
) -> None:
    made = scene()
    heap = made.heap if order == "astray first" else made.heap[::-1]
    checks = Counted(monkeypatch, builder, "is_issued_by")

    verdict = validate(made.leaf.certificate, made.anchors, sent(*heap), AT)

    assert checks.calls <= MOST_CHECKS
    forget()
    again = steps(lambda: validate(made.leaf.certificate, made.anchors, sent(*heap), AT))
    assert again < MOST_STEPS
    assert verdict.status is PathStatus.VALID, verdict.reasons
    assert verdict.path[0] == made.leaf.certificate.fingerprint
    assert verdict.anchor == verdict.path[-1]


def test_a_new_key_of_the_anchor_is_judged_like_any_authority() -> None:
    nameless = Shape(key_identifiers=False)
    old = root("CA", nameless)
    no_authority = issue(old, "CA", Shape(key_identifiers=False, ca=False))
    leaf = leaf_of(no_authority, key_identifiers=False)

    verdict = validate(leaf.certificate, anchored(old), sent(no_authority), AT)

    assert verdict.status is PathStatus.INVALID
    assert verdict.findings == (PathFinding.NOT_A_CA,)


def test_an_unknown_root_is_named() -> None:
    stranger = root("Stranger")
    authority = issue(stranger, "CA")

    verdict = validate(
        leaf_of(authority).certificate, anchored(root("Root")), sent(stranger, authority), AT
    )

    assert verdict.status is PathStatus.INDETERMINATE
    (told,) = verdict.reasons
    assert (told.finding, told.depth, told.detail) == (
        PathFinding.UNTRUSTED_ROOT,
        2,
        "CN=Stranger",
    )


def test_a_missing_issuer_is_named() -> None:
    authority = issue(root("Root"), "CA")

    verdict = validate(leaf_of(authority).certificate, anchored(root("Other")), sent(), AT)

    assert verdict.status is PathStatus.INDETERMINATE
    (told,) = verdict.reasons
    assert (told.finding, told.depth, told.detail) == (PathFinding.ISSUER_UNKNOWN, 0, "CN=CA")


def test_a_forged_signature_below_a_trusted_authority_is_named() -> None:
    top = root("Root")
    authority = issue(top, "CA")
    leaf = leaf_of(authority, broken=True)

    verdict = validate(leaf.certificate, anchored(top), sent(authority), AT)

    assert verdict.status is PathStatus.INVALID
    assert [(one.finding, one.depth) for one in verdict.reasons] == [(PathFinding.BAD_SIGNATURE, 0)]


def test_a_namesake_that_came_along_does_not_make_a_signature_forged() -> None:
    """Anybody can add a certificate of any name to a mail."""
    authority = issue(root("Root"), "CA", Shape(key_identifiers=False))
    leaf = leaf_of(authority, key_identifiers=False)
    namesake = root("CA", Shape(key_identifiers=False))

    verdict = validate(leaf.certificate, anchored(root("Other")), sent(namesake), AT)

    assert verdict.status is PathStatus.INDETERMINATE
    assert verdict.findings == (PathFinding.ISSUER_UNKNOWN,)


def test_a_spoilt_copy_of_an_authority_does_not_make_the_leaf_forged() -> None:
    """Anybody can add one; the true one is missing, and may be looked for."""
    top = root("Root")
    authority = issue(top, "CA")
    spoilt = issue(top, "CA", Shape(broken=True), key=authority.key)
    leaf = leaf_of(authority)

    verdict = validate(leaf.certificate, anchored(top), sent(spoilt), AT)

    assert verdict.status is PathStatus.INDETERMINATE
    (told,) = verdict.reasons
    assert (told.finding, told.depth, told.detail) == (PathFinding.ISSUER_UNKNOWN, 0, "CN=CA")


def test_a_ring_without_an_anchor_ends() -> None:
    one, two = root("A"), root("B")
    ring = (issue(two, "A", key=one.key), issue(one, "B", key=two.key))

    verdict = validate(leaf_of(one).certificate, anchored(root("Root")), sent(*ring), AT)

    assert verdict.status is PathStatus.INDETERMINATE
    assert verdict.findings == (PathFinding.ISSUER_UNKNOWN,)


def test_a_certificate_is_never_its_own_proof() -> None:
    alone = root("Alone")

    verdict = validate(alone.certificate, anchored(root("Root")), sent(alone), AT)

    assert verdict.status is not PathStatus.VALID
    assert PathFinding.UNTRUSTED_ROOT in verdict.findings


def test_more_certificates_than_the_limit_are_too_complex_not_invalid() -> None:
    top = root("Root")
    authority = issue(top, "CA")
    junk = [issue(root("Root"), "CA") for _ in range(20)]
    budget = PathBudget(intermediates=20)

    lost = validate(
        leaf_of(authority).certificate, anchored(top), sent(*junk, authority), AT, budget=budget
    )
    found = validate(
        leaf_of(authority).certificate, anchored(top), sent(authority, *junk), AT, budget=budget
    )

    assert (lost.status, lost.findings) == (PathStatus.INDETERMINATE, (PathFinding.TOO_COMPLEX,))
    assert found.status is PathStatus.VALID


@pytest.mark.parametrize(
    "budget",
    [
        pytest.param(PathBudget(signatures=10), id="fail/signatures"),
        pytest.param(PathBudget(steps=10), id="fail/steps"),
        pytest.param(PathBudget(chains=5), id="fail/chains"),
    ],
)
def test_a_budget_that_is_used_up_is_too_complex_not_invalid(budget: PathBudget) -> None:
    key, top = fresh_key(), root("Root")
    useless = [issue(top, "CA", Shape(constraints=NO_OFFICE), key=key) for _ in range(30)]
    leaf = leaf_of(useless[0])

    verdict = validate(leaf.certificate, anchored(top), sent(*useless), AT, budget=budget)

    assert verdict.status is PathStatus.INDETERMINATE
    assert PathFinding.TOO_COMPLEX in verdict.findings


def test_a_chain_longer_than_the_limit_is_too_complex_not_invalid() -> None:
    authorities = [root("CA 0")]
    for number in range(1, 12):
        authorities.append(issue(authorities[-1], f"CA {number}"))

    verdict = validate(
        leaf_of(authorities[-1]).certificate, anchored(authorities[0]), sent(*authorities), AT
    )

    assert verdict.status is PathStatus.INDETERMINATE
    assert verdict.findings == (PathFinding.TOO_COMPLEX,)


def test_what_is_wrong_with_the_leaf_counts_however_large_the_heap() -> None:
    scene = everybody_certified_everybody()
    expired = leaf_of(scene.heap[0], not_after=LAST_YEAR)

    verdict = validate(expired.certificate, scene.anchors, sent(*scene.heap), AT)

    assert verdict.status is PathStatus.INVALID
    assert verdict.findings[0] is PathFinding.EXPIRED


@pytest.mark.parametrize("known", [True, False], ids=["ok/anchor known", "fail/anchor unknown"])
def test_hostile_heaps_cost_no_more_than_the_budget(
    monkeypatch: pytest.MonkeyPatch, known: bool
) -> None:
    """300 certificates of the right names, meshed as badly as possible."""
    selves = [root(f"CA {number}") for number in range(18)]
    mesh = [
        issue(one, f"CA {number}", key=other.key)
        for one in selves
        for number, other in enumerate(selves)
        if one is not other
    ]
    anchor = selves[0] if known else root("Root")
    dead_end = leaf_of(selves[5], purposes=("1.3.6.1.5.5.7.3.1",))
    checks = Counted(monkeypatch, builder, "is_issued_by")

    verdict = validate(dead_end.certificate, anchored(anchor), sent(*mesh), AT)

    assert checks.calls <= MOST_CHECKS
    forget()
    again = steps(lambda: validate(dead_end.certificate, anchored(anchor), sent(*mesh), AT))
    assert again < MOST_STEPS
    assert verdict.status is PathStatus.INVALID
    assert PathFinding.WRONG_USAGE in verdict.findings
