"""Rows of certificates for many as they leave the store: frozen facts, no models."""

from dataclasses import dataclass
from datetime import datetime

from siegel.store.models.enrolment_job import EnrolmentJobState as EnrolmentJobState
from siegel.store.models.enrolment_job import EnrolmentLineState as EnrolmentLineState


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolmentJobRow:
    """``authority``: its name."""

    id: int
    authority: str
    key: str
    second_key: str
    days: int
    create_accounts: bool
    state: EnrolmentJobState
    total: int
    problem: str
    created_by: str
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEnrolmentLine:
    """``why`` not empty: it cannot be read, and is finished from the beginning."""

    number: int
    address: str = ""
    given_name: str = ""
    surname: str = ""
    name: str = ""
    shared: bool = False
    why: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolmentLineRow:
    id: int
    number: int
    address: str
    given_name: str
    surname: str
    name: str
    shared: bool
    state: EnrolmentLineState
    why: str
    detail: str
    done_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolmentFigures:
    """How many lines stand where."""

    waiting: int = 0
    issued: int = 0
    there: int = 0
    failed: int = 0

    @property
    def done(self) -> int:
        return self.issued + self.there + self.failed
