"""Requests to authorities outside: which keys wait for a certificate."""

from datetime import datetime

from django.db.models import Q, QuerySet

from siegel.base.address import EmailAddress
from siegel.base.errors import NotFound
from siegel.store import models
from siegel.store.authority_rows import RequestRow
from siegel.store.text import clean

MOST = 1000  # requests of one list


def add(
    spki_sha256: str,
    der: bytes,
    subject: str,
    *,
    account: EmailAddress | None,
    authority: int | None,
    by: str,
    at: datetime,
) -> int:
    owner = None
    if account is not None:
        owner = models.MailAccount.objects.filter(address=str(account)).first()
        if owner is None:
            raise NotFound(f"no account {account}")
    row = models.CertificationRequest.objects.create(
        key_id=spki_sha256,
        der=der,
        subject=clean(subject, 500),
        account=owner,
        authority_id=authority,
        made_by=clean(by, 400),
        made_at=at,
    )
    return row.pk


def waiting() -> tuple[RequestRow, ...]:
    """Those that somebody waits for, the newest first."""
    return _rows(Q(certificate=None, withdrawn_at=None))


def unanswered() -> tuple[RequestRow, ...]:
    """Those, and what was withdrawn: an answer may come all the same."""
    return _rows(Q(certificate=None))


def withdraw(number: int, *, by: str, at: datetime) -> bool:
    """Nobody waits for its answer any more; False if it has one, or was withdrawn before."""
    still_open = models.CertificationRequest.objects.filter(
        pk=number, certificate=None, withdrawn_at=None
    )
    return bool(still_open.update(withdrawn_at=at, withdrawn_by=clean(by, 400)))


def all_rows() -> tuple[RequestRow, ...]:
    return _rows(Q())


def answered_lately(*, limit: int) -> tuple[RequestRow, ...]:
    asked = models.CertificationRequest.objects.exclude(answered_at=None)
    return _read(asked.order_by("-answered_at", "-id")[:limit])


def get(number: int) -> RequestRow:
    found = _rows(Q(pk=number))
    if not found:
        raise NotFound(f"no request {number}")
    return found[0]


def answer(spki_sha256: str, fingerprint: str, *, at: datetime) -> tuple[EmailAddress, ...]:
    """Every request of this key has its certificate now; whose accounts waited for it.

    What was here before a request is not its answer: the key may have older certificates.
    """
    asked = models.CertificationRequest.objects.filter(
        key=spki_sha256,
        certificate=None,
        made_at__lte=models.Certificate.objects.filter(pk=fingerprint).values("added_at")[:1],
    )
    people = asked.exclude(account=None).values_list("account__address", flat=True)
    waiting = tuple(EmailAddress.parse(address) for address in people)
    asked.update(certificate_id=fingerprint, answered_at=at)
    return waiting


def _rows(asked: Q) -> tuple[RequestRow, ...]:
    found = models.CertificationRequest.objects.filter(asked).order_by("-made_at", "-id")
    return _read(found[:MOST])


def _read(asked: QuerySet[models.CertificationRequest]) -> tuple[RequestRow, ...]:
    return tuple(
        RequestRow(
            id=row.pk,
            spki_sha256=row.key_id,
            der=bytes(row.der),
            subject=row.subject,
            account=None if row.account is None else EmailAddress.parse(row.account.address),
            authority=None if row.authority is None else row.authority.name,
            made_by=row.made_by,
            made_at=row.made_at,
            answered_at=row.answered_at,
            certificate=row.certificate_id,
            withdrawn_at=row.withdrawn_at,
        )
        for row in asked.select_related("account", "authority")
    )
