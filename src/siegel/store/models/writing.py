"""What people write: drafts, signature texts, the outbox, mail to many.

Texts lie sealed under the content key. What the outbox has accepted is sent, or somebody is told.
"""

from enum import StrEnum

from django.db import models

from siegel.store.models import columns
from siegel.store.models.account import MailAccount
from siegel.store.models.mail import SUBJECT, MailItem
from siegel.store.models.user import User


class DraftKind(StrEnum):
    NEW = "new"
    REPLY = "reply"
    REPLY_ALL = "reply_all"
    FORWARD = "forward"


class Draft(models.Model):
    """``sealed``: JSON of the fields of the form. ``version`` counts saves, so that two windows do
    not overwrite each other. ``item``: the message it answers or forwards. ``place_message_id``:
    of the copy on the mail server, encrypted to the writer, empty while there is none. ``outbox``:
    the message it became; the draft is there again when that is taken back."""

    account = models.ForeignKey(MailAccount, on_delete=models.CASCADE, related_name="drafts")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="drafts")
    kind = models.CharField(max_length=16, choices=[(each.value, each.value) for each in DraftKind])
    item = models.ForeignKey(MailItem, on_delete=models.SET_NULL, null=True, related_name="+")
    sealed = models.BinaryField()
    version = models.PositiveIntegerField(default=1)
    place_message_id = models.CharField(max_length=200, blank=True)
    outbox = models.ForeignKey(
        "OutboxItem", on_delete=models.SET_NULL, null=True, related_name="drafts"
    )
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["user", "-updated_at", "-id"], name="drafts_latest"),)


class DraftAttachment(models.Model):
    """A file of a draft; ``sealed`` are its octets, ``label`` is its sealed name and type."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="attachments")
    label = models.BinaryField()
    size = models.PositiveIntegerField()
    sealed = models.BinaryField()


class SignatureText(models.Model):
    """Lines below a message; of one account, for everybody who writes there."""

    account = models.ForeignKey(
        MailAccount, on_delete=models.CASCADE, related_name="signature_texts"
    )
    name = models.CharField(max_length=200)
    text = models.CharField(max_length=4000)
    by_default = models.BooleanField(default=False)
    changed_by = columns.actor()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["account", "name"], name="signature_text_once"),
        )


class OutboxState(StrEnum):
    """WAITING: for its moment. SENDING: a worker has it. HELD: may not leave as it is, a person
    decides. SENT: the next hop has it. FAILED: it will not be tried again. WITHDRAWN: undone."""

    WAITING = "waiting"
    SENDING = "sending"
    HELD = "held"
    SENT = "sent"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


class BulkState(StrEnum):
    RUNNING = "running"
    STOPPED = "stopped"
    DONE = "done"


class BulkJob(models.Model):
    """One text to many, a message for each: signed, never encrypted. ``sealed``: JSON of subject,
    text and the names of the merge fields, and what was left out of the list. ``plan``: the least
    protection its messages leave with. ``problem``: why it stopped by itself. ``started_at``: None
    while somebody still looks at it."""

    account = models.ForeignKey(MailAccount, on_delete=models.PROTECT, related_name="bulk_jobs")
    user = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    sender = columns.address()
    subject = models.CharField(max_length=SUBJECT, blank=True)
    sealed = models.BinaryField()
    state = models.CharField(
        max_length=16, choices=[(each.value, each.value) for each in BulkState]
    )
    total = models.PositiveIntegerField()
    created_by = columns.actor()
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    reported_at = models.DateTimeField(null=True)
    plan = models.CharField(max_length=24, blank=True)
    problem = models.CharField(max_length=64, blank=True)
    started_at = models.DateTimeField(null=True)


class BulkItemState(StrEnum):
    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"


class BulkItem(models.Model):
    """One recipient of such a job. ``sealed``: JSON of his fields; ``message_id`` is fixed before
    the first try, so that a retry is the same message."""

    job = models.ForeignKey(BulkJob, on_delete=models.CASCADE, related_name="items")
    number = models.PositiveIntegerField()
    address = columns.address()
    sealed = models.BinaryField()
    message_id = models.CharField(max_length=200)
    state = models.CharField(
        max_length=16, choices=[(each.value, each.value) for each in BulkItemState]
    )
    answer = models.CharField(max_length=500, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["job", "number"], name="bulk_number_once"),)
        indexes = (
            models.Index(fields=["job", "state", "number"], name="bulk_items_by_state"),
            models.Index(fields=["job", "state", "next_try_at"], name="bulk_items_due"),
        )


class OutboxItem(models.Model):
    """A message on its way out. ``sealed``: the octets before protection, fixed when it was
    accepted, Message-ID and Date among them. ``plan``: the least protection it may leave with.
    ``reasons`` and ``obstacles``: why it is held, ``held_at``: since when; it stays when the
    message leaves after all. ``waits``: the writer wants it encrypted, however long that takes.
    ``due_at``: looked at next; while SENDING, from when on another worker may take it up."""

    account = models.ForeignKey(MailAccount, on_delete=models.PROTECT, related_name="outbox")
    user = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    sender = columns.address()
    subject = models.CharField(max_length=SUBJECT, blank=True)
    message_id = models.CharField(max_length=200, unique=True)
    sealed = models.BinaryField(default=bytes)
    state = models.CharField(
        max_length=16, choices=[(each.value, each.value) for each in OutboxState]
    )
    reasons = models.JSONField(default=list)
    obstacles = models.JSONField(default=dict)
    plan = models.CharField(max_length=24, blank=True)
    journal = models.BigIntegerField(null=True)
    answers = models.ForeignKey(MailItem, on_delete=models.SET_NULL, null=True, related_name="+")
    accepted_by = columns.actor()
    accepted_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    answer = models.CharField(max_length=500, blank=True)
    sent_at = models.DateTimeField(null=True)
    filed_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    waits = models.BooleanField(default=False)
    held_at = models.DateTimeField(null=True)
    tried_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=["state", "due_at", "id"], name="outbox_due"),
            models.Index(fields=["account", "-accepted_at", "-id"], name="outbox_latest"),
        )


class OutboxRecipient(models.Model):
    """``state``: "" not yet, else accepted or refused, with the next hop's ``answer``."""

    item = models.ForeignKey(OutboxItem, on_delete=models.CASCADE, related_name="recipients")
    address = columns.address()
    kind = models.CharField(max_length=3, choices=[("to", "to"), ("cc", "cc"), ("bcc", "bcc")])
    state = models.CharField(max_length=16, blank=True)
    answer = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["item", "address"], name="outbox_recipient_once"),
        )
