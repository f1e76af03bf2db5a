"""The public roots in force: the shipped list, or a newer one that an administrator took over.

Whichever was published later counts, so that neither an old file nor an old installation brings
back a root that was removed since.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from siegel.base.errors import Conflict
from siegel.pki.anchors import AnchorSource, RootList, TrustAnchor, shipped_roots
from siegel.pki.certdata import parse_certdata
from siegel.pki.certificate import parse_certificate
from siegel.policy.actions import Action
from siegel.policy.root_lists import RootChanges, compare
from siegel.store.queries import journal, roots
from siegel.store.rows import RootListRow, RootRow
from siegel.store.transaction import together

_KEPT_LISTS = 4  # in memory: the one in force, and some for judgements of earlier days


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A list as it would be taken over, and what would change against the one in force."""

    row: RootListRow
    roots: RootList
    changes: RootChanges


def in_force(at: datetime) -> RootList:
    """The list that counts at that moment, as far as lists were taken over by then."""
    return list_of(roots.newest(at))


def list_of(row: RootListRow | None) -> RootList:
    """The list that was in force after ``row`` was taken over; None: before the first."""
    shipped = shipped_roots()
    if row is None or row.published_at < shipped.published_at:
        return shipped
    return _kept(row)


def propose(data: bytes, *, source: str, published_at: datetime, by: str, at: datetime) -> Proposal:
    """Read Mozilla's ``certdata.txt`` and compare; nothing changes yet.

    Raises ``MalformedMessage`` for another or damaged file, and ``Conflict`` for a list that is
    older than the one in force.
    """
    if published_at > at:
        raise Conflict(f"a list of {published_at:%Y-%m-%d} is not published yet")
    before = in_force(at)
    if published_at < before.published_at:
        raise Conflict(
            f"this list is of {published_at:%Y-%m-%d}, older than the one in force"
            f" ({before.published_at:%Y-%m-%d}, {before.source})"
        )
    after = parse_certdata(data, source=source, published_at=published_at)
    newest = roots.newest(at)
    row = RootListRow(
        number=newest.number + 1 if newest else 1,
        source=source,
        sha256=hashlib.sha256(data).hexdigest(),
        published_at=published_at,
        who=by,
        when=at,
    )
    return Proposal(row=row, roots=after, changes=compare(before, after))


def take_over(proposal: Proposal) -> None:
    """From now on this list counts. What was judged before keeps its verdict.

    Raises ``Conflict`` when somebody else took over a list since ``propose``.
    """
    row, changes = proposal.row, proposal.changes
    detail = {
        "sha256": row.sha256,
        "published_at": row.published_at.isoformat(),
        "added": [anchor.certificate.fingerprint for anchor in changes.added],
        "removed": [anchor.certificate.fingerprint for anchor in changes.removed],
        "changed": [anchor.certificate.fingerprint for anchor in changes.changed],
        "distrusted": [certificate.fingerprint for certificate in changes.distrusted],
    }
    with together():
        roots.take_over(row, _rows(proposal.roots))
        journal.write(
            at=row.when,
            actor=row.who,
            action=Action.TRUST_REFRESHED,
            about=row.source,
            detail=detail,
        )


@lru_cache(maxsize=_KEPT_LISTS)
def _kept(row: RootListRow) -> RootList:
    """A list never changes once it is written, and the row names it by digest."""
    found = [(parse_certificate(each.der), each) for each in roots.roots_of(row.number)]
    return RootList(
        anchors=tuple(
            TrustAnchor(
                certificate=certificate,
                source=AnchorSource.PUBLIC,
                distrust_after=each.distrust_after,
            )
            for certificate, each in found
            if each.trusted
        ),
        distrusted=tuple(certificate for certificate, each in found if not each.trusted),
        source=row.source,
        published_at=row.published_at,
    )


def _rows(taken: RootList) -> Iterator[tuple[str, RootRow]]:
    for anchor in taken.anchors:
        certificate, until = anchor.certificate, anchor.distrust_after
        yield (
            certificate.fingerprint,
            RootRow(der=certificate.der, trusted=True, distrust_after=until),
        )
    for certificate in taken.distrusted:
        yield (
            certificate.fingerprint,
            RootRow(der=certificate.der, trusted=False, distrust_after=None),
        )
