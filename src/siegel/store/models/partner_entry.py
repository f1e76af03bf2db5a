"""How partners come in: addresses they proved, invitations, mail to the test robot."""

from enum import StrEnum

from django.db import models

from siegel.store.models import columns


class ControlProof(models.Model):
    """Somebody says that an address is his; a link was mailed there. Only the hash of its token
    lies here. ``ends_at``: so long the proof counts, once it is one."""

    address = columns.address(db_index=True)
    purpose = models.CharField(max_length=32)
    token_sha256 = columns.digest(unique=True)
    client = columns.digest(blank=True, db_index=True)
    asked_by = columns.actor()
    asked_at = models.DateTimeField(db_index=True)
    link_ends_at = models.DateTimeField()
    proved_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)


class PartnerInvitation(models.Model):
    """A link by which a partner hands in a certificate for exactly this address, once."""

    address = columns.address(db_index=True)
    token_sha256 = columns.digest(unique=True)
    sender = columns.address()
    invited_by = columns.actor()
    invited_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)
    certificate = columns.digest(blank=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = columns.actor(blank=True)


class RobotState(StrEnum):
    WAITING = "waiting"
    ANSWERED = "answered"
    SILENT = "silent"


class RobotReply(models.Model):
    """One message to the test robot, kept by its hash, and what became of it. ``begun_at``: when
    its answer was first made; it is made the same way again after a crash."""

    message_sha256 = columns.digest(unique=True)
    sender = columns.address(db_index=True, blank=True)
    domain = models.CharField(max_length=255, db_index=True, blank=True)
    envelope_from = columns.address(blank=True)
    received_at = models.DateTimeField()
    state = models.CharField(
        max_length=16,
        default=RobotState.WAITING.value,
        choices=[(each.value, each.value) for each in RobotState],
    )
    reason = models.CharField(max_length=32, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True, db_index=True)

    class Meta:
        indexes = (
            models.Index(
                fields=["id"], condition=models.Q(state="waiting"), name="robot_mail_waiting"
            ),
        )
