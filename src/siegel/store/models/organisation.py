"""The one organisation of this installation, its domains and its rules (decision of design: no
tenant column; ``id`` is always 1).
"""

from django.db import models
from django.db.models import Q

from siegel.store.models import columns

THE_ORGANISATION = 1


class Organisation(models.Model):
    id = models.PositiveSmallIntegerField(primary_key=True, default=THE_ORGANISATION)
    name = models.CharField(max_length=500)
    language = models.CharField(max_length=8)
    rules = models.JSONField(default=dict)

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(id=1), name="one_organisation"),)


class Domain(models.Model):
    """A mail domain of the organisation, folded A-labels."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="domains")
    name = models.CharField(max_length=255, unique=True)


class LevelRules(models.Model):
    """Rules that a partner's domain, a partner or an account of ours has otherwise than the
    organisation; ``rules`` holds only these."""

    level = models.CharField(max_length=16)
    name = models.CharField(max_length=columns.ADDRESS)
    rules = models.JSONField(default=dict)
    changed_by = columns.actor()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["level", "name"], name="rules_once_of_a_name"),
        )
