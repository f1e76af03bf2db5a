"""Revocation data as fetched: a cache by issuer and place, the newest of each place."""

from django.db import models

from siegel.store.models import columns


class Crl(models.Model):
    """``issuer_sha256`` is over the DER Name; ``place`` is the URL, "" when it came with mail."""

    issuer_sha256 = columns.digest(db_index=True)
    place = models.CharField(max_length=1000, blank=True)
    sha256 = columns.digest()
    der = models.BinaryField()
    this_update = models.DateTimeField()
    next_update = models.DateTimeField(null=True, db_index=True)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["issuer_sha256", "place"], name="newest_crl_of_a_place"
            ),
        )


class OcspResponse(models.Model):
    """The newest response about one certificate."""

    fingerprint = columns.digest(primary_key=True)
    der = models.BinaryField()
    this_update = models.DateTimeField()
    next_update = models.DateTimeField(null=True)
    seen_at = models.DateTimeField()
