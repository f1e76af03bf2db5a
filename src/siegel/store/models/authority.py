"""The in-house authorities, every serial number they used, and what became of it.

A serial number has its own row before anything is signed with it, and keeps it for ever: none is
used twice. ``certificate`` empty: it was never used, because the work broke off.
"""

from enum import StrEnum

from django.db import models
from django.db.models import Q

from siegel.store.append_only import AppendOnly
from siegel.store.models import columns
from siegel.store.models.account import MailAccount
from siegel.store.models.certificate import Certificate
from siegel.store.models.key import PrivateKey

SERIAL = 40  # hexadecimal digits of 20 octets (RFC 5280 §4.1.2.2)
URL = 1000


class AuthorityKind(StrEnum):
    ROOT = "root"
    ISSUING = "issuing"


class Authority(models.Model):
    """``certificate`` empty: its request waits for the answer of an authority outside. The key is
    in ``PrivateKey`` like every other, bound to no account."""

    name = models.CharField(max_length=columns.NAME, unique=True)
    kind = models.CharField(
        max_length=16, choices=[(each.value, each.value) for each in AuthorityKind]
    )
    key = models.OneToOneField(PrivateKey, on_delete=models.PROTECT, related_name="authority")
    certificate = models.ForeignKey(
        Certificate, on_delete=models.PROTECT, null=True, related_name="authorities"
    )
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="authorities"
    )
    organisation = models.CharField(max_length=columns.NAME)
    country = models.CharField(max_length=2)
    identifier = models.CharField(max_length=columns.NAME, blank=True)
    policy = models.CharField(max_length=200, blank=True)
    domains = models.JSONField(default=list)
    publish_at = models.CharField(max_length=URL)
    created_by = columns.actor()
    created_at = models.DateTimeField()


class Enrolment(models.Model):
    """A certificate on its way: the key is made, ``certificate`` comes. Work that broke off is
    taken up again with the same key."""

    account = models.ForeignKey(MailAccount, on_delete=models.PROTECT, related_name="enrolments")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="enrolments")
    key = models.ForeignKey(PrivateKey, on_delete=models.PROTECT, related_name="enrolments")
    use = models.CharField(max_length=16)
    certificate = models.ForeignKey(
        Certificate, on_delete=models.PROTECT, null=True, related_name="enrolments"
    )
    begun_by = columns.actor()
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["account", "authority", "use"],
                condition=Q(certificate=None),
                name="one_open_enrolment",
            ),
        )
        indexes = (models.Index(fields=["-ended_at", "-id"], name="enrolments_latest"),)


class SerialNumber(models.Model):
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="serials")
    serial = models.CharField(max_length=SERIAL)
    reserved_at = models.DateTimeField()
    certificate = models.OneToOneField(
        Certificate, on_delete=models.PROTECT, null=True, related_name="serial_number"
    )
    profile = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["authority", "serial"], name="no_serial_twice"),
        )


class Revocation(AppendOnly):
    """For ever: a hold is none of ours."""

    serial = models.OneToOneField(SerialNumber, on_delete=models.PROTECT, related_name="revocation")
    reason = models.CharField(max_length=32)
    revoked_at = models.DateTimeField()
    revoked_by = columns.actor()


class CrlIssue(AppendOnly):
    """Every revocation list that was issued, by its number."""

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="lists")
    number = models.PositiveBigIntegerField()
    der = models.BinaryField()
    this_update = models.DateTimeField()
    next_update = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["authority", "number"], name="no_list_number_twice"),
        )


class OcspSigner(AppendOnly):
    """Keys that answer for an authority, each for some weeks; the newest answers."""

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="responders")
    key = models.ForeignKey(PrivateKey, on_delete=models.PROTECT, related_name="+")
    certificate = models.OneToOneField(Certificate, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()


class CertificationRequest(models.Model):
    """A request to an authority outside: the key exists, its certificate does not yet. For an
    account, or for an authority of ours."""

    key = models.ForeignKey(PrivateKey, on_delete=models.PROTECT, related_name="requests")
    der = models.BinaryField()
    subject = models.CharField(max_length=columns.NAME)
    account = models.ForeignKey(
        MailAccount, on_delete=models.PROTECT, null=True, related_name="requests"
    )
    authority = models.ForeignKey(
        Authority, on_delete=models.PROTECT, null=True, related_name="requests"
    )
    made_by = columns.actor()
    made_at = models.DateTimeField()
    certificate = models.ForeignKey(
        Certificate, on_delete=models.PROTECT, null=True, related_name="requests"
    )
    answered_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = columns.actor(blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(account=None) | Q(authority=None), name="request_for_one"
            ),
        )
        indexes = (
            models.Index(fields=["-made_at"], condition=Q(certificate=None), name="requests_open"),
            models.Index(fields=["-answered_at", "-id"], name="requests_answered"),
        )
