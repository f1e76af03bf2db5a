"""A page of the list of certificates: the rows the store found, each judged for today.

Trust is judged for the rows of the page alone; no filter asks for it, because the answer is not in
the database and changes with every decision.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from siegel.flows.certificates import CertificateState, judged
from siegel.policy.standing import Standing
from siegel.store.queries import listing
from siegel.store.queries.listing import Asked, Kind, Validity
from siegel.store.rows import LockedFileRow

PAGE = 25  # rows of one page; on a desk that is one screen and a half


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A line: a certificate with its state, or a file that waits for its passphrase."""

    kind: Kind
    state: CertificateState | None = None
    locked: LockedFileRow | None = None

    @property
    def standing(self) -> Standing:
        return Standing.LOCKED if self.state is None else self.state.standing


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateList:
    """``counts`` by kind (None = all), and what ends within 30 days, each at most
    ``listing.COUNTED_AT_MOST`` + 1."""

    items: tuple[Item, ...]
    before: str | None
    after: str | None
    too_many: bool
    counts: Mapping[Kind | None, int]
    expiring: int


def page(
    asked: Asked,
    *,
    at: datetime,
    size: int = PAGE,
    after: str | None = None,
    before: str | None = None,
) -> CertificateList:
    """A fixed number of queries, whatever the store holds."""
    found = listing.page(asked, at=at, size=size, after=after, before=before)
    rows = [row.certificate for row in found.rows if row.certificate is not None]
    states = {state.row.fingerprint: state for state in judged(rows, at)} if rows else {}
    return CertificateList(
        items=tuple(
            Item(
                kind=Kind(row.kind),
                state=states[row.certificate.fingerprint] if row.certificate else None,
                locked=row.locked,
            )
            for row in found.rows
        ),
        before=found.before,
        after=found.after,
        too_many=found.too_many,
        counts={kind: listing.count(Asked(kind=kind), at=at) for kind in (None, *Kind)},
        expiring=listing.count(Asked(validity=Validity.EXPIRING), at=at),
    )
