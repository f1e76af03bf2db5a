"""What the next hop has already accepted of a message we have not yet answered 250 for.

Not the journal: rows live from the first accepted copy to our 250.
"""

from django.db import models

from siegel.store.models import columns


class Delivery(models.Model):
    """``key`` names the transaction: role, envelope and the bytes of the message, hashed."""

    key = columns.digest()
    recipient = models.CharField(max_length=columns.ADDRESS)
    accepted_at = models.DateTimeField(db_index=True)
    receipt = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["key", "recipient"], name="accepted_once"),)
