"""Looking again at kept mail after trust has changed: what is due, and how far it is."""

from django.db import models
from django.db.models import Q

from siegel.store.models import columns
from siegel.store.models.message import StoredMessage
from siegel.store.models.roots import PublicRootList
from siegel.store.models.trust import TrustDecision


class MessageSigner(models.Model):
    """Who signed a kept message, and who certified that: finds the messages a decision is about."""

    message = models.ForeignKey(StoredMessage, on_delete=models.CASCADE, related_name="signers")
    fingerprint = columns.digest(db_index=True)
    issuer_sha256 = columns.digest(db_index=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["message", "fingerprint"], name="signer_once"),
        )


class Rejudgement(models.Model):
    """The work that one decision, or one list of public roots, has caused.

    A decision without such a row, or with an unfinished one, is due; so nothing is lost with a
    process. ``last_message``: kept messages up to this number were looked at.
    """

    decision = models.OneToOneField(
        TrustDecision, on_delete=models.PROTECT, null=True, related_name="rejudgement"
    )
    root_list = models.OneToOneField(
        PublicRootList, on_delete=models.PROTECT, null=True, related_name="rejudgement"
    )
    last_message = models.BigIntegerField(default=0)
    looked_at = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    linked = models.PositiveIntegerField(default=0)
    begun_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(decision=None) ^ Q(root_list=None), name="one_cause_of_rejudgement"
            ),
        )
