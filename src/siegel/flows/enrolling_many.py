"""Certificates for many accounts as a job: looked at before, worked through, stopped, reported.

The list is kept line by line. A line is done when its certificate is on disk; killed in between,
the enrolment of the account is taken up again, with its key. So the job itself holds nothing that
could be lost or made twice.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.base.errors import Conflict, SiegelError
from siegel.ca.names import PersonName
from siegel.ca.profiles import KeyUse, LeafProfile
from siegel.flows import issuers
from siegel.flows.bulk_enrolment import Outcome, Result, enrol_line
from siegel.flows.issuing import Order, Workshop, require_control
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
    EnrolmentLineState,
    NewEnrolmentLine,
)
from siegel.store.queries import account_list, enrolment_jobs, enrolments, journal
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
        _note(row.id, Action.ENROLMENTS_STARTED, by=by, at=at)


def stop(id_: int, *, by: str, at: datetime) -> None:
    """The line in a worker's hands is finished, no other is begun."""
    row = enrolment_jobs.get(id_)
    with together():
        _change(row, EnrolmentJobState.RUNNING, EnrolmentJobState.STOPPED)
        _note(row.id, Action.ENROLMENTS_STOPPED, by=by, at=at)


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


def work_some(workshop: Workshop, *, limit: int, at: datetime) -> int:
    """Work on at most ``limit`` lines of the jobs that run; how many were finished."""
    done = 0
    for row in enrolment_jobs.running():
        if done < limit:
            done += _work(row, workshop, limit=limit - done, at=at)
    return done


def _work(row: EnrolmentJobRow, workshop: Workshop, *, limit: int, at: datetime) -> int:
    try:
        authority = issuers.issuing_authority(row.authority)
        issuers.issuer_of(authority, workshop.vault)
    except SiegelError as error:
        _give_up(row, str(error), at=at)
        return 0
    done = 0
    while done < limit:
        found = enrolment_jobs.next_lines(row.id, limit=1)
        if not found:
            break
        _finish(found[0], row, authority, workshop, at=at)
        done += 1
    if enrolment_jobs.is_done(row.id):
        _end(row, at=at)
    return done


def _finish(
    line: EnrolmentLineRow,
    row: EnrolmentJobRow,
    authority: AuthorityRow,
    workshop: Workshop,
    *,
    at: datetime,
) -> None:
    outcomes: list[Outcome] = []
    for template in _templates(row, EmailAddress.parse(line.address)):
        outcomes.append(
            enrol_line(
                _staff_line(line), template, authority, workshop,
                create_accounts=row.create_accounts, by=row.created_by, at=at,
            )
        )  # fmt: skip
        if outcomes[-1].result is Result.FAILED:
            break
    last = outcomes[-1]
    if last.result is Result.FAILED:
        why = last.why or LineFault.OTHER
        enrolment_jobs.finish(
            line.id, EnrolmentLineState.FAILED, why=why.value, detail=last.detail, at=at
        )
        return
    made = any(_is_made_here(each, row) for each in outcomes)
    state = EnrolmentLineState.ISSUED if made else EnrolmentLineState.THERE
    detail = " ".join(each.detail for each in outcomes)
    enrolment_jobs.finish(line.id, state, detail=detail, at=at)


def _is_made_here(outcome: Outcome, row: EnrolmentJobRow) -> bool:
    """Also if the worker died between the certificate and the note that it is there."""
    if outcome.result is Result.ISSUED:
        return True
    made_at = enrolments.ended_at(outcome.detail)
    return made_at is not None and row.started_at is not None and made_at >= row.started_at


def _templates(row: EnrolmentJobRow, address: EmailAddress) -> Iterator[Order]:
    uses = [(KeyUse.DUAL, row.key)]
    if row.second_key:
        uses = [(KeyUse.SIGNING, row.key), (KeyUse.ENCRYPTION, row.second_key)]
    for use, key in uses:
        profile = LeafProfile(use=use, days=row.days)
        yield Order(address=address, profile=profile, key=KeyChoice(key))


def _staff_line(line: EnrolmentLineRow) -> StaffLine:
    person = None
    if line.surname:
        person = PersonName(given_name=line.given_name, surname=line.surname)
    member = StaffMember(
        address=EmailAddress.parse(line.address), person=person, name=line.name, shared=line.shared
    )
    return StaffLine(number=line.number, member=member)


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


def _give_up(row: EnrolmentJobRow, problem: str, *, at: datetime) -> None:
    """Nothing of it can be made now; whoever mends that starts it again."""
    with together():
        values = {"problem": problem[:500]}
        if enrolment_jobs.change(
            row.id,
            come_from=EnrolmentJobState.RUNNING,
            to=EnrolmentJobState.STOPPED,
            **values,
        ):
            _note(row.id, Action.ENROLMENTS_STOPPED, by=row.created_by, at=at)


def _end(row: EnrolmentJobRow, *, at: datetime) -> None:
    with together():
        if enrolment_jobs.change(
            row.id, come_from=EnrolmentJobState.RUNNING, to=EnrolmentJobState.DONE, ended_at=at
        ):
            _note(row.id, Action.ENROLMENTS_ENDED, by=row.created_by, at=at)


def _note(id_: int, action: Action, *, by: str, at: datetime) -> None:
    """Figures only; each certificate has its own entry."""
    job = get(id_)
    detail = {
        "job": id_,
        "total": job.row.total,
        "issued": job.figures.issued,
        "failed": job.figures.failed,
    }
    journal.write(at=at, actor=by, action=action, about=job.row.authority, detail=detail)
