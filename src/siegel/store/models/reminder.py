"""Reminders that certificates end: planned with the mail that says so, then sent.

The mail is kept as it will be sent until the next hop has taken it: after a kill the very same
octets go to the outbound flow again, which knows what it has handed over already.
"""

from django.db import models
from django.db.models import Q

from siegel.store.models import columns


class ReminderMail(models.Model):
    """One mail to one person; ``raw`` goes when it has been sent. ``tried_at``: last, in vain."""

    recipient = columns.address()
    planned_at = models.DateTimeField()
    raw = models.BinaryField()
    tried_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=["planned_at"], condition=Q(sent_at=None), name="mails_to_send"),
            models.Index(fields=["recipient", "-planned_at"], name="mails_of_recipient"),
        )


class Reminder(models.Model):
    """Somebody is told once about one certificate and one step (days before its end)."""

    mail = models.ForeignKey(ReminderMail, on_delete=models.CASCADE, related_name="reminders")
    recipient = columns.address()
    fingerprint = columns.digest(db_index=True)
    step = models.PositiveSmallIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["fingerprint", "step", "recipient"], name="reminded_once_a_step"
            ),
        )
