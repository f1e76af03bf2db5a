"""What has to be done at other authorities: lists that remember, and that fall due again.

Which certificate partners should have today is asked anew each time, so nothing has to be told
when a certificate is renewed: the steps that gave the old one away are due by themselves.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.base.errors import Conflict, LimitExceeded, NotFound
from siegel.flows.own_certificates import to_give
from siegel.policy.actions import Action
from siegel.policy.checklists import FOLLOWS_CERTIFICATE, PRESETS, Counterpart, Progress, StepKind
from siegel.policy.checklists import progress as judge
from siegel.store.checklist_rows import ChecklistRow, StepRow
from siegel.store.queries import accounts, checklists, journal
from siegel.store.queries.checklists import Written
from siegel.store.rows import CertificateRow
from siegel.store.transaction import together

MOST_LISTS = 200  # a list for each authority and account; nobody looks after more
MOST_STEPS = 40  # of one list


class NothingToGive(Conflict):
    """A step hands our certificate out, and none can be used today."""

    code = "nothing_to_give"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepState:
    row: StepRow
    progress: Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecklistState:
    """``current``: the certificate that the authority should have today."""

    row: ChecklistRow
    steps: tuple[StepState, ...]
    current: CertificateRow | None

    @property
    def progress(self) -> Progress:
        """The most urgent of its steps."""
        found = {step.progress for step in self.steps}
        return next((each for each in URGENT_FIRST if each in found), Progress.DONE)

    @property
    def done(self) -> int:
        return sum(step.progress in (Progress.DONE, Progress.SOON) for step in self.steps)


URGENT_FIRST = (Progress.AGAIN, Progress.SOON, Progress.OPEN, Progress.DONE)


@dataclass(frozen=True, slots=True, kw_only=True)
class DueStep:
    """A step that has to be done again: now, or by ``by_day``, when its certificate ends."""

    checklist: ChecklistRow
    step: StepRow
    progress: Progress
    by_day: datetime


def listing(at: datetime) -> tuple[ChecklistState, ...]:
    """The most urgent first; a fixed number of queries."""
    states = _states(checklists.all_rows(), at)
    return tuple(sorted(states, key=lambda each: URGENT_FIRST.index(each.progress)))


def one(id_: int, at: datetime) -> ChecklistState:
    """Raises ``NotFound``."""
    return _states([checklists.get(id_)], at)[0]


def due(at: datetime) -> tuple[DueStep, ...]:
    """Every step that is due again now, or will be when its certificate ends soon."""
    return tuple(_due(_states(checklists.all_rows(), at), at))


def accounts_to_choose() -> tuple[EmailAddress, ...]:
    """Accounts in use; a list belongs to one."""
    return tuple(row.address for row in accounts.list_all() if row.active)


def make(
    counterpart: Counterpart,
    title: str,
    account: EmailAddress,
    page: str,
    *,
    by: str,
    at: datetime,
) -> int:
    """A list with the steps of its preset. Raises ``NotFound`` (account) and ``LimitExceeded``."""
    if len(checklists.all_rows()) >= MOST_LISTS:
        raise LimitExceeded(f"at most {MOST_LISTS} checklists")
    steps = [
        Written(kind=kind, follows_certificate=kind in FOLLOWS_CERTIFICATE)
        for kind in PRESETS[counterpart]
    ]
    with together():
        number = checklists.add(counterpart, title, account, page, steps, by=by, at=at)
        detail = {"counterpart": counterpart.value, "account": str(account)}
        journal.write(at=at, actor=by, action=Action.CHECKLIST_MADE, about=title, detail=detail)
    return number


def remove(id_: int, *, by: str, at: datetime) -> str:
    with together():
        row = checklists.get(id_)
        checklists.remove(id_)
        journal.write(at=at, actor=by, action=Action.CHECKLIST_REMOVED, about=row.title)
    return row.title


def add_step(
    id_: int, title: str, text: str, *, follows_certificate: bool, by: str, at: datetime
) -> None:
    """Raises ``LimitExceeded``."""
    step = Written(
        kind=StepKind.OWN, follows_certificate=follows_certificate, title=title, text=text
    )
    with together():
        row = checklists.get(id_)
        if len(row.steps) >= MOST_STEPS:
            raise LimitExceeded(f"at most {MOST_STEPS} steps")
        checklists.add_step(id_, step)
        _note(Action.CHECKLIST_CHANGED, row, {"added": title}, by, at)


def remove_step(id_: int, step: int, *, by: str, at: datetime) -> None:
    with together():
        row = checklists.get(id_)
        checklists.remove_step(id_, step)
        _note(Action.CHECKLIST_CHANGED, row, {"removed": _named(row, step)}, by, at)


def mark_done(id_: int, step: int, note: str, *, by: str, at: datetime) -> None:
    """Done with the certificate of today, if the step gives one away. Raises ``NotFound``, and
    ``NothingToGive`` when there is none."""
    with together():
        state = one(id_, at)
        row = next((each.row for each in state.steps if each.row.id == step), None)
        if row is None:
            raise NotFound(f"no step {step} of {id_}")
        used = _given_away(row, state)
        checklists.done(id_, step, fingerprint=used, note=note, by=by, at=at)
        detail = {"step": _named(state.row, step), "certificate": used, "note": note}
        _note(Action.CHECKLIST_STEP_DONE, state.row, detail, by, at)


def _given_away(row: StepRow, state: ChecklistState) -> str:
    if not row.follows_certificate:
        return ""
    if state.current is None:
        raise NothingToGive("there is no certificate that partners could use today")
    return state.current.fingerprint


def reopen(id_: int, step: int, *, by: str, at: datetime) -> None:
    with together():
        row = checklists.get(id_)
        checklists.done(id_, step, fingerprint="", note="", by="", at=None)
        _note(Action.CHECKLIST_STEP_OPEN, row, {"step": _named(row, step)}, by, at)


def _states(rows: Iterable[ChecklistRow], at: datetime) -> tuple[ChecklistState, ...]:
    shown = tuple(rows)
    current = to_give((row.account for row in shown), at)
    return tuple(_state(row, current.get(row.account), at) for row in shown)


def _state(row: ChecklistRow, current: CertificateRow | None, at: datetime) -> ChecklistState:
    mark = current.fingerprint if current is not None else None
    return ChecklistState(
        row=row,
        current=current,
        steps=tuple(
            StepState(
                row=step,
                progress=judge(
                    step.done, follows_certificate=step.follows_certificate, current=mark, at=at
                ),
            )
            for step in row.steps
        ),
    )


def _due(states: Iterable[ChecklistState], at: datetime) -> Iterator[DueStep]:
    for state in states:
        for step in state.steps:
            if step.progress not in (Progress.AGAIN, Progress.SOON):
                continue
            ends_at = step.row.done.ends_at if step.row.done is not None else None
            by_day = ends_at if step.progress is Progress.SOON and ends_at is not None else at
            yield DueStep(checklist=state.row, step=step.row, progress=step.progress, by_day=by_day)


def _named(row: ChecklistRow, step: int) -> str:
    found = next((each for each in row.steps if each.id == step), None)
    return "" if found is None else found.title or found.kind.value


def _note(
    action: Action, row: ChecklistRow, detail: Mapping[str, str], by: str, at: datetime
) -> None:
    journal.write(
        at=at,
        actor=by,
        action=action,
        about=row.title,
        recipients=[str(row.account)],
        detail=dict(detail),
    )
