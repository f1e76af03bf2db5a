"""Checklists of other authorities. The number of queries does not depend on that of the rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max, QuerySet

from siegel.base.address import EmailAddress
from siegel.base.errors import NotFound
from siegel.policy.checklists import Counterpart, Done, StepKind
from siegel.store.checklist_rows import ChecklistRow, StepRow
from siegel.store.models import AuthorityChecklist, Certificate, ChecklistStep, MailAccount
from siegel.store.models.checklist import TEXT, TITLE
from siegel.store.text import clean


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A step as it begins."""

    kind: StepKind
    follows_certificate: bool
    title: str = ""
    text: str = ""


def add(
    counterpart: Counterpart,
    title: str,
    account: EmailAddress,
    page: str,
    steps: Iterable[Written],
    *,
    by: str,
    at: datetime,
) -> int:
    """Raises ``NotFound`` for an account that is not here."""
    with transaction.atomic():
        owner = MailAccount.objects.filter(address=str(account)).first()
        if owner is None:
            raise NotFound(f"no account {account}")
        row = AuthorityChecklist.objects.create(
            counterpart=counterpart,
            title=clean(title, TITLE),
            account=owner,
            page=clean(page, TEXT),
            made_at=at,
            made_by=clean(by, 400),
        )
        for place, step in enumerate(steps):
            _put(row.pk, place, step)
    return row.pk


def all_rows() -> tuple[ChecklistRow, ...]:
    """By title; three queries."""
    return _rows(AuthorityChecklist.objects.order_by("title", "id"))


def get(id_: int) -> ChecklistRow:
    found = _rows(AuthorityChecklist.objects.filter(pk=id_))
    if not found:
        raise NotFound(f"no checklist {id_}")
    return found[0]


def note(id_: int, text: str) -> None:
    if not AuthorityChecklist.objects.filter(pk=id_).update(note=clean(text, TEXT)):
        raise NotFound(f"no checklist {id_}")


def remove(id_: int) -> None:
    if not AuthorityChecklist.objects.filter(pk=id_).delete()[0]:
        raise NotFound(f"no checklist {id_}")


def add_step(id_: int, step: Written) -> None:
    """At the end."""
    with transaction.atomic():
        if not AuthorityChecklist.objects.select_for_update().filter(pk=id_).exists():
            raise NotFound(f"no checklist {id_}")
        last = ChecklistStep.objects.filter(checklist=id_).aggregate(last=Max("position"))["last"]
        _put(id_, 0 if last is None else last + 1, step)


def remove_step(id_: int, step: int) -> None:
    """Only a step that people wrote; those of a preset stay."""
    mine = ChecklistStep.objects.filter(pk=step, checklist=id_, kind=StepKind.OWN)
    if not mine.delete()[0]:
        raise NotFound(f"no step {step} of {id_}")


def done(id_: int, step: int, *, fingerprint: str, note: str, by: str, at: datetime | None) -> None:
    """``at`` None: it is open again."""
    changed = ChecklistStep.objects.filter(pk=step, checklist=id_).update(
        done_at=at, done_by=clean(by, 400), fingerprint=fingerprint, note=clean(note, TEXT)
    )
    if not changed:
        raise NotFound(f"no step {step} of {id_}")


def _put(id_: int, place: int, step: Written) -> None:
    ChecklistStep.objects.create(
        checklist_id=id_,
        position=place,
        kind=step.kind,
        title=clean(step.title, TITLE),
        text=clean(step.text, TEXT),
        follows_certificate=step.follows_certificate,
    )


def _rows(found: "QuerySet[AuthorityChecklist]") -> tuple[ChecklistRow, ...]:
    rows = list(found.select_related("account").prefetch_related("steps"))
    prints = {step.fingerprint for row in rows for step in row.steps.all() if step.fingerprint}
    held = Certificate.objects.filter(fingerprint__in=prints)
    ends = dict(held.values_list("fingerprint", "not_after")) if prints else {}
    return tuple(
        ChecklistRow(
            id=row.pk,
            counterpart=Counterpart(row.counterpart),
            title=row.title,
            account=EmailAddress.parse(row.account.address),
            page=row.page,
            note=row.note,
            made_at=row.made_at,
            made_by=row.made_by,
            steps=tuple(
                _step(step, ends.get(step.fingerprint))
                for step in sorted(row.steps.all(), key=lambda step: step.position)
            ),
        )
        for row in rows
    )


def _step(step: ChecklistStep, ends_at: datetime | None) -> StepRow:
    done = None
    if step.done_at is not None:
        done = Done(at=step.done_at, by=step.done_by, fingerprint=step.fingerprint, ends_at=ends_at)
    return StepRow(
        id=step.pk,
        kind=StepKind(step.kind),
        title=step.title,
        text=step.text,
        follows_certificate=step.follows_certificate,
        done=done,
        note=step.note,
    )
