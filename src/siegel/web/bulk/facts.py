"""Jobs of mail to many as the pages show them."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from siegel.flows.bulk import BulkState, Job, Text
from siegel.flows.bulk_list import LeftOut
from siegel.flows.bulk_sending import PROTECTION_LOST
from siegel.store.bulk_rows import BulkItemRow
from siegel.wording.delivery_answers import answer_words
from siegel.wording.outbox_letters import reason_lines
from siegel.wording.words import Language

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what spreadsheets take for a formula at the beginning


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    job: Job
    address: str
    state: str
    icon: str
    tag: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Omitted:
    """Lines of the list that get nothing, for one reason."""

    title: str
    count: int
    lines: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreached:
    address: str
    title: str
    sentence: str
    answer: str


def line_of(job: Job) -> Line:
    state, icon, tag = look_of(job)
    return Line(
        job=job,
        address=reverse("bulk:show", args=[job.row.id]),
        state=state,
        icon=icon,
        tag=tag,
    )


def look_of(job: Job) -> tuple[str, str, str]:
    if job.row.state is BulkState.RUNNING:
        return "is-open", "send", _("Being sent")
    if job.row.state is BulkState.DONE:
        failed = job.figures.failed
        return ("is-warn", "warning", _("Done, not to all")) if failed else (
            "is-open", "check", _("Done")
        )  # fmt: skip
    if job.row.problem:
        return "is-warn", "warning", _("Stopped by itself")
    if job.row.started_at is None:
        return "is-todo", "draft", _("Not started")
    return "is-open", "clock", _("Stopped")


def problem_of(job: Job) -> str:
    if not job.row.problem:
        return ""
    if job.row.problem == PROTECTION_LOST:
        return _(
            "Your certificate does not sign any more, and unsigned nothing leaves. Renew it under "
            "“Certificates”, then go on."
        )
    return _("The mail server was not reached for days. Ask who looks after it, then go on.")


def omissions(text: Text) -> tuple[Omitted, ...]:
    titles = {
        LeftOut.BAD_ADDRESS: _("No e-mail address"),
        LeftOut.NO_ADDRESS: _("Address missing"),
        LeftOut.DUPLICATE: _("Twice in the list, gets one message"),
        LeftOut.TOO_LONG: _("A cell is too long"),
    }
    return tuple(
        Omitted(
            title=title,
            count=text.counts.get(why, 0),
            lines=tuple((line, shown) for line, each, shown in text.left_out if each == why),
        )
        for why, title in titles.items()
        if text.counts.get(why, 0)
    )


def unreached(items: Iterable[BulkItemRow], language: Language) -> tuple[Unreached, ...]:
    return tuple(_unreached(each, language) for each in items)


def report(job: Job, items: Iterable[BulkItemRow], language: Language) -> Iterator[bytes]:
    """CSV as spreadsheets of this house read it, line by line; no cell is a formula."""
    yield "\ufeff".encode()
    yield _csv([_("Number"), _("Address"), _("State"), _("When"), _("Answer")])
    words = {"sent": _("sent"), "failed": _("not delivered")}
    for each in items:
        when = each.done_at.strftime("%Y-%m-%d %H:%M") if each.done_at else ""
        why = _unreached(each, language) if each.state == "failed" else None
        answer = f"{why.sentence} {each.answer}" if why else ""
        state = words.get(each.state, _("waits"))
        yield _csv([str(each.number), each.address, state, when, answer])
    del job


def _unreached(each: BulkItemRow, language: Language) -> Unreached:
    """Refused by us for its reasons, or by the other server in its words."""
    ours = tuple(reason_lines(each.answer.split(","), language))
    if ours:
        return Unreached(
            address=each.address, title=_("Not sent by rule"), sentence=" ".join(ours), answer=""
        )
    words = answer_words(each.answer, language)
    return Unreached(
        address=each.address, title=words.title, sentence=words.sentence, answer=each.answer
    )


def _csv(cells: list[str]) -> bytes:
    line = io.StringIO()
    safe = [f"'{cell}" if cell.startswith(FORMULA) else cell for cell in cells]
    csv.writer(line, delimiter=";").writerow(safe)
    return line.getvalue().encode()
