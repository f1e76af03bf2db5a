"""Tell administrators when a check turns, once, and when it is good again.

A worse state is told when it has lasted a whole round: a restart is no alarm. What could not be
sent is tried again every hour, and stands in the journal.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from siegel.flows.notices import send_notice
from siegel.flows.site import Site
from siegel.policy.actions import Action
from siegel.policy.health import Check, Checked, State
from siegel.store.queries import journal, operation, users
from siegel.store.rows import AlarmRow
from siegel.wording.health import NAMES, STATES, said_of_check
from siegel.wording.words import Language

HELD_FOR = timedelta(minutes=5)  # shorter than a round of the worker: the second look counts
TRY_AGAIN = timedelta(hours=1)
ACTOR = "system:worker"

_TEXTS = {
    Language.DE: {
        "alarm": "Siegel: {names} – bitte ansehen",
        "good": "Siegel: {names} – wieder gut",
        "now": "Jetzt: {state}",
        "step": "Nächster Schritt: {step}",
        "good_again": "{name}: wieder gut.",
        "end": "Diese Nachricht kommt einmal je Änderung. Alle Prüfungen stehen auf der Seite "
        "„Zustand“.",
    },
    Language.EN: {
        "alarm": "Siegel: {names} – please look",
        "good": "Siegel: {names} – good again",
        "now": "Now: {state}",
        "step": "Next step: {step}",
        "good_again": "{name}: good again.",
        "end": "This message comes once for each change. All checks are on the page “Health”.",
    },
}


def watch(checks: Iterable[Checked], site: Site, *, at: datetime) -> tuple[Check, ...]:
    """Compare with what was seen and told before; which checks people were told about now."""
    known = operation.alarms()
    due: list[tuple[Checked, AlarmRow]] = []
    for checked in checks:
        if checked.state is State.UNKNOWN:
            continue
        row = _seen(checked, known.get(checked.check.value), at)
        operation.put_alarm(row)
        if _is_due(row, at):
            due.append((checked, row))
    if not due:
        return ()
    was_told = _tell([checked for checked, _ in due], site, at)
    for checked, row in due:
        operation.put_alarm(replace(row, told=row.state if was_told else row.told, tried_at=at))
        if was_told:
            _note(checked, at)
    return tuple(checked.check for checked, _ in due) if was_told else ()


def _seen(checked: Checked, before: AlarmRow | None, at: datetime) -> AlarmRow:
    """What nobody was ever told of counts as good: so the first alarm is told, too."""
    name, state = checked.check.value, checked.state.value
    if before is None:
        return AlarmRow(check=name, state=state, since=at, told=State.OK.value, tried_at=None)
    if before.state == state:
        return before
    return replace(before, state=state, since=at, tried_at=None)


def _is_due(row: AlarmRow, at: datetime) -> bool:
    if row.state == row.told or (row.tried_at is not None and at - row.tried_at < TRY_AGAIN):
        return False
    return row.state == State.OK.value or at - row.since >= HELD_FOR


def _tell(checks: list[Checked], site: Site, at: datetime) -> bool:
    """True if one administrator at least has got it."""
    subject, text = _worded(checks, site.language)
    sent = [send_notice(site, email, subject, text, at=at) for email in users.administrators(at=at)]
    return any(sent)


def _worded(checks: list[Checked], language: Language) -> tuple[str, str]:
    texts = _TEXTS[language]
    worse = [checked for checked in checks if checked.state is not State.OK]
    named = ", ".join(NAMES[language][checked.check] for checked in worse or checks)
    subject = texts["alarm" if worse else "good"].format(names=named)
    parts = ["\n".join(_lines(checked, language)) for checked in (*worse, *_good(checks))]
    return subject, "\n\n".join([*parts, texts["end"]])


def _good(checks: list[Checked]) -> list[Checked]:
    return [checked for checked in checks if checked.state is State.OK]


def _lines(checked: Checked, language: Language) -> list[str]:
    texts, said = _TEXTS[language], said_of_check(checked, language)
    if checked.state is State.OK:
        return [texts["good_again"].format(name=said.title), said.sentence]
    state = texts["now"].format(state=STATES[language][checked.state])
    step = [texts["step"].format(step=said.next_step)] if said.next_step else []
    return [said.title, state, said.sentence, *step]


def _note(checked: Checked, at: datetime) -> None:
    good = checked.state is State.OK
    journal.write(
        at=at,
        actor=ACTOR,
        action=Action.HEALTH_GOOD_AGAIN if good else Action.HEALTH_ALARM,
        about=checked.check.value,
        detail={"state": checked.state.value},
    )
