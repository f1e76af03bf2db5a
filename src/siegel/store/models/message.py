"""Messages that were kept as they came. The row points at a file; the file is the truth."""

from enum import StrEnum

from django.db import models

from siegel.store.models import columns


class Direction(StrEnum):
    INBOUND = "inbound"
    OUTBOUND = "outbound"


class StoredMessage(models.Model):
    """One raw message by the hash of its bytes; ``path`` is relative to the data folder."""

    sha256 = columns.digest(unique=True)
    size = models.PositiveIntegerField()
    path = models.CharField(max_length=200)
    direction = models.CharField(
        max_length=16, choices=[(each.value, each.value) for each in Direction]
    )
    received_at = models.DateTimeField(db_index=True)
    message_id = models.CharField(max_length=1000, blank=True, db_index=True)
    envelope_from = models.CharField(max_length=columns.ADDRESS, blank=True)
    keep_until = models.DateTimeField(db_index=True)


class MessageRecipient(models.Model):
    """Whom this very message was addressed to on the envelope: who may open it later."""

    message = models.ForeignKey(StoredMessage, on_delete=models.CASCADE, related_name="recipients")
    address = columns.address(db_index=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["message", "address"], name="one_row_per_recipient"),
        )
