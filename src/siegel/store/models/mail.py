"""Mail of accounts: folders, what lies in them, and conversations.

The raw message is the truth (``StoredMessage``). What stands here makes lists quick: one
``MailItem`` for each message of an account, however many folders it lies in, and one
``FolderConversation`` for each line that a list of a folder shows.
"""

from enum import StrEnum

from django.db import models
from django.db.models import Q

from siegel.policy.message_state import MessageState
from siegel.store.models import columns
from siegel.store.models.account import MailAccount
from siegel.store.models.message import StoredMessage
from siegel.store.models.user import User

FOLDER_NAME = 500  # characters of a folder's whole path
SUBJECT = 500
PREVIEW = 300
NOTE = 4000


class FolderRole(StrEnum):
    """What a folder is for (RFC 6154); "" for any other one."""

    INBOX = "inbox"
    SENT = "sent"
    DRAFTS = "drafts"
    ARCHIVE = "archive"
    JUNK = "junk"
    TRASH = "trash"
    OTHER = ""


class Folder(models.Model):
    """``uid_validity``, ``highest_uid`` and ``highest_modseq``: how far the server's folder has
    been read (RFC 9051 §2.3.1.1, RFC 7162). ``unread`` and ``total`` are kept with every change."""

    account = models.ForeignKey(MailAccount, on_delete=models.PROTECT, related_name="folders")
    name = models.CharField(max_length=FOLDER_NAME)
    delimiter = models.CharField(max_length=4, blank=True)
    role = models.CharField(
        max_length=16, choices=[(each.value, each.value) for each in FolderRole], blank=True
    )
    selectable = models.BooleanField(default=True)
    uid_validity = models.BigIntegerField(null=True)
    highest_uid = models.BigIntegerField(default=0)
    highest_modseq = models.BigIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    unread = models.PositiveIntegerField(default=0)
    synced_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["account", "name"], name="folder_name_once"),
        )


class Conversation(models.Model):
    """Messages of one account that answer each other (RFC 5322 §3.6.4)."""

    account = models.ForeignKey(MailAccount, on_delete=models.PROTECT, related_name="conversations")
    latest_at = models.DateTimeField()
    assigned_to = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, related_name="assigned"
    )
    assigned_by = columns.actor(blank=True)
    assigned_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=NOTE, blank=True)

    class Meta:
        indexes = (
            models.Index(fields=["assigned_to", "-latest_at", "-id"], name="assigned_first"),
        )


class ThreadKey(models.Model):
    """A Message-ID that a conversation contains or answers, hashed."""

    account = models.ForeignKey(MailAccount, on_delete=models.CASCADE, related_name="+")
    key = columns.digest()
    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="thread_keys"
    )

    class Meta:
        constraints = (models.UniqueConstraint(fields=["account", "key"], name="thread_key_once"),)


class MailItem(models.Model):
    """One message of an account as lists show it. ``subject`` is the one that everybody on the way
    could read; of an encrypted message, what was inside lies in ``sealed`` (JSON with subject and
    preview, under the content key) and ``preview`` is empty. ``outgoing``: one of ours wrote it.
    ``tried_at``: when one that is closed was last tried with the keys of its account."""

    account = models.ForeignKey(MailAccount, on_delete=models.PROTECT, related_name="items")
    stored = models.ForeignKey(StoredMessage, on_delete=models.PROTECT, related_name="items")
    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="items")
    message_id = models.CharField(max_length=1000, blank=True)
    sent_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()
    from_address = columns.address(blank=True)
    from_name = models.CharField(max_length=columns.NAME, blank=True)
    to_names = models.CharField(max_length=columns.NAME, blank=True)
    subject = models.CharField(max_length=SUBJECT, blank=True)
    preview = models.CharField(max_length=PREVIEW, blank=True)
    sealed = models.BinaryField(default=bytes)
    attachments = models.PositiveIntegerField(default=0)
    size = models.PositiveIntegerField()
    state = models.CharField(
        max_length=24, choices=[(each.value, each.value) for each in MessageState]
    )
    outgoing = models.BooleanField(default=False)
    filed_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["account", "stored"], name="message_once_an_account"),
        )
        indexes = (
            models.Index(fields=["conversation", "received_at", "id"], name="items_of_a_talk"),
            models.Index(fields=["account", "message_id"], name="items_by_message_id"),
            models.Index(fields=["account", "state", "id"], name="items_by_state"),
            models.Index(fields=["account", "-received_at", "-id"], name="items_latest"),
            models.Index(
                fields=["account", "-id"],
                condition=Q(state=MessageState.KEY_MISSING.value),
                name="items_closed",
            ),
        )


