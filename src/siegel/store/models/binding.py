"""Certificates of organisations and domains, used for people whom they do not name."""

from django.db import models

from siegel.store.models import columns
from siegel.store.models.certificate import Certificate


class AddressBinding(models.Model):
    """An administrator decided that this certificate stands for ``name``: one address, or a domain
    (without ``@``) and with it everybody there, but nobody in domains below it."""

    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="bindings")
    name = columns.address(db_index=True)
    why = models.TextField(blank=True)
    bound_by = columns.actor()
    bound_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["certificate", "name"], name="one_binding_per_name"),
        )
