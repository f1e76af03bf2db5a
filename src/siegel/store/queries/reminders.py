"""Who was told about which certificate, and mails that are planned but not yet handed over."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from siegel.store.models import (
    Authority,
    Certificate,
    CertificateAddress,
    ListEntry,
    Reminder,
    ReminderMail,
    TrustDecision,
)
from siegel.store.models.certificate import LinkState
from siegel.store.models.listing import Kind
from siegel.store.models.trust import Decision
from siegel.store.queries import certificates
from siegel.store.rows import CertificateRow, ReminderMailRow
from siegel.store.transaction import conflicting

MOST = 2000  # certificates of one round, the next to end first; an office has some hundred


def ending(*, begin: datetime, end: datetime) -> tuple[tuple[str, CertificateRow], ...]:
    """(kind, certificate) of what ends in that time and matters: ours, partners' in use, and
    authorities that are ours, that people trust or that vouch for one of ours. The next to end
    comes first."""
    entries = ListEntry.objects.filter(not_after__gte=begin, not_after__lte=end)
    used = CertificateAddress.objects.exclude(state=LinkState.REJECTED)
    in_use = Exists(used.filter(certificate=OuterRef("certificate_id")))
    decided = TrustDecision.objects.filter(superseded_by=None, decision=Decision.TRUSTED)
    trusted = Exists(decided.filter(fingerprint=OuterRef("certificate_id")))
    ours = Certificate.objects.filter(
        Exists(ListEntry.objects.filter(certificate=OuterRef("pk"), kind=Kind.OWN)),
        issuer_sha256=OuterRef("certificate__subject_sha256"),
    )
    house = Exists(Authority.objects.filter(certificate=OuterRef("certificate_id")))
    matters = (
        Q(kind=Kind.OWN)
        | Q(in_use, kind=Kind.PARTNER)
        | Q(trusted | Q(Exists(ours)) | Q(house), kind=Kind.AUTHORITY)
    )
    found = entries.filter(matters).order_by("not_after", "id")[:MOST]
    kinds = dict(found.values_list("certificate_id", "kind"))
    rows = certificates.by_fingerprint(kinds)
    return tuple((kinds[name], rows[name]) for name in kinds if name in rows)


def successors(rows: Iterable[CertificateRow]) -> Mapping[str, datetime]:
    """For each address of these certificates the latest end of any certificate in use for it."""
    addresses = {str(link.address) for row in rows for link in row.links}
    links = CertificateAddress.objects.exclude(state=LinkState.REJECTED)
    found = links.filter(address__in=addresses).values_list("address", "certificate__not_after")
    latest: dict[str, datetime] = {}
    for address, end in found:
        latest[address] = max(end, latest.get(address, end))
    return latest


def told(fingerprints: Iterable[str]) -> frozenset[tuple[str, int, str]]:
    """(fingerprint, step, recipient) of what is planned or sent already."""
    found = Reminder.objects.filter(fingerprint__in=list(fingerprints))
    return frozenset(found.values_list("fingerprint", "step", "recipient"))


def last_told(recipient: str) -> datetime | None:
    mails = ReminderMail.objects.filter(recipient=recipient).order_by("-planned_at")
    return mails.values_list("planned_at", flat=True).first()


def plan(recipient: str, raw: bytes, about: Iterable[tuple[str, int]], *, at: datetime) -> None:
    """The mail, and what it is about, each (fingerprint, step) once for this person.

    ``Conflict`` when somebody else has planned the same at this moment; nothing is planned then.
    """
    with conflicting("the same reminder is planned already"):
        _plan(recipient, raw, about, at)


def _plan(recipient: str, raw: bytes, about: Iterable[tuple[str, int]], at: datetime) -> None:
    mail = ReminderMail.objects.create(recipient=recipient, raw=raw, planned_at=at)
    Reminder.objects.bulk_create(
        Reminder(mail=mail, recipient=recipient, fingerprint=fingerprint, step=step)
        for fingerprint, step in about
    )


def to_send(*, planned_since: datetime, not_tried_since: datetime) -> tuple[ReminderMailRow, ...]:
    """What no next hop has taken yet; the oldest first."""
    waiting = ReminderMail.objects.filter(
        Q(tried_at=None) | Q(tried_at__lte=not_tried_since),
        sent_at=None,
        planned_at__gte=planned_since,
    )
    return tuple(
        ReminderMailRow(
            id=row.pk, recipient=row.recipient, raw=bytes(row.raw), planned_at=row.planned_at
        )
        for row in waiting.order_by("planned_at", "id")
    )


def tried(id_: int, *, at: datetime) -> None:
    ReminderMail.objects.filter(pk=id_).update(tried_at=at)


def sent(id_: int, *, at: datetime) -> None:
    """The next hop has it; its text is not kept."""
    ReminderMail.objects.filter(pk=id_).update(sent_at=at, raw=b"")
