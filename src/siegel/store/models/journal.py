"""The journal: who did what, about whom, why. Never bodies, subjects, passphrases or keys."""

from django.db import models

from siegel.store.append_only import AppendOnly
from siegel.store.models import columns


class JournalEntry(AppendOnly):
    """``about`` is what the action was done to: a sender's address, a fingerprint, an account."""

    at = models.DateTimeField(db_index=True)
    actor = columns.actor()
    action = models.CharField(max_length=64, db_index=True)
    about = models.CharField(max_length=columns.ADDRESS, blank=True, db_index=True)
    message_id = models.CharField(max_length=1000, blank=True, db_index=True)
    reasons = models.JSONField(default=list)
    detail = models.JSONField(default=dict)

    class Meta:
        # what happened to one certificate, among the thousands of mails of its address
        indexes = (models.Index(fields=["about", "action", "-id"], name="journal_about_action"),)


class JournalAddress(AppendOnly):
    """The recipients of an entry, so that everything about one address can be found."""

    entry = models.ForeignKey(JournalEntry, on_delete=models.CASCADE, related_name="recipients")
    address = columns.address(db_index=True)
