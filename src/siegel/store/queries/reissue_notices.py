"""Partners who are told that we have new certificates: each once in a campaign and account."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import F, Q

from siegel.base.address import EmailAddress
from siegel.store.models import MailAccount, ReissueItem, ReissueNotice
from siegel.store.models.reissue import NoticeState
from siegel.store.reissue_rows import NoticeRow
from siegel.store.text import clean

_BATCH = 500  # rows of one INSERT


def accounts(campaign: int, *, replaced: bool | None = None) -> tuple[EmailAddress, ...]:
    """Whose certificates it replaces; ``replaced``: only those that have a new one, or have not."""
    asked = ReissueItem.objects.filter(campaign=campaign, leader=None)
    if replaced is not None:
        asked = asked.filter(replacement__isnull=not replaced)
    found = asked.order_by("account__address").values_list("account__address", flat=True)
    return tuple(EmailAddress.parse(each) for each in dict.fromkeys(found))


def plan(
    campaign: int,
    pairs: Iterable[tuple[EmailAddress, EmailAddress, str]],
    *,
    at: datetime,
) -> int:
    """(account, partner, Message-ID) that are not planned yet; how many were new."""
    owners = dict(MailAccount.objects.values_list("address", "pk"))
    items = _items(campaign)
    before = ReissueNotice.objects.filter(campaign=campaign).count()
    ReissueNotice.objects.bulk_create(
        (
            ReissueNotice(
                campaign_id=campaign,
                item_id=items[str(account)],
                account_id=owners[str(account)],
                partner=str(partner),
                message_id=message_id,
                planned_at=at,
                state=NoticeState.WAITING,
            )
            for account, partner, message_id in pairs
            if str(account) in items
        ),
        ignore_conflicts=True,
        batch_size=_BATCH,
    )
    return ReissueNotice.objects.filter(campaign=campaign).count() - before


def _items(campaign: int) -> dict[str, int]:
    """For each account the item whose replacement partners encrypt to."""
    asked = ReissueItem.objects.filter(campaign=campaign, leader=None).exclude(replacement=None)
    found: dict[str, int] = {}
    for address, number, use in asked.values_list("account__address", "pk", "use"):
        if address not in found or use != "signing":
            found[address] = number
    return found


def waiting(campaign: int, *, limit: int, at: datetime) -> tuple[NoticeRow, ...]:
    """Those whose turn it is."""
    due = Q(next_try_at=None) | Q(next_try_at__lte=at)
    asked = Q(campaign=campaign, state=NoticeState.WAITING)
    return _rows(asked & due, limit)


def failed(campaign: int, *, limit: int) -> tuple[NoticeRow, ...]:
    return _rows(Q(campaign=campaign, state=NoticeState.FAILED), limit)


def sent(notice: int, *, at: datetime) -> None:
    ReissueNotice.objects.filter(pk=notice).update(
        state=NoticeState.SENT, done_at=at, answer="", next_try_at=None
    )


def failed_for_good(notice: int, answer: str, *, at: datetime) -> None:
    ReissueNotice.objects.filter(pk=notice).update(
        state=NoticeState.FAILED, done_at=at, answer=clean(answer, 500), next_try_at=None
    )


def put_back(notice: int, answer: str, *, next_try_at: datetime) -> None:
    ReissueNotice.objects.filter(pk=notice).update(
        answer=clean(answer, 500), next_try_at=next_try_at, attempts=F("attempts") + 1
    )


def _rows(asked: Q, limit: int) -> tuple[NoticeRow, ...]:
    found = ReissueNotice.objects.filter(asked).select_related("account", "item").order_by("id")
    return tuple(
        NoticeRow(
            id=row.pk,
            account=EmailAddress.parse(row.account.address),
            partner=row.partner,
            message_id=row.message_id,
            planned_at=row.planned_at,
            state=NoticeState(row.state),
            answer=row.answer,
            attempts=row.attempts,
            replacement=row.item.replacement_id,
        )
        for row in found[:limit]
    )
