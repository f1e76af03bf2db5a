"""Work on the lists of people that run: each line is finished before the next is begun."""

from collections.abc import Iterator
from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.base.errors import SiegelError
from siegel.ca.names import PersonName
from siegel.ca.profiles import KeyUse, LeafProfile
from siegel.flows import enrolling_many, issuers
from siegel.flows.bulk_enrolment import Outcome, Result, enrol_line
from siegel.flows.issuing import Order, Workshop
from siegel.flows.staff_list import StaffLine, StaffMember
from siegel.pki.key_generation import KeyChoice
from siegel.policy.actions import Action
from siegel.policy.enrolling import LineFault
from siegel.store.authority_rows import AuthorityRow
from siegel.store.enrolment_rows import (
    EnrolmentJobRow,
    EnrolmentJobState,
    EnrolmentLineRow,
    EnrolmentLineState,
)
from siegel.store.queries import enrolment_jobs, enrolments
from siegel.store.transaction import together


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
            enrolling_many.note(row.id, Action.ENROLMENTS_STOPPED, by=row.created_by, at=at)


def _end(row: EnrolmentJobRow, *, at: datetime) -> None:
    with together():
        if enrolment_jobs.change(
            row.id, come_from=EnrolmentJobState.RUNNING, to=EnrolmentJobState.DONE, ended_at=at
        ):
            enrolling_many.note(row.id, Action.ENROLMENTS_ENDED, by=row.created_by, at=at)
