"""Certificates for many: jobs and their lines."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from django.db.models import Count, QuerySet

from siegel.base.errors import NotFound
from siegel.store.enrolment_rows import (
    EnrolmentFigures,
    EnrolmentJobRow,
    EnrolmentJobState,
    EnrolmentLineRow,
    EnrolmentLineState,
    NewEnrolmentLine,
)
from siegel.store.models import EnrolmentJob, EnrolmentLine
from siegel.store.models.columns import ADDRESS, NAME
from siegel.store.models.enrolment_job import PROBLEM
from siegel.store.text import clean

LISTED = 10  # jobs; each may have 10,000 lines to be counted
_BATCH = 1000  # rows of one INSERT


def add(
    *,
    authority: int,
    key: str,
    second_key: str,
    days: int,
    create_accounts: bool,
    lines: Iterable[NewEnrolmentLine],
    by: str,
    at: datetime,
) -> int:
    """A job that nobody has started, with all its lines; call it in a transaction."""
    job = EnrolmentJob.objects.create(
        authority_id=authority,
        key=key,
        second_key=second_key,
        days=days,
        create_accounts=create_accounts,
        state=EnrolmentJobState.STOPPED,
        total=0,
        created_by=clean(by, 400),
        created_at=at,
    )
    made = EnrolmentLine.objects.bulk_create(
        (_line(job.pk, each, at) for each in lines), batch_size=_BATCH
    )
    EnrolmentJob.objects.filter(pk=job.pk).update(total=len(made))
    return job.pk


def get(id_: int) -> EnrolmentJobRow:
    found = _jobs(EnrolmentJob.objects.filter(pk=id_))
    if not found:
        raise NotFound(f"no list of certificates {id_}")
    return found[0]


def latest() -> tuple[EnrolmentJobRow, ...]:
    return _jobs(EnrolmentJob.objects.order_by("-created_at", "-id")[:LISTED])


def running() -> tuple[EnrolmentJobRow, ...]:
    asked = EnrolmentJob.objects.filter(state=EnrolmentJobState.RUNNING)
    return _jobs(asked.order_by("started_at", "id"))


def change(
    id_: int, *, come_from: EnrolmentJobState, to: EnrolmentJobState, **values: object
) -> bool:
    """Whether it was in that state."""
    return bool(EnrolmentJob.objects.filter(pk=id_, state=come_from).update(state=to, **values))


def remove(id_: int) -> None:
    EnrolmentLine.objects.filter(job_id=id_).delete()
    EnrolmentJob.objects.filter(pk=id_).delete()


def figures(jobs: Iterable[int]) -> Mapping[int, EnrolmentFigures]:
    """One query."""
    found: dict[int, dict[str, int]] = {}
    asked = EnrolmentLine.objects.filter(job_id__in=list(jobs)).values_list("job_id", "state")
    for job, state, count in asked.annotate(count=Count("pk")).order_by():
        found.setdefault(job, {})[state] = count
    return {job: EnrolmentFigures(**counts) for job, counts in found.items()}


def next_lines(job: int, *, limit: int) -> tuple[EnrolmentLineRow, ...]:
    """Those that wait, in the order of the list; none of a job that does not run."""
    asked = EnrolmentLine.objects.filter(
        job_id=job, job__state=EnrolmentJobState.RUNNING, state=EnrolmentLineState.WAITING
    )
    return _lines(asked.order_by("number")[:limit])


def finish(
    id_: int, state: EnrolmentLineState, *, why: str = "", detail: str = "", at: datetime
) -> None:
    """Call it when what the line asks for is on disk, or known to be impossible."""
    EnrolmentLine.objects.filter(pk=id_, state=EnrolmentLineState.WAITING).update(
        state=state, why=clean(why, 24), detail=clean(detail, PROBLEM), done_at=at
    )


def is_done(job: int) -> bool:
    waiting = EnrolmentLine.objects.filter(job_id=job, state=EnrolmentLineState.WAITING)
    return not waiting.exists()


def failed(job: int, *, limit: int) -> tuple[EnrolmentLineRow, ...]:
    asked = EnrolmentLine.objects.filter(job_id=job, state=EnrolmentLineState.FAILED)
    return _lines(asked.order_by("number")[:limit])


def everybody(job: int) -> Iterator[EnrolmentLineRow]:
    """In the order of the list, a page at a time."""
    after = -1
    while True:
        asked = EnrolmentLine.objects.filter(job_id=job, number__gt=after).order_by("number")
        page = _lines(asked[:_BATCH])
        if not page:
            return
        yield from page
        after = page[-1].number


def _line(job: int, new: NewEnrolmentLine, at: datetime) -> EnrolmentLine:
    return EnrolmentLine(
        job_id=job,
        number=new.number,
        address=clean(new.address, ADDRESS),
        given_name=clean(new.given_name, NAME),
        surname=clean(new.surname, NAME),
        name=clean(new.name, NAME),
        shared=new.shared,
        state=EnrolmentLineState.FAILED if new.why else EnrolmentLineState.WAITING,
        why=new.why,
        detail=clean(new.detail, PROBLEM),
        done_at=at if new.why else None,
    )


def _jobs(asked: QuerySet[EnrolmentJob]) -> tuple[EnrolmentJobRow, ...]:
    return tuple(
        EnrolmentJobRow(
            id=row.pk,
            authority=row.authority.name,
            key=row.key,
            second_key=row.second_key,
            days=row.days,
            create_accounts=row.create_accounts,
            state=EnrolmentJobState(row.state),
            total=row.total,
            problem=row.problem,
            created_by=row.created_by,
            created_at=row.created_at,
            started_at=row.started_at,
            ended_at=row.ended_at,
        )
        for row in asked.select_related("authority")
    )


def _lines(asked: QuerySet[EnrolmentLine]) -> tuple[EnrolmentLineRow, ...]:
    return tuple(
        EnrolmentLineRow(
            id=row.pk,
            number=row.number,
            address=row.address,
            given_name=row.given_name,
            surname=row.surname,
            name=row.name,
            shared=row.shared,
            state=EnrolmentLineState(row.state),
            why=row.why,
            detail=row.detail,
            done_at=row.done_at,
        )
        for row in asked
    )
