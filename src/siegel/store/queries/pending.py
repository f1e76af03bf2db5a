"""Partners' certificates that wait for a person: from intact signatures that did not validate.

Capped, because strangers fill this list: twenty an address, ninety days.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from siegel.base.address import EmailAddress
from siegel.base.errors import NotFound
from siegel.pki.certificate import Certificate, parse_certificate
from siegel.policy.harvest import MAX_PENDING, PENDING_KEPT_FOR
from siegel.store.models import PendingCertificate
from siegel.store.models.certificate import LinkState, Source
from siegel.store.models.partner import Answer
from siegel.store.queries import certificates
from siegel.store.rows import PendingRow
from siegel.store.text import clean, clean_json

MAX_LISTED = 1000  # rows of one list; a page shows fewer


def add_pending(
    certificate: Certificate,
    address: EmailAddress,
    *,
    reasons: Iterable[str],
    at: datetime,
    only_trust: bool = False,
    source: Source = Source.HARVESTED,
) -> bool:
    """True if it is new and waits now; False if it is known already or the address has its fill.

    ``only_trust``: its signature lacked nothing but a trusted root.
    """
    with transaction.atomic():
        waiting = PendingCertificate.objects.select_for_update().filter(address=str(address))
        known = {row.fingerprint for row in waiting}
        if certificate.fingerprint in known:
            return False
        if len(known) >= MAX_PENDING:
            return False
        _, new = PendingCertificate.objects.get_or_create(
            address=str(address),
            fingerprint=certificate.fingerprint,
            defaults={
                "issuer_sha256": hashlib.sha256(certificate.issuer_der).hexdigest(),
                "only_trust": only_trust,
                "der": certificate.der,
                "source": source,
                "reasons": clean_json(list(reasons)),
                "seen_at": at,
            },
        )
        return new


def pending_for(
    address: EmailAddress | None = None, *, limit: int = MAX_LISTED, before: int | None = None
) -> tuple[PendingRow, ...]:
    """What waits, for one address or for all; the newest first. ``before``: a number, to read on
    behind it."""
    waiting = PendingCertificate.objects.filter(answer=Answer.OPEN)
    if address is not None:
        waiting = waiting.filter(address=str(address))
    if before is not None:
        waiting = waiting.filter(pk__lt=before)
    return tuple(_row(row) for row in waiting.order_by("-pk")[:limit])


def issued_under(issuer_names: Iterable[str], *, limit: int) -> tuple[PendingRow, ...]:
    """What waits of those whose issuer has one of the names (digests), the newest first."""
    waiting = PendingCertificate.objects.filter(
        answer=Answer.OPEN, issuer_sha256__in=list(issuer_names)
    )
    return tuple(_row(row) for row in waiting.order_by("-seen_at", "id")[:limit])


def get(id_: int) -> PendingRow:
    """Raises ``NotFound`` for what does not wait (any more)."""
    found = PendingCertificate.objects.filter(pk=id_, answer=Answer.OPEN).first()
    if found is None:
        raise NotFound(f"no pending certificate {id_}")
    return _row(found)


def confirm(id_: int, *, by: str, at: datetime) -> None:
    """A person accepts it: it becomes a certificate in use for the address."""
    with transaction.atomic():
        row = _answer(id_, Answer.CONFIRMED, by, at)
        certificate = parse_certificate(bytes(row.der))
        address = EmailAddress.parse(row.address)
        certificates.add(certificate, source=Source(row.source), by=by, at=at)
        certificates.link(
            certificate.fingerprint, address, by=by, at=at, state=LinkState.CONFIRMED,
            seen_at=row.seen_at,
        )  # fmt: skip


def reject(id_: int, *, by: str, at: datetime) -> None:
    """A person refuses it; it does not come back before the ninety days are over."""
    with transaction.atomic():
        _answer(id_, Answer.REJECTED, by, at)


def is_rejected(fingerprint: str, address: EmailAddress) -> bool:
    """Whether a person said no; mail that counts does not overrule that."""
    refused = PendingCertificate.objects.filter(answer=Answer.REJECTED)
    return refused.filter(fingerprint=fingerprint, address=str(address)).exists()


def settle(fingerprint: str, address: EmailAddress) -> bool:
    """It came again with a signature that counts: nobody has to decide; True if it waited."""
    waiting = PendingCertificate.objects.filter(
        fingerprint=fingerprint, address=str(address), answer=Answer.OPEN
    )
    return bool(waiting.delete()[0])


def expire(*, at: datetime) -> int:
    """Forget what is older than ``PENDING_KEPT_FOR``; how many went."""
    return PendingCertificate.objects.filter(seen_at__lt=at - PENDING_KEPT_FOR).delete()[0]


def _answer(id_: int, answer: Answer, by: str, at: datetime) -> PendingCertificate:
    row = PendingCertificate.objects.select_for_update().filter(pk=id_, answer=Answer.OPEN).first()
    if row is None:
        raise NotFound(f"no pending certificate {id_}")
    row.answer, row.answered_by, row.answered_at = answer, clean(by, 400), at
    row.save(update_fields=["answer", "answered_by", "answered_at"])
    return row


def _row(row: PendingCertificate) -> PendingRow:
    return PendingRow(
        id=row.pk,
        address=EmailAddress.parse(row.address),
        fingerprint=row.fingerprint,
        der=bytes(row.der),
        reasons=tuple(row.reasons),
        seen_at=row.seen_at,
        only_trust=row.only_trust,
        source=row.source,
    )
