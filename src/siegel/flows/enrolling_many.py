"""Certificates for many accounts as a job: looked at before, worked through, stopped, reported.

The list is kept line by line. A line is done when its certificate is on disk; killed in between,
the enrolment of the account is taken up again, with its key. So the job itself holds nothing that
could be lost or made twice.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from siegel.base.errors import Conflict
from siegel.flows import issuers
from siegel.flows.issuing import require_control
from siegel.flows.staff_list import StaffLine, StaffMember
from siegel.pki.key_generation import KeyChoice
from siegel.policy.actions import Action
from siegel.policy.enrolling import LineFault
from siegel.store.authority_rows import AuthorityRow
from siegel.store.enrolment_rows import (
    EnrolmentFigures,
    EnrolmentJobRow,
    EnrolmentJobState,
    EnrolmentLineRow,
    NewEnrolmentLine,
)
from siegel.store.queries import account_list, enrolment_jobs, journal
from siegel.store.transaction import together

MOST_ACCOUNTS = 10_000  # of one job, as of one list
_NOTHING = EnrolmentFigures()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What everybody of the list gets. ``second_key`` None: one key for both uses."""

    authority: str
    key: KeyChoice
    second_key: KeyChoice | None
    days: int
    create_accounts: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    row: EnrolmentJobRow
    figures: EnrolmentFigures


def prepare(lines: Iterable[StaffLine], plan: Plan, *, by: str, at: datetime) -> int:
    """The job, not started. Raises ``Conflict`` (``why``: "nobody") for a list without a line that
    can be worked on."""
    row = issuers.issuing_authority(plan.authority)
    kept = tuple(_checked(line, row, at) for line in lines)
    if not any(not each.why for each in kept):
        raise Conflict("no line of the list can be worked on", why="nobody")
    with together():
        return enrolment_jobs.add(
            authority=row.id,
            key=plan.key.value,
            second_key=plan.second_key.value if plan.second_key else "",
            days=plan.days,
            create_accounts=plan.create_accounts,
            lines=kept,
            by=by,
            at=at,
        )


def prepare_without_certificate(plan: Plan, *, by: str, at: datetime) -> int:
    """The same for every active account of the authority's domains that has no certificate."""
    row = issuers.issuing_authority(plan.authority)
    found = account_list.without_certificate(at=at, limit=MOST_ACCOUNTS)
    within = [one for one in found if issuers.within(one.address.domain, row.domains)]
    lines = (
        StaffLine(number=number, member=StaffMember(address=one.address, name=one.display_name))
        for number, one in enumerate(within, 1)
    )
    return prepare(lines, plan, by=by, at=at)


def get(id_: int) -> Job:
    """Raises ``NotFound``."""
    row = enrolment_jobs.get(id_)
    return Job(row=row, figures=enrolment_jobs.figures([id_]).get(id_, _NOTHING))


def listed() -> tuple[Job, ...]:
    """The latest first."""
    rows = enrolment_jobs.latest()
    figures = enrolment_jobs.figures(row.id for row in rows)
    return tuple(Job(row=row, figures=figures.get(row.id, _NOTHING)) for row in rows)


def start(id_: int, *, by: str, at: datetime) -> None:
    """Begin, or go on after a stop. Raises ``Conflict`` if it runs or is done."""
    row = enrolment_jobs.get(id_)
    with together():
        values = {"started_at": row.started_at or at, "problem": ""}
        _change(row, EnrolmentJobState.STOPPED, EnrolmentJobState.RUNNING, **values)
        note(row.id, Action.ENROLMENTS_STARTED, by=by, at=at)


def stop(id_: int, *, by: str, at: datetime) -> None:
    """The line in a worker's hands is finished, no other is begun."""
    row = enrolment_jobs.get(id_)
    with together():
        _change(row, EnrolmentJobState.RUNNING, EnrolmentJobState.STOPPED)
        note(row.id, Action.ENROLMENTS_STOPPED, by=by, at=at)


def discard(id_: int) -> None:
    """Remove a job that nobody has started. Raises ``Conflict`` for any other one."""
    row = enrolment_jobs.get(id_)
    if row.started_at is not None:
        raise Conflict("it was started already")
    enrolment_jobs.remove(id_)


def report(id_: int) -> Iterator[EnrolmentLineRow]:
    """Every line, in the order of the list."""
    return enrolment_jobs.everybody(id_)


def not_made(id_: int, *, limit: int = 200) -> tuple[EnrolmentLineRow, ...]:
    return enrolment_jobs.failed(id_, limit=limit)


def _checked(line: StaffLine, row: AuthorityRow, at: datetime) -> NewEnrolmentLine:
    """As it is kept; what can be known now is said now."""
    member = line.member
    if member is None:
        fault = (line.why or LineFault.OTHER).value
        return NewEnrolmentLine(number=line.number, why=fault, detail=line.fault)
    why, detail = "", ""
    try:
        require_control(member.address, row, at)
    except Conflict as error:
        why, detail = LineFault.FOREIGN_DOMAIN.value, str(error)
    person = member.person
    return NewEnrolmentLine(
        number=line.number,
        address=member.address.spelling or str(member.address),
        given_name=person.given_name if person else "",
        surname=person.surname if person else "",
        name=member.name,
        shared=member.shared,
        why=why,
        detail=detail,
    )


def _change(
    row: EnrolmentJobRow, come_from: EnrolmentJobState, to: EnrolmentJobState, **values: object
) -> None:
    if not enrolment_jobs.change(row.id, come_from=come_from, to=to, **values):
        raise Conflict(f"it is not {come_from.value}")


def note(id_: int, action: Action, *, by: str, at: datetime) -> None:
    """Figures only; each certificate has its own entry."""
    job = get(id_)
    detail = {
        "job": id_,
        "total": job.row.total,
        "issued": job.figures.issued,
        "failed": job.figures.failed,
    }
    journal.write(at=at, actor=by, action=action, about=job.row.authority, detail=detail)
