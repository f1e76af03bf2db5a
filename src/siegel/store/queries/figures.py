"""Numbers about the installation: how many, never who. Each function is one query.

For pages that anybody may see: nothing here returns an address, a name or a fingerprint.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import DatabaseError
from django.db.models import Count, Exists, OuterRef, Q, TextField
from django.db.models.functions import Cast

from siegel.store.models import (
    Certificate,
    CertificateAddress,
    JournalEntry,
    KeyChangeAlert,
    MailAccount,
    Organisation,
    PendingCertificate,
    PrivateKey,
)
from siegel.store.models.certificate import LinkState
from siegel.store.models.partner import Answer


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


def _matching(what: Asked) -> Q:
    matching = Q(action__startswith=what.action)
    return matching & Q(reasons_text__contains=f'"{what.reason}"') if what.reason else matching


def _has_key() -> Q:
    return Q(Exists(PrivateKey.objects.filter(spki_sha256=OuterRef("spki_sha256"))))
