"""People who work with Siegel. They log in with an e-mail address; what they may do is a role."""

from enum import StrEnum
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from siegel.store.models import columns


class Role(StrEnum):
    MEMBER = "member"
    CERTIFICATE_MANAGER = "certificate_manager"
    ADMINISTRATOR = "administrator"


class User(AbstractBaseUser):
    """``language`` and ``theme``: how this person wants to see pages; "" = as the browser says."""

    email = columns.address(unique=True)
    display_name = models.CharField(max_length=columns.NAME, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    language = models.CharField(max_length=8, blank=True)
    theme = models.CharField(max_length=8, blank=True)

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
