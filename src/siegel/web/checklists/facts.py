"""Checklists as the pages show them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from siegel.flows.checklists import ChecklistState, StepState
from siegel.policy.checklists import Counterpart, Progress, StepKind
from siegel.wording.checklists import COUNTERPARTS, PAGES, PROGRESS, STEPS
from siegel.wording.words import Language

LOOKS: Mapping[Progress, tuple[str, str]] = {
    Progress.OPEN: ("is-todo", "assigned"),
    Progress.AGAIN: ("is-warn", "warning"),
    Progress.SOON: ("is-warn", "clock"),
    Progress.DONE: ("is-good", "check"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """Where the step is done: a page of Siegel, or a file. ``is_file``: it is loaded."""

    title: str
    address: str
    is_file: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One list on the page of all."""

    number: int
    title: str
    account: str
    state: str
    icon: str
    words: str
    count: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLine:
    """``certificate``: the page of what it was done with, "" = without one or not here any more."""

    id: int
    title: str
    text: str
    state: str
    icon: str
    words: str
    why: str
    is_done: bool
    is_settled: bool
    is_own: bool
    follows: bool
    done_at: datetime | None
    done_by: str
    note: str
    fingerprint: str
    certificate: str
    ways: tuple[Way, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    number: int
    title: str
    account: str
    about: str
    unsure: str
    page: str
    current: str
    current_until: datetime | None
    steps: tuple[StepLine, ...]


def line_of(state: ChecklistState, language: Language) -> Line:
    look, icon = LOOKS[state.progress]
    return Line(
        number=state.row.id,
        title=state.row.title,
        account=str(state.row.account),
        state=look,
        icon=icon,
        words=PROGRESS[language][state.progress].title,
        count=_("%(done)d of %(all)d done") % {"done": state.done, "all": len(state.steps)},
    )


def shown(state: ChecklistState, language: Language) -> Shown:
    row = state.row
    words = COUNTERPARTS[language][row.counterpart]
    current = state.current
    return Shown(
        number=row.id,
        title=row.title,
        account=str(row.account),
        about=words.sentence,
        unsure=words.next_step,
        page=row.page or PAGES[row.counterpart],
        current=reverse("certificates:one", args=[current.fingerprint]) if current else "",
        current_until=current.not_after if current else None,
        steps=tuple(_step(step, state, language) for step in state.steps),
    )


def _step(step: StepState, state: ChecklistState, language: Language) -> StepLine:
    row, done = step.row, step.row.done
    look, icon = LOOKS[step.progress]
    preset, told = STEPS[language][row.kind], PROGRESS[language][step.progress]
    here = done is not None and bool(done.fingerprint) and done.ends_at is not None
    return StepLine(
        id=row.id,
        title=row.title or preset.title,
        text=row.text or ("" if row.kind is StepKind.OWN else preset.sentence),
        state=look,
        icon=icon,
        words=told.title,
        why=told.sentence if step.progress in (Progress.AGAIN, Progress.SOON) else "",
        is_done=done is not None,
        is_settled=step.progress is Progress.DONE,
        is_own=row.kind is StepKind.OWN,
        follows=row.follows_certificate,
        done_at=done.at if done else None,
        done_by=done.by.removeprefix("user:") if done else "",
        note=row.note,
        fingerprint=done.fingerprint if done else "",
        certificate=reverse("certificates:one", args=[done.fingerprint]) if done and here else "",
        ways=tuple(_ways(row.kind, row.follows_certificate, state)),
    )


def _ways(kind: StepKind, follows: bool, state: ChecklistState) -> list[Way]:
    if kind is StepKind.IMPORT_ROOT:
        return [
            *_page(_("Import a root"), "trust:import"),
            *_page(_("Catalogue of roots"), "trust:catalogue"),
        ]
    if kind is StepKind.COMPARE_ROOT:
        return _page(_("See our roots"), "trust:overview")
    if kind is StepKind.LDAP_ACCESS:
        return _page(_("Directories"), "lookups:list")
    if kind is StepKind.TEST_MAIL:
        return _page(_("Write a message"), "compose:new")
    if follows and state.current is not None:
        arguments = {"fingerprint": state.current.fingerprint, "format": "der"}
        file = reverse("certificates:export", kwargs=arguments)
        return [Way(title=_("Load our certificate (.cer)"), address=file, is_file=True)]
    return []


def _page(title: str, view: str) -> list[Way]:
    """Nothing where that part is not installed."""
    try:
        return [Way(title=title, address=reverse(view))]
    except NoReverseMatch:
        return []


def about_presets(language: Language) -> Mapping[Counterpart, str]:
    return {each: COUNTERPARTS[language][each].sentence for each in Counterpart}
