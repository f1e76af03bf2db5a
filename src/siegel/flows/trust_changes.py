"""Why kept mail is looked at again: a decision, or a list of public roots, and what held before."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from siegel.base.errors import NotFound
from siegel.flows import unknown_roots
from siegel.flows.public_roots import list_of
from siegel.flows.trusting import Standing, decided, standing
from siegel.pki.certificate import Certificate
from siegel.policy.root_lists import compare
from siegel.store.queries import below, roots, trust
from siegel.store.rows import RejudgementRow, TrustDecisionRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """Who decided what about which certificates, and the trust before it.

    ``names``: of the authorities it concerns. ``kept``: those that are kept with unknown roots.
    """

    who: str
    what: str
    about: tuple[Certificate, ...]
    before: Standing
    now: Standing
    names: frozenset[str]
    kept: tuple[Certificate, ...]


def cause_of(row: RejudgementRow, at: datetime) -> Cause:
    now = standing(at)
    if row.decision is not None:
        decision = row.decision
        before = _without(decision, now)
        return _caused(
            decision.who, f"trust.{decision.decision}", [decided(decision).certificate], before, now
        )
    if row.root_list is None:
        raise NotFound("nobody decided anything")
    before = replace(now, public=list_of(roots.before(row.root_list.number)))
    changes = compare(before.public, list_of(row.root_list))
    anchors = (*changes.added, *changes.removed, *changes.changed)
    about = [*(anchor.certificate for anchor in anchors), *changes.distrusted]
    return _caused(row.root_list.who, "trust.refreshed", about, before, now)


def _without(decision: TrustDecisionRow, now: Standing) -> Standing:
    """What held before it."""
    others = (d for d in now.decisions if d.certificate.fingerprint != decision.fingerprint)
    earlier = (e for e in trust.history(decision.fingerprint) if e.id == decision.supersedes)
    return replace(now, decisions=(*others, *map(decided, earlier)))


def _caused(
    who: str, what: str, about: Sequence[Certificate], before: Standing, now: Standing
) -> Cause:
    names = below.names_below(about)
    return Cause(
        who=who,
        what=what,
        about=tuple(about),
        before=before,
        now=now,
        names=names,
        kept=unknown_roots.below(names),
    )
