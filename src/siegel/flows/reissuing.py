"""Replace many of our certificates at once (C10): look, start, stop, switch over, end.

A campaign is looked at before it starts, can be stopped and goes on where it stood. Until the
moment somebody chose the old certificates go on signing; partners may encrypt to both all the time,
and if an old one ends or is revoked before, its successor signs at once. The work itself is in
``reissuing_work``, telling partners in ``reissuing_telling``.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from siegel.base.errors import Conflict
from siegel.ca.crl import RevocationReason
from siegel.flows.connectors import ConnectorKind
from siegel.flows.reissuing_finding import Criteria, Finding, find
from siegel.pki.key_generation import KeyChoice
from siegel.policy.actions import Action
from siegel.policy.reissue import (
    UNDECIDED,
    Affected,
    ItemFacts,
    Step,
    is_switched,
    next_step,
)
from siegel.store.queries import journal, organisation, reissues
from siegel.store.queries.reissues import CampaignState
from siegel.store.reissue_rows import CampaignRow, ItemRow, NewCampaign, NewItem, ReissueFigures
from siegel.store.text import Json
from siegel.store.transaction import together
from siegel.wording.reissue import partner_letter

NOTHING = ReissueFigures()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How the replacements come. ``key`` None: on the key that each certificate has."""

    criteria: Criteria
    way: ConnectorKind
    authority: str = ""
    key: KeyChoice | None = KeyChoice.RSA_3072


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    row: CampaignRow
    figures: ReissueFigures


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One old certificate and what comes next for it."""

    row: ItemRow
    step: Step


def prepare(plan: Plan, *, by: str, at: datetime) -> int:
    """The campaign, not started. Raises ``Conflict`` if there is nothing to replace, too much for
    one campaign, or the same key is wanted from outside."""
    if plan.key is None and plan.way is not ConnectorKind.IN_HOUSE:
        raise Conflict("only our own authority renews on the same key", why="key")
    finding = find(plan.criteria, at)
    items = tuple(_items(finding))
    if finding.more:
        raise Conflict("too many certificates for one campaign", why="many")
    if not any(each.replacement is None for each in items):
        raise Conflict("nothing has to be replaced", why="nothing")
    letter = partner_letter(organisation.get().name)
    new = NewCampaign(
        criteria=plan.criteria.as_text(),
        way=plan.way.value,
        authority=plan.authority,
        key="" if plan.key is None else plan.key.value,
        subject=letter.subject,
        german=letter.german,
        english=letter.english,
    )
    with together():
        return reissues.add(new, items, by=by, at=at)


def get(campaign: int) -> Campaign:
    """Raises ``NotFound``."""
    row = reissues.get(campaign)
    return Campaign(row=row, figures=reissues.figures([campaign]).get(campaign, NOTHING))


def listed() -> tuple[Campaign, ...]:
    """The latest first."""
    rows = reissues.latest()
    figures = reissues.figures(row.id for row in rows)
    return tuple(Campaign(row=row, figures=figures.get(row.id, NOTHING)) for row in rows)


def items(
    campaign: CampaignRow,
    at: datetime,
    *,
    limit: int,
    after: int | None = None,
    before: int | None = None,
) -> tuple[Item, ...]:
    """A page of them, in the order they were found."""
    rows = reissues.of_campaign(campaign.id, limit=limit, after=after, before=before)
    return tuple(Item(row=row, step=step_of(row, campaign, at)) for row in rows)


def step_of(row: ItemRow, campaign: CampaignRow, at: datetime) -> Step:
    """What comes next for one certificate."""
    facts = ItemFacts(
        has_replacement=row.replacement is not None,
        is_ordered=row.ticket is not None,
        problem=row.problem,
        attempts=row.attempts,
        old_signs=row.certificate.may_sign
        and row.revoked_at is None
        and row.certificate.not_after > at,
        switch_at=campaign.switch_at,
        untold=row.untold,
        is_ours=row.is_ours,
        is_revoked=row.revoked_at is not None,
    )
    return next_step(facts, at)


def start(campaign: int, *, by: str, at: datetime) -> None:
    """Begin, or go on after a stop. From the first start on the old ones go on signing until the
    moment. Raises ``Conflict`` if it runs or is ended."""
    row = reissues.get(campaign)
    with together():
        begun = row.started_at or at
        if not reissues.change(
            campaign, come_from=CampaignState.STOPPED, to=CampaignState.RUNNING, started_at=begun
        ):
            raise Conflict("it runs already, or is ended")
        if row.started_at is None:
            until = row.switch_at or UNDECIDED
            reissues.keep_signing(reissues.old_ones(campaign), until, by=by, at=at)
        _note(campaign, Action.REISSUE_STARTED, by, at)


def stop(campaign: int, *, by: str, at: datetime) -> None:
    """Nothing more is ordered, told or revoked but what is in a worker's hands at this moment."""
    with together():
        if not reissues.change(campaign, come_from=CampaignState.RUNNING, to=CampaignState.STOPPED):
            raise Conflict("it does not run")
        _note(campaign, Action.REISSUE_STOPPED, by, at)


