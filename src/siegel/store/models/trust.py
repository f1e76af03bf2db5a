"""What people decided about certificates they trust or do not trust."""

from enum import StrEnum

from django.db import models
from django.db.models import Q

from siegel.store.append_only import AppendOnly
from siegel.store.models import columns


class Decision(StrEnum):
    TRUSTED = "trusted"
    DISTRUSTED = "distrusted"
    WITHDRAWN = "withdrawn"  # an earlier decision no longer counts; nothing takes its place


class TrustDecision(AppendOnly):
    """One decision: who, when, why, and how the fingerprint was compared.

    Decisions about one certificate form a chain by ``supersedes``; the constraints keep it from
    forking, so the newest is always one. ``domains`` empty = for every domain.
    """

    fingerprint = columns.digest(db_index=True)
    decision = models.CharField(
        max_length=16, choices=[(each.value, each.value) for each in Decision]
    )
    domains = models.JSONField(default=list)
    who = columns.actor()
    when = models.DateTimeField()
    why = models.TextField(blank=True)
    compared_fingerprint = models.CharField(max_length=200, blank=True)
    channel = models.CharField(max_length=200, blank=True)
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="superseded_by"
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["fingerprint"], condition=Q(supersedes=None), name="one_first_decision"
            ),
        )
