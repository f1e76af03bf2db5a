"""A certificate with its private key on its way to the person who works with it.

The file and its passphrase are kept apart, sealed, and each only until it was handed out once: then
the column is empty, and what stays is who took it and when.
"""

from django.db import models

from siegel.store.models import columns
from siegel.store.models.account import MailAccount
from siegel.store.models.certificate import Certificate
from siegel.store.models.user import User


class KeyDelivery(models.Model):
    """``user``: who may fetch it. ``file``, ``passphrase``: sealed; empty = handed out, or let go
    of at the end."""

    account = models.ForeignKey(MailAccount, on_delete=models.PROTECT, related_name="+")
    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="key_deliveries")
    flavour = models.CharField(max_length=16)
    file = models.BinaryField(default=bytes)
    passphrase = models.BinaryField(default=bytes)
    prepared_by = columns.actor()
    prepared_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    fetched_at = models.DateTimeField(null=True)
    shown_to = columns.actor(blank=True)
    shown_at = models.DateTimeField(null=True)
    withdrawn_by = columns.actor(blank=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=["-prepared_at", "-id"], name="key_deliveries_latest"),
            models.Index(fields=["user", "-prepared_at"], name="key_deliveries_of_user"),
            models.Index(fields=["ends_at"], name="key_deliveries_end"),
        )
