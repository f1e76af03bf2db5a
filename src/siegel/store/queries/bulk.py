"""Mail to many: jobs and their recipients. Each recipient is in one worker's hands at a time."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet

from siegel.base.address import EmailAddress
from siegel.base.errors import NotFound
from siegel.store.bulk_rows import BulkItemRow, Figures, JobRow, NewBulkItem
from siegel.store.models import BulkItem, BulkJob, MailAccount, User
from siegel.store.models.mail import SUBJECT
from siegel.store.models.writing import BulkItemState, BulkState
from siegel.store.text import clean

__all__ = ["BulkItemState", "BulkState"]

LISTED = 100
_BATCH = 1000  # rows of one INSERT


def add(
    *,
    account: EmailAddress,
    user: EmailAddress,
    sender: EmailAddress,
    subject: str,
    plan: str,
    total: int,
    by: str,
    at: datetime,
) -> int:
    """A job that nobody has started; text and recipients follow in the same transaction."""
    job = BulkJob.objects.create(
        account=MailAccount.objects.get(address=str(account)),
        user=User.objects.filter(email=str(user)).first(),
        sender=str(sender),
        subject=clean(subject, SUBJECT),
        sealed=b"",
        state=BulkState.STOPPED,
        plan=plan,
        total=total,
        created_by=by,
        created_at=at,
    )
    return job.pk


def fill(job: int, sealed: bytes, items: Iterable[NewBulkItem]) -> None:
    BulkJob.objects.filter(pk=job).update(sealed=sealed)
    BulkItem.objects.bulk_create(
        (
            BulkItem(
                job_id=job,
                number=each.number,
                address=each.address,
                sealed=each.sealed,
                message_id=each.message_id,
                state=BulkItemState.WAITING,
            )
            for each in items
        ),
        batch_size=_BATCH,
    )


def get(id_: int) -> JobRow:
    found = _jobs(BulkJob.objects.filter(pk=id_))
    if not found:
        raise NotFound(f"no mail to many {id_}")
    return found[0]


def of_accounts(accounts: Iterable[EmailAddress]) -> tuple[JobRow, ...]:
    """The latest first; one query."""
    asked = BulkJob.objects.filter(account__address__in=[str(each) for each in accounts])
    return _jobs(asked.order_by("-created_at", "-id")[:LISTED])


def running() -> tuple[JobRow, ...]:
    return _jobs(BulkJob.objects.filter(state=BulkState.RUNNING).order_by("started_at", "id"))


def unreported() -> tuple[JobRow, ...]:
    asked = BulkJob.objects.filter(state=BulkState.DONE, reported_at=None)
    return _jobs(asked.order_by("id")[:LISTED])


def change(id_: int, *, come_from: BulkState, to: BulkState, **values: object) -> bool:
    """Whether it was in that state."""
    asked = BulkJob.objects.filter(pk=id_, state=come_from)
    return bool(asked.update(state=to, **values))


def note(id_: int, **values: object) -> None:
    BulkJob.objects.filter(pk=id_).update(**values)


def remove(id_: int) -> None:
    BulkItem.objects.filter(job_id=id_).delete()
    BulkJob.objects.filter(pk=id_).delete()


def figures(jobs: Iterable[int]) -> Mapping[int, Figures]:
    """One query."""
    found: dict[int, dict[str, int]] = {}
    asked = BulkItem.objects.filter(job_id__in=list(jobs)).values_list("job_id", "state")
    for job, state, count in asked.annotate(count=Count("pk")).order_by():
        found.setdefault(job, {})[state] = count
    return {job: _figures(counts) for job, counts in found.items()}


def item(job: int, number: int) -> BulkItemRow:
    found = _items(BulkItem.objects.filter(job_id=job, number=number))
    if not found:
        raise NotFound(f"no recipient {number} of mail to many {job}")
    return found[0]


def failed(job: int, *, limit: int) -> tuple[BulkItemRow, ...]:
    asked = BulkItem.objects.filter(job_id=job, state=BulkItemState.FAILED)
    return _items(asked.order_by("number")[:limit])


def everybody(job: int) -> Iterator[BulkItemRow]:
    """In the order of the list, a page at a time."""
    after = 0
    while True:
        asked = BulkItem.objects.filter(job_id=job, number__gt=after).order_by("number")[:_BATCH]
        page = _items(asked)
        if not page:
            return
        yield from page
        after = page[-1].number


def take(job: int, *, limit: int, at: datetime, until: datetime) -> tuple[BulkItemRow, ...]:
    """The next recipients, now in the caller's hands; another worker may take them from ``until``
    on, if this one died. None of a job that does not run."""
    due = Q(state=BulkItemState.WAITING) & (Q(next_try_at=None) | Q(next_try_at__lte=at))
    left = Q(state=BulkItemState.SENDING, next_try_at__lte=at)
    with transaction.atomic():
        if not BulkJob.objects.filter(pk=job, state=BulkState.RUNNING).exists():
            return ()
        asked = BulkItem.objects.select_for_update(skip_locked=True).filter(due | left, job_id=job)
        ids = list(asked.order_by("number").values_list("pk", flat=True)[:limit])
        taken = BulkItem.objects.filter(pk__in=ids)
        taken.update(state=BulkItemState.SENDING, next_try_at=until, attempts=F("attempts") + 1)
    return _items(BulkItem.objects.filter(pk__in=ids).order_by("number"))


def sent(id_: int, *, at: datetime) -> None:
    """Call it at once after the next hop's 250."""
    BulkItem.objects.filter(pk=id_).update(
        state=BulkItemState.SENT, done_at=at, answer="", next_try_at=None, sealed=b""
    )


