"""What arrived under roots that nobody judged. Apart from the certificates in use: strangers fill
these tables, up to the limits of ``policy.unknown_roots``.
"""

from django.db import models

from siegel.store.models import columns

KEY_IDENTIFIER = 128  # hexadecimal digits; authorities use 40, 64 where they are modern


class UnknownRoot(models.Model):
    """One root or, where its certificate never came along, one issuer.

    ``mark``: the root's fingerprint, or a digest of the issuer's name and key identifier. Whether
    the question is answered stands in the decisions, not here.
    """

    mark = columns.digest(unique=True)
    der = models.BinaryField(null=True)
    name = models.CharField(max_length=columns.NAME)
    name_sha256 = columns.digest(db_index=True)
    key_identifier = models.CharField(max_length=KEY_IDENTIFIER, blank=True)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField(db_index=True)
    times = models.PositiveIntegerField(default=1)


class UnknownRootSender(models.Model):
    """An address that mail under the root came from, or that a certificate under it names."""

    root = models.ForeignKey(UnknownRoot, on_delete=models.CASCADE, related_name="senders")
    address = columns.address(db_index=True)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["root", "address"], name="one_row_per_sender"),
        )


class UnknownIntermediate(models.Model):
    """An authority between a leaf and the root: without it the chain would stay incomplete."""

    root = models.ForeignKey(UnknownRoot, on_delete=models.CASCADE, related_name="intermediates")
    fingerprint = columns.digest()
    der = models.BinaryField()
    subject_sha256 = columns.digest(db_index=True)
    issuer_sha256 = columns.digest(db_index=True)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["root", "fingerprint"], name="one_row_per_authority"),
        )
