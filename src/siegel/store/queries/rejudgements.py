"""Decisions whose effect on kept mail is still to be worked out: derived from the decisions."""

from dataclasses import replace
from datetime import datetime

from siegel.store.models import PublicRootList, Rejudgement, TrustDecision
from siegel.store.queries import roots, trust
from siegel.store.rows import RejudgementRow, RootListRow, TrustDecisionRow
from siegel.store.transaction import conflicting


def due(*, limit: int = 20) -> tuple[RejudgementRow, ...]:
    """What is not finished, the oldest first; decisions before lists of public roots."""
    open_decisions = TrustDecision.objects.filter(rejudgement__finished_at=None).order_by("pk")
    open_lists = PublicRootList.objects.filter(rejudgement__finished_at=None).order_by("number")
    begun = Rejudgement.objects.filter(finished_at=None).select_related("root_list")
    by_decision = {row.decision_id: row for row in begun}
    by_list = {row.root_list.number: row for row in begun if row.root_list is not None}
    found = [
        _row(by_decision.get(row.id), decision=row) for row in trust.rows(open_decisions[:limit])
    ]
    found += [
        _row(by_list.get(row.number), root_list=row)
        for row in map(roots.row_of, open_lists[:limit])
    ]
    return tuple(found)


def save(row: RejudgementRow, *, at: datetime, finished: bool) -> RejudgementRow:
    """How far it is. ``Conflict`` when another process has begun the same work."""
    number = row.id
    if number is None:
        with conflicting("another process is judging the same messages anew"):
            number = _begin(row, at)
    Rejudgement.objects.filter(pk=number).update(
        last_message=row.last_message,
        looked_at=row.looked_at,
        changed=row.changed,
        linked=row.linked,
        finished_at=at if finished else None,
    )
    return replace(row, id=number)


def _begin(row: RejudgementRow, at: datetime) -> int:
    decision = row.decision.id if row.decision is not None else None
    root_list = None
    if row.root_list is not None:
        root_list = PublicRootList.objects.get(number=row.root_list.number)
    return Rejudgement.objects.create(decision_id=decision, root_list=root_list, begun_at=at).pk


def _row(
    begun: Rejudgement | None,
    *,
    decision: TrustDecisionRow | None = None,
    root_list: RootListRow | None = None,
) -> RejudgementRow:
    return RejudgementRow(
        id=begun.pk if begun else None,
        decision=decision,
        root_list=root_list,
        last_message=begun.last_message if begun else 0,
        looked_at=begun.looked_at if begun else 0,
        changed=begun.changed if begun else 0,
        linked=begun.linked if begun else 0,
    )
