"""The partner site as administrators set it, and what they published on it.

Its lists of authorities and links are lists of the help (``help.py``): one place where they are
kept. A publication is of an address, not of a certificate: what is handed out is whatever the
account can open mail with at that moment, so that a renewal needs nobody.
"""

from django.db import models
from django.db.models import Q

from siegel.store.models import columns

THE_SITE = 1
COLOUR = 7  # "#1f5a4c"
URL = 2000


class DirectorySite(models.Model):
    """One row at most; without it the site is closed and shows what Siegel brings. ``texts``: by
    language, only what somebody wrote. ``logo``: a PNG that was read and written anew."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=THE_SITE)
    is_open = models.BooleanField(default=False)
    lists_everybody = models.BooleanField(default=False)
    asks_acceptance = models.BooleanField(default=False)
    colour = models.CharField(max_length=COLOUR)
    colour_dark = models.CharField(max_length=COLOUR)
    contact_address = columns.address(blank=True)
    contact_phone = models.CharField(max_length=80, blank=True)
    imprint_url = models.CharField(max_length=URL, blank=True)
    privacy_url = models.CharField(max_length=URL, blank=True)
    accessibility_url = models.CharField(max_length=URL, blank=True)
    texts = models.JSONField(default=dict)
    logo = models.BinaryField(null=True)
    logo_sha256 = columns.digest(blank=True)
    changed_at = models.DateTimeField()
    changed_by = columns.actor()

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(id=THE_SITE), name="one_partner_site"),)


class Publication(models.Model):
    """Somebody said that the certificate of this address may be found by everybody. A withdrawn one
    stays as a record; publishing again makes a new one."""

    address = columns.address()
    published_at = models.DateTimeField()
    published_by = columns.actor()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = columns.actor(blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["address"], condition=Q(withdrawn_at=None), name="published_once"
            ),
        )
