"""Private keys, sealed; files that still wait for their passphrase; the mark of the key file.

Keys are stored by the hash of their SubjectPublicKeyInfo: a key exists before its certificate and
may have several. A key is never deleted, because old mail needs it; it can be archived.
"""

from django.db import models

from siegel.store.models import columns
from siegel.store.models.account import MailAccount

THE_KEY_CHECK = 1


class PrivateKey(models.Model):
    spki_sha256 = columns.digest(primary_key=True)
    sealed = models.BinaryField()
    added_at = models.DateTimeField()
    added_by = columns.actor()
    archived_at = models.DateTimeField(null=True)


class KeyBinding(models.Model):
    """The account that may sign with a key and whose mail it opens."""

    key = models.ForeignKey(PrivateKey, on_delete=models.PROTECT, related_name="bindings")
    account = models.ForeignKey(MailAccount, on_delete=models.PROTECT, related_name="bindings")
    bound_by = columns.actor()
    bound_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["key", "account"], name="one_binding_per_account"),
        )


class LockedFile(models.Model):
    """A .p12 or key file as it came, still encrypted; its passphrase is never stored."""

    name = models.CharField(max_length=columns.NAME)
    data = models.BinaryField()
    sha256 = columns.digest(unique=True)
    uploaded_at = models.DateTimeField()
    uploaded_by = columns.actor()


class UnlockAttempt(models.Model):
    """Somebody tried a passphrase on a locked file: written before it is tried."""

    locked_file = models.ForeignKey(LockedFile, on_delete=models.CASCADE, related_name="attempts")
    actor = columns.actor()
    at = models.DateTimeField()

    class Meta:
        indexes = (
            models.Index(fields=["actor", "at"], name="attempts_of_a_person"),
            models.Index(fields=["locked_file", "actor", "at"], name="attempts_on_a_file"),
        )


class KeyCheck(models.Model):
    """Recognises the key file that sealed the keys of this store, without revealing it."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=THE_KEY_CHECK)
    check_value = models.CharField(max_length=128)
    set_at = models.DateTimeField()

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(id=1), name="one_key_check"),)
