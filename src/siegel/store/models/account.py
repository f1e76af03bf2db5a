"""Mail accounts of the organisation and the addresses they may use."""

from enum import StrEnum

from django.db import models
from django.db.models import Q

from siegel.policy.access import Capacity
from siegel.store.models import columns
from siegel.store.models.user import User


class Grant(StrEnum):
    """ALIAS: another address of the same person. DELEGATION: may send as somebody else."""

    ALIAS = "alias"
    DELEGATION = "delegation"


class MailAccount(models.Model):
    address = columns.address(unique=True)
    display_name = models.CharField(max_length=columns.NAME, blank=True)
    active = models.BooleanField(default=True)
    added_at = models.DateTimeField()


class AccountAddress(models.Model):
    """An address besides its own that an account may use; an alias belongs to one account only."""

    account = models.ForeignKey(MailAccount, on_delete=models.CASCADE, related_name="granted")
    address = columns.address(db_index=True)
    kind = models.CharField(max_length=16, choices=[(kind.value, kind.value) for kind in Grant])
    granted_by = columns.actor()
    granted_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["account", "address"], name="one_grant_per_address"),
            models.UniqueConstraint(
                fields=["address"], condition=Q(kind="alias"), name="alias_of_one_account"
            ),
        )


class AccountPerson(models.Model):
    """Somebody works with an account: its owner, one of several, or a deputy for a time."""

    account = models.ForeignKey(MailAccount, on_delete=models.CASCADE, related_name="people")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="accounts")
    capacity = models.CharField(
        max_length=16, choices=[(each.value, each.value) for each in Capacity]
    )
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    added_by = columns.actor()
    added_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["account", "user"], name="once_on_an_account"),
        )
