"""Lists of public roots in the store: whole, in order, and never changed."""

from dataclasses import replace

import pytest

from siegel.base.errors import Conflict
from siegel.store.models import PublicRoot, PublicRootList
from siegel.store.queries import roots
from siegel.store.rows import RootListRow, RootRow
from tests.store.given import DAY, NOW

pytestmark = pytest.mark.django_db

ROW = RootListRow(
    number=1, source="certdata.txt", sha256="ab" * 32, published_at=NOW - DAY, who="admin", when=NOW
)
FIRST = RootRow(der=b"first", trusted=True, distrust_after=None)
SECOND = RootRow(der=b"second", trusted=True, distrust_after=NOW)
THIRD = RootRow(der=b"third", trusted=False, distrust_after=None)


def test_without_a_list_of_ones_own_the_shipped_one_counts() -> None:
    assert roots.newest(NOW) is None


def test_a_list_comes_back_as_it_was_taken_over() -> None:
    roots.take_over(ROW, [("11" * 32, FIRST), ("22" * 32, SECOND), ("33" * 32, THIRD)])
    assert roots.newest(NOW) == ROW
    assert roots.roots_of(1) == (FIRST, SECOND, THIRD)
    assert roots.roots_of(2) == ()


def test_a_moment_sees_the_list_that_was_in_force_then() -> None:
    later = replace(ROW, number=2, when=NOW + DAY)
    roots.take_over(ROW, [("11" * 32, FIRST)])
    roots.take_over(later, [("22" * 32, SECOND)])
    assert roots.newest(NOW - DAY) is None
    assert roots.newest(NOW) == ROW
    assert roots.newest(NOW + DAY) == later


def test_two_lists_cannot_both_follow_the_same_one() -> None:
    roots.take_over(ROW, [("11" * 32, FIRST)])
    with pytest.raises(Conflict):
        roots.take_over(replace(ROW, source="other"), [("22" * 32, SECOND)])
    assert roots.roots_of(1) == (FIRST,)


def test_a_list_is_taken_over_whole_or_not_at_all() -> None:
    with pytest.raises(Conflict):
        roots.take_over(ROW, [("11" * 32, FIRST), ("11" * 32, SECOND)])
    assert roots.newest(NOW) is None


def test_nothing_of_a_list_can_be_changed() -> None:
    roots.take_over(ROW, [("11" * 32, FIRST)])
    for model, column in ((PublicRootList, "source"), (PublicRoot, "der")):
        with pytest.raises(Conflict):
            model.objects.all().update(**{column: "x"})
