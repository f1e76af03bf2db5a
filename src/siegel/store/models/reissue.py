"""Replacing many of our certificates at once: the campaign, what it replaces, whom it tells.

What is left to do is derived from these rows and from the certificates that are there: a worker
that dies leaves nothing behind that anybody has to clear up.
"""

from enum import StrEnum

from django.db import models
from django.db.models import Q

from siegel.policy.reissue import LONGEST_LETTER, Problem
from siegel.store.models import columns
from siegel.store.models.account import MailAccount
from siegel.store.models.certificate import Certificate
from siegel.store.models.mail import SUBJECT


class KeptSigning(models.Model):
    """This certificate signs until the moment, although a newer one is there; the latest moment
    there is means: until somebody decides."""

    certificate = models.OneToOneField(
        Certificate, on_delete=models.PROTECT, related_name="kept_signing"
    )
    until = models.DateTimeField()
    set_by = columns.actor()
    set_at = models.DateTimeField()


class CampaignState(StrEnum):
    RUNNING = "running"
    STOPPED = "stopped"
    ENDED = "ended"


class ReissueCampaign(models.Model):
    """``criteria``: what was looked for. ``way``: the connector; ``authority``: the name of ours;
    ``key``: a kind of key, "" = the key that each has. ``switch_at``: from when on the new ones
    sign; None: nobody has said. ``telling_since``, ``revoking_since``: a person started that."""

    criteria = models.JSONField(default=dict)
    way = models.CharField(max_length=16)
    authority = models.CharField(max_length=columns.NAME, blank=True)
    key = models.CharField(max_length=24, blank=True)
    state = models.CharField(
        max_length=16, choices=[(each.value, each.value) for each in CampaignState]
    )
    switch_at = models.DateTimeField(null=True)
    subject = models.CharField(max_length=SUBJECT, blank=True)
    german = models.CharField(max_length=LONGEST_LETTER, blank=True)
    english = models.CharField(max_length=LONGEST_LETTER, blank=True)
    telling_since = models.DateTimeField(null=True)
    revoking_since = models.DateTimeField(null=True)
    revocation_reason = models.CharField(max_length=32, blank=True)
    created_by = columns.actor()
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=["-created_at", "-id"], name="campaigns_latest"),)


class ReissueItem(models.Model):
    """One certificate to be replaced. ``leader``: another item whose replacement is also this one's
    (two affected certificates of one account, for the same use). ``next_try_at``: also the end of
    the time for which a worker has it in hand. ``problem``: why the last try failed."""

    campaign = models.ForeignKey(ReissueCampaign, on_delete=models.CASCADE, related_name="items")
    account = models.ForeignKey(MailAccount, on_delete=models.PROTECT, related_name="+")
    old = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="+")
    use = models.CharField(max_length=16)
    leader = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="others")
    ticket_kind = models.CharField(max_length=16, blank=True)
    ticket = models.BigIntegerField(null=True)
    replacement = models.ForeignKey(
        Certificate, on_delete=models.PROTECT, null=True, related_name="+"
    )
    replaced_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    problem = models.CharField(
        max_length=24, choices=[(each.value, each.value) for each in Problem], blank=True
    )
    detail = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["campaign", "old"], name="replaced_once_a_campaign"),
        )
        indexes = (
            models.Index(
                fields=["campaign", "next_try_at"],
                condition=Q(replacement=None, leader=None),
                name="items_to_replace",
            ),
        )


class NoticeState(StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


class ReissueNotice(models.Model):
    """A partner is told once, by each account that he corresponds with. ``message_id`` is fixed
    before the first try, so that a retry is the same message."""

    campaign = models.ForeignKey(ReissueCampaign, on_delete=models.CASCADE, related_name="notices")
    item = models.ForeignKey(ReissueItem, on_delete=models.CASCADE, related_name="notices")
    account = models.ForeignKey(MailAccount, on_delete=models.PROTECT, related_name="+")
    partner = columns.address()
    message_id = models.CharField(max_length=200)
    planned_at = models.DateTimeField()
    state = models.CharField(
        max_length=16, choices=[(each.value, each.value) for each in NoticeState]
    )
    answer = models.CharField(max_length=500, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["campaign", "account", "partner"], name="told_once_a_campaign"
            ),
        )
        indexes = (
            models.Index(
                fields=["campaign", "next_try_at"],
                condition=Q(state="waiting"),
                name="notices_to_send",
            ),
        )
