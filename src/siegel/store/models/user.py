"""People who work with Siegel. They log in with an e-mail address; what they may do is a role."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from siegel.policy.roles import Role
from siegel.store.models import columns


class User(AbstractBaseUser):
    """``language`` and ``theme``: how this person wants to see pages; "" = as the browser says.
    ``undo_seconds``: how long sending can be undone."""

    email = columns.address(unique=True)
    display_name = models.CharField(max_length=columns.NAME, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    language = models.CharField(max_length=8, blank=True)
    theme = models.CharField(max_length=8, blank=True)
    undo_seconds = models.PositiveSmallIntegerField(default=10)

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = BaseUserManager["User"]()


class Membership(models.Model):
    """A role from one moment on, and, for a deputy, until another."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=32, choices=[(role.value, role.value) for role in Role])
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["user", "role", "since"], name="one_role_at_a_time"),
        )


class Invitation(models.Model):
    """A link by which one person sets a password, once. Only the hash of its token lies here."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="invitation")
    token_sha256 = columns.digest(unique=True)
    invited_by = columns.actor()
    invited_at = models.DateTimeField()
    ends_at = models.DateTimeField()
