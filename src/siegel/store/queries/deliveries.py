"""Which recipients' copies the next hop has accepted of a message that is still in our hands.

A client that repeats the message after our 451 gets only the missing copies sent. ``finish`` is
called with our 250, so that the same mail sent twice on purpose goes twice.
"""

from collections.abc import Iterable
from datetime import datetime

from siegel.store.models import Delivery
from siegel.store.text import clean

ENCRYPTED = "encrypted"
"""As receipt: this copy left encrypted, and no other copy of the text may leave readable."""


def left_encrypted(key: str) -> bool:
    return Delivery.objects.filter(key=key, receipt=ENCRYPTED).exists()


def accepted(key: str) -> frozenset[str]:
    return frozenset(Delivery.objects.filter(key=key).values_list("recipient", flat=True))


def record(key: str, recipients: Iterable[str], receipt: str, *, at: datetime) -> None:
    """Call it at once after the next hop's 250, outside any longer transaction."""
    Delivery.objects.bulk_create(
        (
            Delivery(key=key, recipient=recipient, accepted_at=at, receipt=clean(receipt, 500))
            for recipient in recipients
        ),
        ignore_conflicts=True,
    )


def finish(key: str) -> None:
    Delivery.objects.filter(key=key).delete()


def expire(*, before: datetime) -> int:
    """Remove what clients gave up: nobody retries after the lifetime of their queue (5 days)."""
    return Delivery.objects.filter(accepted_at__lt=before).delete()[0]
