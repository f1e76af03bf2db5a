"""One line for everything that stands in the list of certificates, and the words it is found by.

A certificate is written once and never changes; whether it is ours changes when its key comes. So
the list has rows of its own, small, in the order people read them, and kept by the same functions
that add certificates, keys and locked files.
"""

from enum import StrEnum

from django.db import models
from django.db.models import Q

from siegel.store.models import columns
from siegel.store.models.certificate import Certificate, Source
from siegel.store.models.key import LockedFile

WORD = 64  # characters of one search word; names of people and offices have fewer


class Kind(StrEnum):
    """OWN: its private key is here. PARTNER: somebody else's. AUTHORITY: vouches for others.
    LOCKED: a file that waits for its passphrase."""

    OWN = "own"
    PARTNER = "partner"
    AUTHORITY = "authority"
    LOCKED = "locked"


class ListEntry(models.Model):
    """A certificate or a locked file; the newest has the highest ``id``. Dates are copied, because
    the list can be sorted by them; a locked file has none. ``with_key``: our key belongs to it."""

    certificate = models.OneToOneField(
        Certificate, on_delete=models.CASCADE, null=True, related_name="entry"
    )
    locked_file = models.OneToOneField(
        LockedFile, on_delete=models.CASCADE, null=True, related_name="entry"
    )
    kind = models.CharField(max_length=16, choices=[(each.value, each.value) for each in Kind])
    with_key = models.BooleanField()
    source = models.CharField(max_length=16, choices=[(each.value, each.value) for each in Source])
    spki_sha256 = columns.digest(db_index=True, blank=True)
    serial = models.CharField(max_length=64, blank=True, db_index=True)
    not_before = models.DateTimeField(null=True)
    not_after = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(certificate=None) ^ Q(locked_file=None), name="entry_of_one_thing"
            ),
        )
        indexes = (
            models.Index(fields=["kind", "id"], name="entries_of_kind"),
            models.Index(fields=["with_key", "id"], name="entries_with_key"),
            models.Index(fields=["source", "id"], name="entries_of_source"),
            models.Index(fields=["kind", "source", "id"], name="entries_of_kind_and_source"),
            models.Index(fields=["not_after", "id"], name="entries_ending"),
            models.Index(fields=["kind", "not_after", "id"], name="entries_of_kind_ending"),
            models.Index(fields=["not_before", "id"], name="entries_beginning"),
        )


class EntryWord(models.Model):
    """A word of the names in a certificate or of a file's name, folded for searching."""

    entry = models.ForeignKey(ListEntry, on_delete=models.CASCADE, related_name="words")
    word = models.CharField(max_length=WORD, db_index=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["entry", "word"], name="entry_word_once"),)
