"""What Siegel thought of a message, and when. A later judgement never overwrites an earlier one."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db.models import TextField
from django.db.models.functions import Cast

from siegel.base.errors import NotFound
from siegel.store.append_only import AppendOnlyQuerySet
from siegel.store.models import Judgement, StoredMessage
from siegel.store.rows import JudgementRow
from siegel.store.text import Json, clean_json
from siegel.store.transaction import conflicting


def add(
    message_sha256: str,
    *,
    summary: str,
    at: datetime,
    reasons: Iterable[str] = (),
    findings: Iterable[str] = (),
    verdicts: Mapping[str, Json] | None = None,
) -> int:
    """A judgement that takes the place of the latest one; its number."""
    message = StoredMessage.objects.filter(sha256=message_sha256).first()
    if message is None:
        raise NotFound(f"no stored message {message_sha256}")
    with conflicting("the message is being judged by another process"):
        row = Judgement.objects.create(
            message=message,
            summary=summary,
            reasons=clean_json(list(reasons)),
            findings=clean_json(list(findings)),
            verdicts=clean_json(verdicts or {}),
            at=at,
            supersedes=Judgement.objects.filter(message=message, superseded_by=None).first(),
        )
    return row.pk


def latest(message_sha256: str) -> JudgementRow | None:
    asked = Judgement.objects.filter(message__sha256=message_sha256, superseded_by=None)
    return next(iter(_rows(asked)), None)


def history(message_sha256: str) -> tuple[JudgementRow, ...]:
    return _rows(Judgement.objects.filter(message__sha256=message_sha256).order_by("-id"))


def with_finding(addresses: Iterable[str], finding: str) -> tuple[str, ...]:
    """Messages to any of the addresses that ever had the finding: their hashes, oldest first."""
    found = (
        Judgement.objects.annotate(found=Cast("findings", TextField()))
        .filter(found__contains=f'"{finding}"', message__recipients__address__in=list(addresses))
        .order_by("message__received_at", "message_id")
        .values_list("message__sha256", flat=True)
    )
    return tuple(dict.fromkeys(found))


def _rows(asked: AppendOnlyQuerySet[Judgement]) -> tuple[JudgementRow, ...]:
    return tuple(
        JudgementRow(
            id=row.pk,
            message_sha256=row.message.sha256,
            summary=row.summary,
            reasons=tuple(row.reasons),
            findings=tuple(row.findings),
            verdicts=row.verdicts,
            at=row.at,
            supersedes=row.supersedes_id,
        )
        for row in asked.select_related("message")
    )
