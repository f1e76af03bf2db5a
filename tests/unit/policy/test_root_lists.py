"""Comparing lists of public roots, and their age."""

from dataclasses import replace
from datetime import timedelta

from siegel.pki.anchors import AnchorSource, RootList, TrustAnchor
from siegel.pki.certificate import parse_certificate
from siegel.policy.root_lists import RootChanges, compare, is_old
from tests.unit.policy.facts import DAY, NOW
from tests.world import WORLD

ROOT, OTHER = (
    TrustAnchor(certificate=parse_certificate(one), source=AnchorSource.PUBLIC)
    for one in (WORLD.root.der, WORLD.unknown_root.der)
)


def listed(*anchors: TrustAnchor, distrusted: tuple[TrustAnchor, ...] = ()) -> RootList:
    return RootList(
        anchors=anchors,
        distrusted=tuple(anchor.certificate for anchor in distrusted),
        source="test",
        published_at=NOW,
    )


def test_equal_lists_in_another_order_have_no_changes() -> None:
    changes = compare(listed(ROOT, OTHER), listed(OTHER, ROOT))
    assert changes == RootChanges()
    assert not changes


def test_added_and_removed_roots_are_named() -> None:
    assert compare(listed(ROOT), listed(OTHER)) == RootChanges(added=(OTHER,), removed=(ROOT,))


def test_another_last_day_is_a_change_in_both_directions() -> None:
    ending = replace(ROOT, distrust_after=NOW - DAY)
    assert compare(listed(ROOT), listed(ending)) == RootChanges(changed=(ending,))
    assert compare(listed(ending), listed(ROOT)) == RootChanges(changed=(ROOT,))


def test_new_distrust_is_named_once() -> None:
    after = listed(ROOT, distrusted=(OTHER,))
    assert compare(listed(ROOT), after) == RootChanges(distrusted=(OTHER.certificate,))
    assert not compare(after, after)


def test_a_list_is_old_after_half_a_year() -> None:
    assert not is_old(NOW - timedelta(days=180), NOW)
    assert is_old(NOW - timedelta(days=180, seconds=1), NOW)
