"""What people decided to trust. Decisions are never changed; a new one takes the place."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import OuterRef, Subquery

from siegel.store.append_only import AppendOnlyQuerySet
from siegel.store.models import Certificate, TrustDecision
from siegel.store.models.trust import Decision
from siegel.store.rows import TrustDecisionRow
from siegel.store.text import clean
from siegel.store.transaction import conflicting

__all__ = ["Decision", "decide", "decisions", "history", "page", "rows"]


def decide(
    fingerprint: str,
    decision: Decision,
    *,
    who: str,
    when: datetime,
    why: str = "",
    domains: Iterable[str] = (),
    compared_fingerprint: str = "",
    channel: str = "",
) -> TrustDecisionRow:
    """``Conflict`` when somebody else decided about the same certificate at the same time."""
    with conflicting("somebody else has just decided about this certificate; look again"):
        before = _newest().filter(fingerprint=fingerprint).first()
        row = TrustDecision.objects.create(
            fingerprint=fingerprint,
            decision=decision,
            domains=sorted(set(domains)),
            who=clean(who, 400),
            when=when,
            why=clean(why),
            compared_fingerprint=clean(compared_fingerprint, 200),
            channel=clean(channel, 200),
            supersedes=before,
        )
    return rows(TrustDecision.objects.filter(pk=row.pk))[0]


def decisions() -> tuple[TrustDecisionRow, ...]:
    """The decision in force about each certificate (a withdrawn one is shown as such)."""
    return rows(_newest().order_by("id"))


def history(fingerprint: str) -> tuple[TrustDecisionRow, ...]:
    """All decisions about one certificate, the newest first."""
    return rows(TrustDecision.objects.filter(fingerprint=fingerprint).order_by("-id"))


def _newest() -> AppendOnlyQuerySet[TrustDecision]:
    return TrustDecision.objects.filter(superseded_by=None)


def page(*, before: int | None = None, limit: int = 50) -> tuple[TrustDecisionRow, ...]:
    """All decisions ever made, the newest first; ``before``: to read on behind a number."""
    asked = TrustDecision.objects.all()
    if before is not None:
        asked = asked.filter(pk__lt=before)
    return rows(asked.order_by("-id")[:limit])


def rows(asked: AppendOnlyQuerySet[TrustDecision]) -> tuple[TrustDecisionRow, ...]:
    """For the queries of this package."""
    der = Certificate.objects.filter(fingerprint=OuterRef("fingerprint")).values("der")
    return tuple(
        TrustDecisionRow(
            id=row.pk,
            fingerprint=row.fingerprint,
            decision=row.decision,
            domains=frozenset(row.domains),
            who=row.who,
            when=row.when,
            why=row.why,
            compared_fingerprint=row.compared_fingerprint,
            channel=row.channel,
            supersedes=row.supersedes_id,
            der=_octets(row.der),
        )
        for row in asked.annotate(der=Subquery(der))
    )


def _octets(value: bytes | memoryview | None) -> bytes | None:
    return None if value is None else bytes(value)
