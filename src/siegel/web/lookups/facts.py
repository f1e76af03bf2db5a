"""What the pages say about a directory, a trial and an answer, in words."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from siegel.flows.looking_up import Found
from siegel.flows.lookup_sources import Trial
from siegel.policy.lookups import CERTAIN, Answer, DirectoryProblem
from siegel.store.lookup_rows import DirectoryRow, StoreRow
from siegel.wording.lookups import answer_words, problem_words, stage_name
from siegel.wording.words import Language, Words

_KINDS = {"ldap": "LDAP", "http": "HTTP", "dns": "DNS"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A directory in the list. ``about``: where it lies; ``words``: of its problem."""

    name: str
    about: str
    address: str
    domains: tuple[str, ...]
    state: str
    icon: str
    said: str
    words: Words | None
    since: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepShown:
    name: str
    state: str
    icon: str
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialShown:
    steps: tuple[StepShown, ...]
    words: Words | None
    result: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidShown:
    source: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundShown:
    """One address. ``said``: by which directory what, when more than one was asked."""

    address: str
    state: str
    icon: str
    words: Words
    source: str
    said: tuple[SaidShown, ...]
    waits: bool


def line_of_ldap(row: DirectoryRow, language: Language) -> Line:
    kept = row.settings
    return _line(
        name=kept.name,
        about=f"{kept.host}:{kept.port}",
        address=reverse("lookups:edit", args=[row.id]),
        domains=kept.domains,
        active=kept.active,
        code=row.problem,
        since=row.problem_at,
        language=language,
    )


def line_of_store(row: StoreRow, language: Language) -> Line:
    return _line(
        name=row.name,
        about=row.url,
        address=reverse("lookups:edit_store", args=[row.id]),
        domains=row.domains,
        active=row.active,
        code=row.problem,
        since=row.problem_at,
        language=language,
    )


def _line(
    *,
    name: str,
    about: str,
    address: str,
    domains: tuple[str, ...],
    active: bool,
    code: str,
    since: datetime | None,
    language: Language,
) -> Line:
    problem = problem_of(code)
    state, icon, said = _standing(active, problem)
    return Line(
        name=name,
        about=about,
        address=address,
        domains=domains,
        state=state,
        icon=icon,
        said=said,
        words=problem_words(problem, language) if active and problem is not None else None,
        since=since,
    )


def trial_shown(trial: Trial, language: Language) -> TrialShown:
    return TrialShown(
        steps=tuple(
            StepShown(name=stage_name(step.stage, language), **_passed(step.passed))
            for step in trial.steps
        ),
        words=None if trial.problem is None else problem_words(trial.problem, language),
        result="" if trial.problem is not None else _result(trial),
    )


def found_shown(found: Found, language: Language) -> FoundShown:
    state, icon = _mark(found.answer)
    return FoundShown(
        address=str(found.address),
        state=state,
        icon=icon,
        words=answer_words(found.answer, language),
        source=found.source if found.answer is not Answer.NOT_FOUND else "",
        said=tuple(
            SaidShown(
                source=one.name or _KINDS[one.kind],
                title=answer_words(one.answer, language).title,
            )
            for one in found.said
        ),
        waits=found.answer is Answer.WAITS,
    )


def _mark(answer: Answer) -> tuple[str, str]:
    if answer in CERTAIN:
        return "is-good", "check"
    if answer is Answer.WAITS:
        return "is-todo", "person-check"
    if answer is Answer.FORGED:
        return "is-bad", "warning"
    return ("is-open", "search") if answer is Answer.NOT_FOUND else ("is-warn", "warning")


def _standing(active: bool, problem: DirectoryProblem | None) -> tuple[str, str, str]:
    if not active:
        return "is-open", "clock", _("switched off")
    if problem is not None:
        return "is-bad", "warning", _("does not answer")
    return "is-good", "check", _("is asked")


def _result(trial: Trial) -> str:
    if trial.certificates:
        return _("It answers, and it has a certificate for this address.")
    if trial.entries:
        return _("It answers and knows this address, but it shows no certificate for it.")
    return _("It answers. For this address it has nothing.")


def _passed(passed: bool | None) -> dict[str, str]:
    if passed is None:
        return {"state": "is-open", "icon": "clock", "said": _("not tried")}
    if passed:
        return {"state": "is-good", "icon": "check", "said": _("worked")}
    return {"state": "is-bad", "icon": "close", "said": _("did not work")}


def problem_of(code: str) -> DirectoryProblem | None:
    """The one that a directory was kept with; of another version: it said no."""
    if not code:
        return None
    try:
        return DirectoryProblem(code)
    except ValueError:
        return DirectoryProblem.SAID_NO
