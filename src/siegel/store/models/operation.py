"""How the installation itself is doing: signs of life, counters, and what people were told."""

from django.db import models


class Pulse(models.Model):
    """When something last happened that would be missed: ``worker``, ``backup``, ``fetching``."""

    name = models.CharField(max_length=64, primary_key=True)
    at = models.DateTimeField()
    detail = models.JSONField(default=dict)


class Tally(models.Model):
    """A counter that only grows, and survives restarts and the journal's retention."""

    name = models.CharField(max_length=128, primary_key=True)
    amount = models.FloatField(default=0)


class Alarm(models.Model):
    """The state of one health check as last seen, and the one that people were told of."""

    check_name = models.CharField(max_length=64, primary_key=True)
    state = models.CharField(max_length=16)
    since = models.DateTimeField()
    told = models.CharField(max_length=16)
    tried_at = models.DateTimeField(null=True)
