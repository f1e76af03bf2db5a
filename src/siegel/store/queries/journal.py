"""The journal: written for people who ask later what happened, and why.

Callers put codes and addresses in, never bodies, subjects, passphrases or keys.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Count, Q, TextField
from django.db.models.functions import Cast

from siegel.store.models import JournalAddress, JournalEntry
from siegel.store.queries import operation
from siegel.store.rows import JournalRow
from siegel.store.text import Json, clean, clean_json

GONE: Final = "journal|"  # counters of what retention removed: "journal|outbound.sign"
_LOOKED_AT = 5000  # entries


def write(
    *,
    at: datetime,
    actor: str,
    action: str,
    about: str = "",
    message_id: str = "",
    recipients: Iterable[str] = (),
    reasons: Iterable[str] = (),
    detail: Mapping[str, Json] | None = None,
) -> int:
    """One entry; its number is the journal number that notices mention."""
    with transaction.atomic():
        entry = JournalEntry.objects.create(
            at=at,
            actor=clean(actor, 400),
            action=clean(action, 64),
            about=clean(about, 400),
            message_id=clean(message_id, 1000),
            reasons=clean_json(list(reasons)),
            detail=clean_json(detail or {}),
        )
        JournalAddress.objects.bulk_create(
            JournalAddress(entry=entry, address=clean(address, 400))
            for address in dict.fromkeys(recipients)
        )
    return entry.pk


def newest() -> int:
    """The number of the last entry; 0 while there is none."""
    return JournalEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def happened(actions: Iterable[str], *, after: int) -> bool:
    """Whether one of these was written after that entry; it looks at no older ones."""
    return JournalEntry.objects.filter(pk__gt=after, action__in=list(actions)).exists()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What somebody may read: entries of these actions, and of ``mail`` what these addresses sent
    (``sent``) or got (``received``)."""

    actions: tuple[str, ...]
    addresses: tuple[str, ...]
    sent: tuple[str, ...]
    received: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What entries are wanted; every part narrows. ``address`` is the sender, what the entry is
    about, or a recipient; ``fragment`` any part of these. ``actions``: one of these; ``reason``: a
    code of policy. ``sight`` None: everything may be seen."""

    number: int | None = None
    address: str | None = None
    fragment: str | None = None
    actions: tuple[str, ...] = ()
    actor: str | None = None
    message_id: str | None = None
    reason: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    sight: Sight | None = None


def read(
    *,
    number: int | None = None,
    address: str | None = None,
    action: str | None = None,
    actor: str | None = None,
    message_id: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    before: int | None = None,
    limit: int = 100,
) -> tuple[JournalRow, ...]:
    """The newest first; each filter narrows. ``address``: sender or recipient. ``before``: a
    number, to read on where the last page ended."""
    question = Question(
        number=number,
        address=address,
        actions=() if action is None else (action,),
        actor=actor,
        message_id=message_id,
        since=since,
        until=until,
    )
    return ask(question, before=before, limit=limit)


def ask(
    question: Question,
    *,
    before: int | None = None,
    after: int | None = None,
    limit: int = 100,
) -> tuple[JournalRow, ...]:
    """The newest first, two queries. ``before``: a number, to read on where the last page ended;
    ``after``: the page that comes before such a number."""
    asked = _plain(question)
    if before is not None:
        asked &= Q(pk__lt=before)
    if after is not None:
        asked &= Q(pk__gt=after)
    if question.sight is not None:
        asked &= _seen(question.sight)
    if question.address is not None:
        asked &= _about("", question.address)
    if question.fragment is not None:
        asked &= _about("__icontains", question.fragment)
    if question.reason is not None:
        asked &= Q(reasons_text__contains=f'"{question.reason}"')
    # JSON containment exists on PostgreSQL only; the reasons are codes of ours without quotes
    entries = JournalEntry.objects.alias(reasons_text=Cast("reasons", TextField()))
    order = "pk" if after is not None else "-pk"
    found = entries.filter(asked).prefetch_related("recipients").order_by(order)[:limit]
    rows = tuple(_row(entry) for entry in found)
    return rows[::-1] if after is not None else rows


def actors(*, limit: int = 200) -> tuple[str, ...]:
    """Who stands in the journal, for a list to choose from; looks at the newest entries only."""
    newest = JournalEntry.objects.order_by("-pk").values_list("actor", flat=True)[:_LOOKED_AT]
    return tuple(sorted(set(newest)))[:limit]


def totals() -> Mapping[str, int]:
    """How many entries of each action there are now."""
    counted = JournalEntry.objects.order_by().values("action").annotate(many=Count("pk"))
    return {row["action"]: row["many"] for row in counted}


def about(
    names: Iterable[str], actions: Iterable[str], *, limit: int = 100
) -> tuple[JournalRow, ...]:
    """What of these actions was done to one of these names, the newest first."""
    asked = JournalEntry.objects.filter(about__in=list(names), action__in=list(actions))
    entries = asked.prefetch_related("recipients")
    return tuple(_row(entry) for entry in entries.order_by("-pk")[:limit])


def expire(*, before: datetime) -> int:
    """Remove entries older than the retention time of the organisation; how many went. Their
    numbers by action are kept, so that counters of the monitoring never fall."""
    old = JournalEntry.objects.filter(at__lt=before)
    with transaction.atomic():
        counted = old.order_by().values("action").annotate(many=Count("pk"))
        gone = {row["action"]: row["many"] for row in counted}
        operation.count({f"{GONE}{action}": many for action, many in gone.items()})
        old.purge()
    return sum(gone.values())


def _plain(question: Question) -> Q:
    plain = {
        "pk": question.number, "actor": question.actor, "message_id": question.message_id,
        "at__gte": question.since, "at__lt": question.until,
        "action__in": question.actions or None,
    }  # fmt: skip
    return Q(**{name: value for name, value in plain.items() if value is not None})


def _seen(sight: Sight) -> Q:
    got = JournalAddress.objects.filter(address__in=sight.addresses).values("entry")
    return (
        Q(action__in=sight.actions)
        | Q(action__in=sight.sent, about__in=sight.addresses)
        | Q(action__in=sight.received, pk__in=got)
    )


def _about(how: str, address: str) -> Q:
    """Both sides by their index: a plain OR would walk through the whole journal."""
    entries = JournalEntry.objects.filter(**{f"about{how}": address}).values("pk")
    copies = JournalAddress.objects.filter(**{f"address{how}": address}).values("entry")
    return Q(pk__in=entries) | Q(pk__in=copies)


def _row(entry: JournalEntry) -> JournalRow:
    return JournalRow(
        id=entry.pk,
        at=entry.at,
        actor=entry.actor,
        action=entry.action,
        about=entry.about,
        message_id=entry.message_id,
        recipients=tuple(row.address for row in entry.recipients.all()),
        reasons=tuple(entry.reasons),
        detail=entry.detail,
    )
