"""The words that messages of accounts are found by."""

from django.db import models

from siegel.store.models.mail import MailItem


class SearchEntry(models.Model):
    """``words``: folded, each once, with blanks between, the account's own sign among them. The
    index over them is made by hand (migration 0013): FTS5 of SQLite, kept in step by triggers, or
    a tsvector of PostgreSQL. A later migration that makes this table anew must make those anew."""

    item = models.OneToOneField(
        MailItem, on_delete=models.CASCADE, primary_key=True, related_name="search_entry"
    )
    words = models.TextField()
