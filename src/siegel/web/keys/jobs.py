"""Certificates for many, as the pages show them."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from siegel.flows.enrolling_many import Job
from siegel.policy.enrolling import LineFault
from siegel.store.enrolment_rows import EnrolmentJobState, EnrolmentLineRow, EnrolmentLineState
from siegel.wording.enrolling import said_of_line
from siegel.wording.words import Language

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what spreadsheets take for a formula at the beginning


@dataclass(frozen=True, slots=True, kw_only=True)
class JobLine:
    job: Job
    address: str
    state: str
    icon: str
    tag: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedLine:
    """``detail``: in English, for whoever looks after servers; only where the words do not say it
    all."""

    number: int
    address: str
    title: str
    sentence: str
    detail: str


def job_line(job: Job) -> JobLine:
    state, icon, tag = look_of(job)
    address = reverse("keys:job", args=[job.row.id])
    return JobLine(job=job, address=address, state=state, icon=icon, tag=tag)


def look_of(job: Job) -> tuple[str, str, str]:
    if job.row.state is EnrolmentJobState.RUNNING:
        return "is-todo", "key", _("Being made")
    if job.row.state is EnrolmentJobState.DONE:
        if job.figures.failed:
            return "is-warn", "warning", _("Done, not for all")
        return "is-good", "check", _("Done")
    if job.row.problem:
        return "is-warn", "warning", _("Stopped by itself")
    if job.row.started_at is None:
        return "is-todo", "draft", _("Not started")
    return "is-open", "clock", _("Stopped")


def failed_lines(rows: Iterable[EnrolmentLineRow], language: Language) -> list[FailedLine]:
    return [_failed(row, language) for row in rows]


def report(rows: Iterable[EnrolmentLineRow], language: Language) -> Iterator[bytes]:
    """CSV as spreadsheets of this house read it, line by line; no cell is a formula."""
    yield "\ufeff".encode()
    yield _csv([_("Line"), _("Address"), _("State"), _("Why"), _("Fingerprint or detail")])
    states = {
        EnrolmentLineState.WAITING: _("waits"),
        EnrolmentLineState.ISSUED: _("made"),
        EnrolmentLineState.THERE: _("had one before"),
        EnrolmentLineState.FAILED: _("not made"),
    }
    for row in rows:
        why = _failed(row, language).sentence if row.why else ""
        yield _csv([str(row.number), row.address, states[row.state], why, row.detail])


def _failed(row: EnrolmentLineRow, language: Language) -> FailedLine:
    fault = LineFault(row.why or LineFault.OTHER)
    said = said_of_line(fault, language)
    return FailedLine(
        number=row.number,
        address=row.address,
        title=said.title,
        sentence=said.sentence,
        detail=row.detail if fault is LineFault.OTHER else "",
    )


def _csv(cells: list[str]) -> bytes:
    line = io.StringIO()
    safe = [f"'{cell}" if cell.startswith(FORMULA) else cell for cell in cells]
    csv.writer(line, delimiter=";").writerow(safe)
    return line.getvalue().encode()
