"""What partners' mail showed and nobody confirmed yet, and what their programs can read."""

from enum import StrEnum

from django.db import models
from django.db.models import Q

from siegel.store.models import columns
from siegel.store.models.certificate import Source


class Answer(StrEnum):
    OPEN = "open"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


def _answer() -> "models.CharField[str, str]":
    return models.CharField(
        max_length=16,
        default=Answer.OPEN.value,
        choices=[(each.value, each.value) for each in Answer],
    )


class PendingCertificate(models.Model):
    """A certificate from an intact signature, or from a foreign directory (``source``), that could
    not be validated. It lives here, apart from the certificates in use, so that strangers cannot
    fill that table. ``only_trust``: nothing but trust in its root was missing, so a decision about
    that root answers for it."""

    address = columns.address(db_index=True)
    fingerprint = columns.digest(db_index=True)
    issuer_sha256 = columns.digest(db_index=True, blank=True)
    only_trust = models.BooleanField(default=False)
    der = models.BinaryField()
    source = models.CharField(
        max_length=16,
        choices=[(each.value, each.value) for each in Source],
        default=Source.HARVESTED.value,
    )
    reasons = models.JSONField(default=list)
    seen_at = models.DateTimeField(db_index=True)
    answer = _answer()
    answered_by = columns.actor(blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["address", "fingerprint"], name="pending_once"),
        )
        indexes = (  # what waits is counted on every page of the trust centre
            models.Index(fields=["seen_at"], condition=Q(answer="open"), name="pending_open"),
        )


class KeyChangeAlert(models.Model):
    """A partner's address came with another key than before; a person answers."""

    address = columns.address(db_index=True)
    previous = columns.digest()
    current = columns.digest()
    seen_at = models.DateTimeField()
    answer = _answer()
    answered_by = columns.actor(blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["address", "current"], name="one_alert_per_key"),
        )


class Capability(models.Model):
    """SMIMECapabilities (RFC 8551 §2.5.2) of the holder of a key; the newest signature counts."""

    spki_sha256 = columns.digest(primary_key=True)
    signing_time = models.DateTimeField()
    der = models.BinaryField()
