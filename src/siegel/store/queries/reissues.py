"""Campaigns that replace many certificates, and their items; which certificate goes on signing."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from siegel.base.address import EmailAddress
from siegel.base.errors import NotFound
from siegel.policy.reissue import Problem
from siegel.store.models import (
    CertificationRequest,
    KeptSigning,
    MailAccount,
    ReissueCampaign,
    ReissueItem,
    ReissueNotice,
    Revocation,
    SerialNumber,
)
from siegel.store.models.reissue import CampaignState, NoticeState
from siegel.store.reissue_rows import CampaignRow, ItemRow, NewCampaign, NewItem, ReissueFigures
from siegel.store.text import clean

__all__ = ["CampaignState", "NoticeState"]

LISTED = 100
_BATCH = 500  # rows of one INSERT
_PROBLEMS_FOR_GOOD = [each.value for each in Problem if each is not Problem.TROUBLE]


def add(new: NewCampaign, items: Iterable[NewItem], *, by: str, at: datetime) -> int:
    """A campaign that nobody has started, with everything it replaces."""
    campaign = ReissueCampaign.objects.create(
        criteria=dict(new.criteria),
        way=new.way,
        authority=clean(new.authority, 500),
        key=new.key,
        state=CampaignState.STOPPED,
        subject=clean(new.subject, 500),
        german=new.german,
        english=new.english,
        created_by=clean(by, 400),
        created_at=at,
    )
    every = tuple(items)
    named = {str(each.account) for each in every}
    accounts = dict(MailAccount.objects.filter(address__in=named).values_list("address", "pk"))
    for leads in (True, False):  # those that lead come first: the others point to them
        _add_items(campaign.pk, [e for e in every if (e.leader is None) is leads], accounts, at)
    return campaign.pk


def _add_items(
    campaign: int, items: list[NewItem], accounts: Mapping[str, int], at: datetime
) -> None:
    there = ReissueItem.objects.filter(campaign_id=campaign)
    leaders = dict(there.values_list("old_id", "pk"))
    ReissueItem.objects.bulk_create(
        (
            ReissueItem(
                campaign_id=campaign,
                account_id=accounts[str(each.account)],
                old_id=each.fingerprint,
                use=each.use,
                leader_id=leaders.get(each.leader or ""),
                replacement_id=each.replacement,
                replaced_at=at if each.replacement else None,
            )
            for each in items
        ),
        batch_size=_BATCH,
    )


def get(campaign: int) -> CampaignRow:
    found = _campaigns(ReissueCampaign.objects.filter(pk=campaign))
    if not found:
        raise NotFound(f"no campaign {campaign}")
    return found[0]


def latest() -> tuple[CampaignRow, ...]:
    return _campaigns(ReissueCampaign.objects.order_by("-created_at", "-id")[:LISTED])


def running() -> tuple[CampaignRow, ...]:
    return _campaigns(ReissueCampaign.objects.filter(state=CampaignState.RUNNING).order_by("id"))


def change(campaign: int, *, come_from: CampaignState, to: CampaignState, **values: object) -> bool:
    """Whether it was in that state."""
    asked = ReissueCampaign.objects.filter(pk=campaign, state=come_from)
    return bool(asked.update(state=to, **values))


def note(campaign: int, **values: object) -> None:
    ReissueCampaign.objects.filter(pk=campaign).update(**values)


def remove(campaign: int) -> None:
    ReissueCampaign.objects.filter(pk=campaign).delete()


def figures(campaigns: Iterable[int]) -> Mapping[int, ReissueFigures]:
    """Two queries for any number of them."""
    asked = list(campaigns)
    items = ReissueItem.objects.filter(campaign_id__in=asked).values("campaign_id")
    issued = SerialNumber.objects.filter(certificate=OuterRef("old_id"), revocation=None)
    is_open = Q(replacement=None, leader=None)
    counted = items.annotate(
        total=Count("pk", filter=Q(leader=None)),
        replaced=Count("pk", filter=Q(leader=None) & ~Q(replacement=None)),
        problems=Count("pk", filter=~Q(problem="")),
        ordered=Count("pk", filter=is_open & Q(problem="") & ~Q(ticket=None)),
        to_revoke=Count("pk", filter=Q(Exists(issued)) & _IS_REPLACED),
    ).order_by()
    notices = ReissueNotice.objects.filter(campaign_id__in=asked).values("campaign_id")
    told = notices.annotate(
        partners=Count("pk"),
        told=Count("pk", filter=Q(state=NoticeState.SENT)),
        not_told=Count("pk", filter=Q(state=NoticeState.FAILED)),
    ).order_by()
    found: dict[int, dict[str, int]] = {each: {} for each in asked}
    rows: list[dict[str, int]] = [*counted, *told]  # type: ignore[list-item]  # counts are numbers
    for row in rows:
        campaign = row.pop("campaign_id")
        found[campaign].update(row)
    return {campaign: ReissueFigures(**values) for campaign, values in found.items()}


_IS_REPLACED = ~Q(replacement=None) | ~Q(leader__replacement=None) & ~Q(leader=None)


def take(campaign: int, *, limit: int, at: datetime, until: datetime) -> tuple[ItemRow, ...]:
    """Items without a replacement, now in the caller's hands; from ``until`` on another worker may
    take them, if this one died. None of a campaign that does not run."""
    due = Q(next_try_at=None) | Q(next_try_at__lte=at)
    with transaction.atomic():
        if not ReissueCampaign.objects.filter(pk=campaign, state=CampaignState.RUNNING).exists():
            return ()
        asked = ReissueItem.objects.select_for_update(skip_locked=True).filter(
            due, campaign_id=campaign, replacement=None, leader=None
        )
        asked = asked.exclude(problem__in=_PROBLEMS_FOR_GOOD)
        ids = list(asked.order_by("next_try_at", "id").values_list("pk", flat=True)[:limit])
        ReissueItem.objects.filter(pk__in=ids).update(next_try_at=until)
    return items(Q(pk__in=ids))


def of_campaign(
    campaign: int, *, limit: int, after: int | None = None, before: int | None = None
) -> tuple[ItemRow, ...]:
    """In the order they were found, a page at a time: behind an item, or in front of one."""
    asked = ReissueItem.objects.filter(campaign=campaign)
    if after is not None:
        asked = asked.filter(pk__gt=after)
    elif before is not None:
        asked = asked.filter(pk__lt=before).order_by("-id")
    names = list(asked.order_by("-id" if after is None and before is not None else "id")[:limit])
    return items(Q(pk__in=[each.pk for each in names]), limit=limit)


def to_revoke(campaign: int, *, limit: int, at: datetime) -> tuple[ItemRow, ...]:
    """Old ones of our authorities that have a replacement and still count."""
    issued = SerialNumber.objects.filter(certificate=OuterRef("old_id"), revocation=None)
    due = Q(next_try_at=None) | Q(next_try_at__lte=at)
    found = ReissueItem.objects.filter(due, Exists(issued), _IS_REPLACED, campaign_id=campaign)
    return items(Q(pk__in=list(found.order_by("id").values_list("pk", flat=True)[:limit])))


def items(asked: Q, *, limit: int = 1000) -> tuple[ItemRow, ...]:
    """One query."""
    waiting = ReissueNotice.objects.filter(item=OuterRef("pk"), state=NoticeState.WAITING)
    serials = SerialNumber.objects.filter(certificate=OuterRef("old_id"))
    revoked = Revocation.objects.filter(serial__certificate=OuterRef("old_id"))
    found = (
        ReissueItem.objects.filter(asked)
        .select_related("account", "old", "leader")
        .annotate(
            is_ours=Exists(serials),
            revoked_at=revoked.values("revoked_at")[:1],
            has_untold=Exists(waiting),
        )
        .order_by("id")[:limit]
    )
    return tuple(_item(row) for row in found)


def _item(row: ReissueItem) -> ItemRow:
    leader = row.leader
    return ItemRow(
        id=row.pk,
        account=EmailAddress.parse(row.account.address),
        old=row.old_id,
        der=bytes(row.old.der),
        use=row.use,
        leader=row.leader_id,
        ticket_kind=row.ticket_kind,
        ticket=row.ticket,
        replacement=row.replacement_id if leader is None else leader.replacement_id,
        attempts=row.attempts,
        problem=Problem(row.problem) if row.problem else None,
        detail=row.detail,
        is_ours=bool(getattr(row, "is_ours", False)),
        revoked_at=getattr(row, "revoked_at", None),
        untold=int(getattr(row, "has_untold", False)),
    )


def ordered(item: int, kind: str, ticket: int, *, next_try_at: datetime) -> None:
    ReissueItem.objects.filter(pk=item).update(
        ticket_kind=kind, ticket=ticket, problem="", detail="", next_try_at=next_try_at
    )


def look_again(item: int, *, next_try_at: datetime) -> None:
    """It waits for an answer from outside."""
    ReissueItem.objects.filter(pk=item).update(next_try_at=next_try_at)


def replaced(item: int, fingerprint: str, *, at: datetime) -> None:
    ReissueItem.objects.filter(pk=item, replacement=None).update(
        replacement_id=fingerprint, replaced_at=at, problem="", detail="", next_try_at=None
    )


def failed(item: int, problem: Problem, detail: str, *, next_try_at: datetime | None) -> None:
    ReissueItem.objects.filter(pk=item).update(
        problem=problem.value,
        detail=clean(detail, 500),
        attempts=F("attempts") + 1,
        next_try_at=next_try_at,
    )


def try_again(campaign: int) -> int:
    """Everything that failed, from the beginning; a request that was given up is forgotten."""
    asked = ReissueItem.objects.filter(campaign_id=campaign, replacement=None).exclude(problem="")
    return asked.update(
        problem="", detail="", attempts=0, next_try_at=None, ticket=None, ticket_kind=""
    )


def open_requests(account: EmailAddress, *, since: datetime) -> tuple[tuple[int, bytes], ...]:
    """(number, DER) of requests for the account, made since then, that somebody waits for and that
    no item has for its own."""
    mine = ReissueItem.objects.exclude(ticket=None).filter(account__address=str(account))
    asked = CertificationRequest.objects.filter(
        account__address=str(account), made_at__gte=since, certificate=None, withdrawn_at=None
    ).exclude(pk__in=mine.values("ticket"))
    return tuple((number, bytes(der)) for number, der in asked.values_list("pk", "der"))


def keep_signing(fingerprints: Iterable[str], until: datetime, *, by: str, at: datetime) -> None:
    """These certificates sign until the moment, whatever newer ones there are."""
    KeptSigning.objects.bulk_create(
        (
            KeptSigning(certificate_id=name, until=until, set_by=clean(by, 400), set_at=at)
            for name in fingerprints
        ),
        update_conflicts=True,
        unique_fields=["certificate"],
        update_fields=["until", "set_by", "set_at"],
        batch_size=_BATCH,
    )


def let_go(fingerprints: Iterable[str]) -> None:
    """The newest signs again."""
    KeptSigning.objects.filter(certificate__in=list(fingerprints)).delete()


def old_ones(campaign: int) -> tuple[str, ...]:
    found = ReissueItem.objects.filter(campaign_id=campaign).order_by("id")
    return tuple(found.values_list("old_id", flat=True))


def replaced_ones(campaign: int) -> tuple[str, ...]:
    """Old certificates that have a replacement."""
    found = ReissueItem.objects.filter(_IS_REPLACED, campaign_id=campaign).order_by("id")
    return tuple(found.values_list("old_id", flat=True))


def _campaigns(asked: QuerySet[ReissueCampaign]) -> tuple[CampaignRow, ...]:
    return tuple(
        CampaignRow(
            id=row.pk,
            criteria=row.criteria,
            way=row.way,
            authority=row.authority,
            key=row.key,
            state=CampaignState(row.state),
            switch_at=row.switch_at,
            subject=row.subject,
            german=row.german,
            english=row.english,
            telling_since=row.telling_since,
            revoking_since=row.revoking_since,
            revocation_reason=row.revocation_reason,
            created_by=row.created_by,
            created_at=row.created_at,
            started_at=row.started_at,
            ended_at=row.ended_at,
        )
        for row in asked
    )
