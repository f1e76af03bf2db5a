"""What Siegel thought of a message at one moment; later thoughts are new rows."""

from django.db import models
from django.db.models import Q

from siegel.store.append_only import AppendOnly
from siegel.store.models.message import StoredMessage


class Judgement(AppendOnly):
    message = models.ForeignKey(StoredMessage, on_delete=models.CASCADE, related_name="judgements")
    summary = models.CharField(max_length=32)
    reasons = models.JSONField(default=list)
    findings = models.JSONField(default=list)
    verdicts = models.JSONField(default=dict)
    at = models.DateTimeField()
    supersedes = models.OneToOneField(
        "self", on_delete=models.CASCADE, null=True, related_name="superseded_by"
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["message"], condition=Q(supersedes=None), name="one_first_judgement"
            ),
        )
