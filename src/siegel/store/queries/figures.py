"""Numbers about the installation: how many, never who. Each function is one query.

For pages that anybody may see: nothing here returns an address, a name or a fingerprint.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import DatabaseError
from django.db.models import Count, DateTimeField, Exists, OuterRef, Q, Subquery, TextField
from django.db.models.functions import Cast, TruncDate

from siegel.policy.actions import Action
from siegel.store.models import (
    Certificate,
    CertificateAddress,
    JournalEntry,
    KeyBinding,
    KeyChangeAlert,
    MailAccount,
    Organisation,
    PendingCertificate,
    PrivateKey,
)
from siegel.store.models.certificate import LinkState
from siegel.store.models.partner import Answer

_SIGNED = (Action.OUTBOUND_SIGN.value, Action.OUTBOUND_SIGN_AND_ENCRYPT.value)
_SENT = (Action.OUTBOUND_PLAIN.value, *_SIGNED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Journal entries to count: the action begins with ``action`` and, unless it is empty,
    ``reason`` is among the reasons."""

    action: str
    reason: str = ""


def can_be_asked() -> bool:
    """Whether the database answers and has our tables."""
    try:
        Organisation.objects.exists()
    except DatabaseError:
        return False
    return True


def active_accounts() -> int:
    return MailAccount.objects.filter(active=True).count()


def own_certificates() -> int:
    """Certificates of people whose private key is here, whatever their state."""
    return Certificate.objects.filter(_has_key(), is_ca=False).count()


def partner_certificates(*, at: datetime) -> int:
    """Certificates in use for somebody outside that have not expired."""
    in_use = CertificateAddress.objects.exclude(state=LinkState.REJECTED)
    return Certificate.objects.filter(
        ~_has_key(), Exists(in_use.filter(certificate=OuterRef("pk"))), is_ca=False,
        not_after__gte=at,
    ).count()  # fmt: skip


def open_alerts() -> int:
    return KeyChangeAlert.objects.filter(answer=Answer.OPEN).count()


def pending_certificates() -> int:
    return PendingCertificate.objects.filter(answer=Answer.OPEN).count()


def journal_counts(
    asked: Mapping[str, Asked], since: Mapping[str, datetime]
) -> Mapping[tuple[str, str], int]:
    """How many entries of each kind since each moment: {(kind, moment): number}."""
    counts = {
        f"{kind}__{moment}": Count("pk", filter=_matching(what) & Q(at__gte=begin))
        for kind, what in asked.items()
        for moment, begin in since.items()
    }
    entries = JournalEntry.objects.filter(at__gte=min(since.values()))
    # JSON containment exists on PostgreSQL only; the reasons are codes of ours without quotes
    found = entries.annotate(reasons_text=Cast("reasons", TextField())).aggregate(**counts)
    return {(kind, moment): found[f"{kind}__{moment}"] for kind in asked for moment in since}


def mail_by_day(at: datetime, *, days: int) -> tuple[tuple[int, int], ...]:
    """(sent, signed) outgoing messages: of the last 24 hours, then of each of the ``days`` calendar
    days (UTC) before today; two queries."""
    outgoing = JournalEntry.objects.filter(action__in=_SENT)
    signed = Count("pk", filter=Q(action__in=_SIGNED))
    last = outgoing.filter(at__gt=at - timedelta(days=1), at__lte=at)
    now = last.aggregate(sent=Count("pk"), signed=signed)
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
    before = outgoing.filter(at__gte=midnight - timedelta(days=days), at__lt=midnight)
    by_day = before.order_by().annotate(day=TruncDate("at")).values("day")
    rows = by_day.annotate(sent=Count("pk"), signed=signed).values_list("day", "sent", "signed")
    found = {day: (sent, signed) for day, sent, signed in rows}
    wanted = (midnight.date() - timedelta(days=back) for back in range(1, days + 1))
    return ((now["sent"], now["signed"]), *(found.get(day, (0, 0)) for day in wanted))


def last_of(asked: Mapping[str, Asked]) -> Mapping[str, datetime | None]:
    """When each kind of entry was written last; a query each, over an index."""
    entries = JournalEntry.objects.alias(reasons_text=Cast("reasons", TextField()))
    newest = entries.order_by("-pk").values_list("at", flat=True)
    return {kind: newest.filter(_matching(what)).first() for kind, what in asked.items()}


def accounts_by_end(at: datetime, *, soon: timedelta, late: timedelta) -> tuple[int, int]:
    """Active accounts whose last certificate ends within ``soon``, and whose ended within the last
    ``late``: who had none for longer is not missed any more."""
    bound = KeyBinding.objects.filter(account=OuterRef(OuterRef("pk")), key__archived_at=None)
    ends = Certificate.objects.filter(spki_sha256__in=bound.values("key_id")).order_by("-not_after")
    accounts = MailAccount.objects.filter(active=True).annotate(
        ends=Subquery(ends.values("not_after")[:1], DateTimeField())
    )
    found = accounts.aggregate(
        expiring=Count("pk", filter=Q(ends__gt=at, ends__lte=at + soon)),
        expired=Count("pk", filter=Q(ends__lte=at, ends__gt=at - late)),
    )
    return found["expiring"], found["expired"]


def written(action: str, *, since: datetime) -> int:
    return JournalEntry.objects.filter(action=action, at__gt=since).count()


def _matching(what: Asked) -> Q:
    matching = Q(action__startswith=what.action)
    return matching & Q(reasons_text__contains=f'"{what.reason}"') if what.reason else matching


def _has_key() -> Q:
    return Q(Exists(PrivateKey.objects.filter(spki_sha256=OuterRef("spki_sha256"))))