def discard(campaign: int) -> None:
    """Forget one that nobody has started; ``Conflict`` for any other."""
    row = reissues.get(campaign)
    if row.started_at is not None:
        raise Conflict("it was started already")
    reissues.remove(campaign)


def switch(campaign: int, moment: datetime, *, by: str, at: datetime) -> None:
    """The new ones sign from then on, and not before. Raises ``Conflict`` once they do."""
    row = reissues.get(campaign)
    if row.state is CampaignState.ENDED or is_switched(row.switch_at, at):
        raise Conflict("the new certificates sign already")
    with together():
        reissues.note(campaign, switch_at=max(moment, at))
        if row.started_at is not None:
            reissues.keep_signing(reissues.old_ones(campaign), max(moment, at), by=by, at=at)
        detail: dict[str, Json] = {"campaign": campaign, "moment": max(moment, at).isoformat()}
        journal.write(at=at, actor=by, action=Action.REISSUE_SWITCHED, detail=detail)


def try_again(campaign: int) -> int:
    """Everything that failed; how many that are."""
    reissues.get(campaign)
    return reissues.try_again(campaign)


def revoke_old(campaign: int, reason: RevocationReason, *, by: str, at: datetime) -> None:
    """Take back the old ones of our own authority, each as soon as it has a replacement. Raises
    ``Conflict`` before the new ones sign: nobody could sign in between."""
    row = reissues.get(campaign)
    if not is_switched(row.switch_at, at):
        raise Conflict("the old certificates still sign")
    reissues.note(campaign, revoking_since=at, revocation_reason=reason.value)
    _note(campaign, Action.REISSUE_REVOKING, by, at)


def end(campaign: int, *, by: str, at: datetime) -> None:
    """Nothing more happens; the newest certificates sign. What is left stands in the list."""
    row = reissues.get(campaign)
    with together():
        if row.started_at is None or not reissues.change(
            campaign, come_from=row.state, to=CampaignState.ENDED, ended_at=at
        ):
            raise Conflict("it was not started, or is ended")
        reissues.let_go(reissues.old_ones(campaign))
        _note(campaign, Action.REISSUE_ENDED, by, at)


def _items(finding: Finding) -> Iterator[NewItem]:
    for each in finding.found:
        if each.row.account is not None and each.standing is not Affected.NO_ACCOUNT:
            yield NewItem(
                account=each.row.account,
                fingerprint=each.row.fingerprint,
                use=each.use.value,
                leader=each.leader,
                replacement=each.successor,
            )


def _note(campaign: int, action: Action, by: str, at: datetime) -> None:
    figures = reissues.figures([campaign])[campaign]
    detail = {
        "campaign": campaign,
        "certificates": figures.total,
        "replaced": figures.replaced,
        "told": figures.told,
    }
    journal.write(at=at, actor=by, action=action, detail=detail)
