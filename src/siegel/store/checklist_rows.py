"""Checklists as they leave the store."""

from dataclasses import dataclass
from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.policy.checklists import Counterpart, Done, StepKind


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRow:
    """``title`` and ``text`` "" for steps of a preset: their words are not in the store."""

    id: int
    kind: StepKind
    title: str
    text: str
    follows_certificate: bool
    done: Done | None
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecklistRow:
    id: int
    counterpart: Counterpart
    title: str
    account: EmailAddress
    page: str
    note: str
    made_at: datetime
    made_by: str
    steps: tuple[StepRow, ...]
