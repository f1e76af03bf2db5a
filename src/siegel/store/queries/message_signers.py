"""Which kept messages were signed under which authority."""

import hashlib
from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet

from siegel.pki.certificate import Certificate
from siegel.store.models import MessageSigner, StoredMessage
from siegel.store.models.message import Direction
from siegel.store.queries import messages
from siegel.store.rows import StoredMessageRow


def record(message_sha256: str, signers: Iterable[Certificate]) -> None:
    message = StoredMessage.objects.get(sha256=message_sha256)
    MessageSigner.objects.bulk_create(
        (
            MessageSigner(
                message=message,
                fingerprint=one.fingerprint,
                issuer_sha256=hashlib.sha256(one.issuer_der).hexdigest(),
            )
            for one in dict.fromkeys(signers)
        ),
        ignore_conflicts=True,
    )


def signed_by(
    fingerprints: Iterable[str], *, at: datetime, limit: int
) -> tuple[StoredMessageRow, ...]:
    """Kept messages with a signature by one of the certificates, the newest first."""
    asked = _kept(at).filter(signers__fingerprint__in=list(fingerprints)).distinct()
    return messages.rows(asked.order_by("-received_at", "id")[:limit])


def signed_under(
    names: Iterable[str], *, after: int, at: datetime, limit: int
) -> tuple[tuple[int, StoredMessageRow], ...]:
    """Kept messages, with their numbers, signed by certificates of issuers with these names.

    In the order of the numbers, beginning behind ``after``: to go on where one has stopped.
    """
    asked = _kept(at).filter(pk__gt=after, signers__issuer_sha256__in=list(names)).distinct()
    found = asked.order_by("pk")[:limit]
    return tuple(zip((row.pk for row in found), messages.rows(found), strict=True))


def _kept(at: datetime) -> QuerySet[StoredMessage]:
    return StoredMessage.objects.filter(direction=Direction.INBOUND, keep_until__gte=at)