def failed_for_good(id_: int, answer: str, *, at: datetime) -> None:
    BulkItem.objects.filter(pk=id_).update(
        state=BulkItemState.FAILED, done_at=at, answer=clean(answer, 500), next_try_at=None
    )


def put_back(ids: Iterable[int], answer: str, *, next_try_at: datetime | None) -> None:
    """Not now: they wait for their next try."""
    BulkItem.objects.filter(pk__in=list(ids), state=BulkItemState.SENDING).update(
        state=BulkItemState.WAITING, answer=clean(answer, 500), next_try_at=next_try_at
    )


def is_done(job: int) -> bool:
    ended = (BulkItemState.SENT, BulkItemState.FAILED)
    return not BulkItem.objects.filter(job_id=job).exclude(state__in=ended).exists()


def _figures(counts: Mapping[str, int]) -> Figures:
    waiting = counts.get(BulkItemState.WAITING, 0) + counts.get(BulkItemState.SENDING, 0)
    return Figures(
        waiting=waiting,
        sent=counts.get(BulkItemState.SENT, 0),
        failed=counts.get(BulkItemState.FAILED, 0),
    )


def _jobs(asked: QuerySet[BulkJob]) -> tuple[JobRow, ...]:
    return tuple(
        JobRow(
            id=row.pk,
            account=EmailAddress.parse(row.account.address),
            user=EmailAddress.parse(row.user.email) if row.user else None,
            sender=EmailAddress.parse(row.sender),
            subject=row.subject,
            sealed=bytes(row.sealed),
            state=BulkState(row.state),
            total=row.total,
            created_by=row.created_by,
            created_at=row.created_at,
            started_at=row.started_at,
            ended_at=row.ended_at,
            reported_at=row.reported_at,
            plan=row.plan,
            problem=row.problem,
        )
        for row in asked.select_related("account", "user")
    )


def _items(asked: QuerySet[BulkItem]) -> tuple[BulkItemRow, ...]:
    return tuple(
        BulkItemRow(
            id=row.pk,
            number=row.number,
            address=row.address,
            sealed=bytes(row.sealed),
            message_id=row.message_id,
            state=BulkItemState(row.state),
            answer=row.answer,
            attempts=row.attempts,
            done_at=row.done_at,
        )
        for row in asked
    )
