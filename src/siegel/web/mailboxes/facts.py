"""What the page says about a mailbox and about a trial, in words."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from siegel.flows.mailbox_trying import Purpose, Trial
from siegel.policy.mail_problems import problem_named
from siegel.store.mailbox_rows import MailboxKind, MailboxRow
from siegel.wording.mail_problems import problem_words, stage_name
from siegel.wording.words import Language, Words


@dataclass(frozen=True, slots=True, kw_only=True)
class StepShown:
    """``state`` of its mark; ``said`` for those who see no colours."""

    name: str
    state: str
    icon: str
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialShown:
    title: str
    server: str
    steps: tuple[StepShown, ...]
    words: Words | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How fetching goes. ``words``: of the problem, if there is one."""

    state: str
    icon: str
    title: str
    words: Words | None
    since: datetime | None
    synced_at: datetime | None


def shown(trial: Trial, server: str, language: Language) -> TrialShown:
    fetching = trial.purpose is Purpose.FETCHING
    return TrialShown(
        title=_("Fetching mail") if fetching else _("Sending mail"),
        server=server,
        steps=tuple(
            StepShown(name=stage_name(step.stage, language), **_look(step.passed))
            for step in trial.steps
        ),
        words=None if trial.problem is None else problem_words(trial.problem, language),
    )


def standing(row: MailboxRow | None, language: Language) -> Standing | None:
    """None: nobody has said where the mail lies."""
    if row is None:
        return None
    problem = problem_named(row.problem)
    if problem is not None:
        words = problem_words(problem, language)
        state, icon, title = "is-bad", "warning", words.title
    else:
        words, (state, icon, title) = None, _well(row)
    return Standing(
        state=state, icon=icon, title=title, words=words,
        since=row.problem_since, synced_at=row.synced_at,
    )  # fmt: skip


def _well(row: MailboxRow) -> tuple[str, str, str]:
    if row.kind is MailboxKind.GATEWAY:
        return "is-good", "check", _("Mail is delivered here")
    if row.synced_at is None:
        return "is-open", "clock", _("Connected. The first mail comes in a moment.")
    return "is-good", "check", _("Mail is fetched and sent")


def _look(passed: bool | None) -> dict[str, str]:
    if passed is None:
        return {"state": "is-open", "icon": "clock", "said": _("not tried")}
    if passed:
        return {"state": "is-good", "icon": "check", "said": _("worked")}
    return {"state": "is-bad", "icon": "close", "said": _("did not work")}