class FolderMessage(models.Model):
    """A message in a folder. ``uid`` is None until the server has told it (a move under way, or a
    folder that lies here). ``removed``: taken away here, the server does not know yet."""

    folder = models.ForeignKey(Folder, on_delete=models.CASCADE, related_name="messages")
    item = models.ForeignKey(MailItem, on_delete=models.CASCADE, related_name="places")
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="places")
    uid = models.BigIntegerField(null=True)
    seen = models.BooleanField(default=False)
    flagged = models.BooleanField(default=False)
    answered = models.BooleanField(default=False)
    draft = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["folder", "uid"], condition=~Q(uid=None), name="uid_once_a_folder"
            ),
        )
        indexes = (
            models.Index(fields=["folder", "conversation"], name="places_of_a_talk"),
            models.Index(fields=["folder", "item"], name="places_of_an_item"),
        )


class FolderConversation(models.Model):
    """One line of a folder's list: the messages of a conversation that lie in this folder."""

    folder = models.ForeignKey(Folder, on_delete=models.CASCADE, related_name="lines")
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="lines")
    latest_item = models.ForeignKey(MailItem, on_delete=models.CASCADE, related_name="+")
    latest_at = models.DateTimeField()
    messages = models.PositiveIntegerField()
    unread = models.PositiveIntegerField()
    flagged = models.PositiveIntegerField()
    attachments = models.PositiveIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["folder", "conversation"], name="line_once_a_folder"),
        )
        indexes = (
            models.Index(fields=["folder", "-latest_at", "-id"], name="lines_latest"),
            models.Index(
                fields=["folder", "-latest_at", "-id"],
                condition=Q(unread__gt=0),
                name="lines_unread",
            ),
            models.Index(
                fields=["folder", "-latest_at", "-id"],
                condition=Q(attachments__gt=0),
                name="lines_with_files",
            ),
            models.Index(
                fields=["folder", "-latest_at", "-id"],
                condition=Q(flagged__gt=0),
                name="lines_flagged",
            ),
        )


class ChangeKind(StrEnum):
    """What a person did here and the mail server has to learn."""

    SEEN = "seen"
    UNSEEN = "unseen"
    FLAGGED = "flagged"
    UNFLAGGED = "unflagged"
    ANSWERED = "answered"
    MOVE = "move"
    DELETE = "delete"
    APPEND = "append"


class FolderChange(models.Model):
    """One change that waits for the server of an IMAP account, in the order they were made.

    MOVE and DELETE name the place the message had (``folder``, ``uid``); APPEND the item whose raw
    bytes go into ``folder``. ``place`` is the row that shows the change here, while it exists.
    """

    account = models.ForeignKey(MailAccount, on_delete=models.CASCADE, related_name="changes")
    kind = models.CharField(
        max_length=16, choices=[(each.value, each.value) for each in ChangeKind]
    )
    folder = models.ForeignKey(Folder, on_delete=models.CASCADE, related_name="changes")
    uid = models.BigIntegerField(null=True)
    target = models.ForeignKey(Folder, on_delete=models.CASCADE, null=True, related_name="+")
    place = models.ForeignKey(
        FolderMessage, on_delete=models.SET_NULL, null=True, related_name="changes"
    )
    item = models.ForeignKey(MailItem, on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = (models.Index(fields=["account", "id"], name="changes_in_order"),)


class SenderConsent(models.Model):
    """A person lets pictures from outside be shown in mail whose checked sender is this one."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="consents")
    address = columns.address()
    given_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["user", "address"], name="consent_once_a_sender"),
        )
