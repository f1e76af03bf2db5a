"""Lists of public roots that took the place of the shipped one. A list is never changed."""

from collections.abc import Iterable
from datetime import datetime

from siegel.store.models import PublicRoot, PublicRootList
from siegel.store.rows import RootListRow, RootRow
from siegel.store.text import clean
from siegel.store.transaction import conflicting


def newest(at: datetime) -> RootListRow | None:
    """The list in force at that moment; None = the shipped one."""
    row = PublicRootList.objects.filter(when__lte=at).order_by("-number").first()
    return None if row is None else row_of(row)


def before(number: int) -> RootListRow | None:
    """The list that was in force before this one came."""
    row = PublicRootList.objects.filter(number__lt=number).order_by("-number").first()
    return None if row is None else row_of(row)


def roots_of(number: int) -> tuple[RootRow, ...]:
    """In the order of the list."""
    found = PublicRoot.objects.filter(root_list__number=number).order_by("id")
    return tuple(
        RootRow(der=bytes(row.der), trusted=row.trusted, distrust_after=row.distrust_after)
        for row in found
    )


def take_over(row: RootListRow, roots: Iterable[tuple[str, RootRow]]) -> None:
    """``roots`` with their fingerprints. ``Conflict`` when this number is there already."""
    with conflicting("somebody else has just taken over a list of roots; look again"):
        made = PublicRootList.objects.create(
            number=row.number,
            source=clean(row.source, 1000),
            sha256=row.sha256,
            published_at=row.published_at,
            who=clean(row.who, 400),
            when=row.when,
        )
        PublicRoot.objects.bulk_create(
            PublicRoot(
                root_list=made,
                fingerprint=fingerprint,
                der=root.der,
                trusted=root.trusted,
                distrust_after=root.distrust_after,
            )
            for fingerprint, root in roots
        )


def row_of(row: PublicRootList) -> RootListRow:
    """For the queries of this package."""
    return RootListRow(
        number=row.number,
        source=row.source,
        sha256=row.sha256,
        published_at=row.published_at,
        who=row.who,
        when=row.when,
    )
