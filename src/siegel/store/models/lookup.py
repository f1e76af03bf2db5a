"""Foreign directories that are asked for partners' certificates, and what they last answered."""

from django.db import models
from django.db.models import Q

from siegel.store.models import columns
from siegel.store.models.mailbox import HOST, USER, Security

THE_SETTINGS = 1
SOURCE = 40  # characters of the name a source goes by among answers: "ldap:12", "http:3", "dns"


class LdapDirectory(models.Model):
    """``domains``: the mail domains it is asked for, empty for all. ``sealed``: the password under
    the content key, or empty. ``problem``: the code of what kept it from answering last."""

    name = models.CharField(max_length=columns.NAME, unique=True)
    host = models.CharField(max_length=HOST)
    port = models.PositiveIntegerField(default=636)
    security = models.CharField(
        max_length=16,
        choices=[(each.value, each.value) for each in Security],
        default=Security.TLS,
    )
    base = models.CharField(max_length=500, blank=True)
    filter = models.CharField(max_length=500)
    user = models.CharField(max_length=USER, blank=True)
    sealed = models.BinaryField(default=bytes)
    domains = models.JSONField(default=list)
    active = models.BooleanField(default=True)
    note = models.CharField(max_length=2000, blank=True)
    problem = models.CharField(max_length=40, blank=True)
    problem_at = models.DateTimeField(null=True)
    changed_by = columns.actor()
    changed_at = models.DateTimeField()


class HttpStore(models.Model):
    """A certificate store after RFC 4387."""

    name = models.CharField(max_length=columns.NAME, unique=True)
    url = models.CharField(max_length=1000)
    domains = models.JSONField(default=list)
    active = models.BooleanField(default=True)
    note = models.CharField(max_length=2000, blank=True)
    problem = models.CharField(max_length=40, blank=True)
    problem_at = models.DateTimeField(null=True)
    changed_by = columns.actor()
    changed_at = models.DateTimeField()


class LookupSettings(models.Model):
    """``smimea``: DNS is asked. ``domain_asserts``: records count that a domain vouches for by
    itself (usage 3)."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=THE_SETTINGS)
    smimea = models.BooleanField(default=False)
    domain_asserts = models.BooleanField(default=False)

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(id=1), name="one_lookup_settings"),)


class Lookup(models.Model):
    """The last answer of one source about one address: remembered a while, not asked again."""

    address = columns.address()
    source = models.CharField(max_length=SOURCE)
    answer = models.CharField(max_length=40)
    asked_at = models.DateTimeField(db_index=True)
    asked_by = columns.actor()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["address", "source"], name="one_answer_of_a_source"),
        )
        indexes = (models.Index(fields=["source", "asked_at"], name="lookups_of_source"),)


class WantedLookup(models.Model):
    """An address whose certificate somebody will need; the worker asks for it."""

    address = columns.address(unique=True)
    wanted_by = columns.actor()
    wanted_at = models.DateTimeField(db_index=True)
