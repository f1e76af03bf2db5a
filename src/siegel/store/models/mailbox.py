"""Where the mail of an account lies, and how it is fetched and sent."""

from enum import StrEnum

from django.db import models

from siegel.store.models import columns
from siegel.store.models.account import MailAccount

HOST = 255  # characters of a host name (RFC 1035 §2.3.4)
USER = 400  # characters of a login name


class MailboxKind(StrEnum):
    """IMAP: on a mail server. GATEWAY: here; the gateway files what arrives for the account."""

    IMAP = "imap"
    GATEWAY = "gateway"


class Security(StrEnum):
    """TLS: from the first octet. STARTTLS: demanded. NONE: only towards the machine itself."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


class Authentication(StrEnum):
    PASSWORD = "password"  # noqa: S105 - names a method
    OAUTH2 = "oauth2"


def _choices(kind: type[StrEnum]) -> list[tuple[str, str]]:
    return [(each.value, each.value) for each in kind]


class Mailbox(models.Model):
    """``sealed`` holds the credentials (JSON under the content key). ``problem`` is the code of
    what keeps mail from being fetched, empty while all is well; ``due_at``: looked at next.
    ``hosts_approved``: an administrator entered the hosts, which may lie in the own network."""

    account = models.OneToOneField(MailAccount, on_delete=models.PROTECT, related_name="mailbox")
    kind = models.CharField(max_length=16, choices=_choices(MailboxKind))
    imap_host = models.CharField(max_length=HOST, blank=True)
    imap_port = models.PositiveIntegerField(default=993)
    imap_security = models.CharField(
        max_length=16, choices=_choices(Security), default=Security.TLS
    )
    imap_user = models.CharField(max_length=USER, blank=True)
    smtp_host = models.CharField(max_length=HOST, blank=True)
    smtp_port = models.PositiveIntegerField(default=465)
    smtp_security = models.CharField(
        max_length=16, choices=_choices(Security), default=Security.TLS
    )
    smtp_user = models.CharField(max_length=USER, blank=True)
    authentication = models.CharField(
        max_length=16, choices=_choices(Authentication), default=Authentication.PASSWORD
    )
    oauth = models.JSONField(default=dict)
    hosts_approved = models.BooleanField(default=False)
    sealed = models.BinaryField(default=bytes)
    problem = models.CharField(max_length=64, blank=True)
    problem_since = models.DateTimeField(null=True)
    synced_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True, db_index=True)
    attempts = models.PositiveIntegerField(default=0)
    changed_by = columns.actor()
    changed_at = models.DateTimeField()


class ContentKey(models.Model):
    """The key under which drafts, credentials and other contents lie, itself sealed under the key
    file: a new key file changes this one row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    sealed = models.BinaryField()

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(id=1), name="one_content_key"),)
