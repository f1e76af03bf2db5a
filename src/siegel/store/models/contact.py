"""Contacts: people outside, with their addresses. Certificates are found by the addresses.

„Neben Name und Adresse befindet sich nun auch der Schlüssel im Adressbuch.“
"""

from django.db import models

from siegel.store.models import columns
from siegel.store.models.listing import WORD

NOTE = 2000  # characters of a note


class Contact(models.Model):
    """``sort_name`` is the name folded, for the order of the list."""

    name = models.CharField(max_length=columns.NAME)
    organisation = models.CharField(max_length=columns.NAME, blank=True)
    note = models.CharField(max_length=NOTE, blank=True)
    sort_name = models.CharField(max_length=columns.NAME)
    added_at = models.DateTimeField()
    added_by = columns.actor()
    changed_at = models.DateTimeField()
    changed_by = columns.actor()

    class Meta:
        indexes = (models.Index(fields=["sort_name", "id"], name="contacts_by_name"),)


class ContactAddress(models.Model):
    """An address belongs to one contact only: whoever writes to it is one person or office."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="addresses")
    address = columns.address(unique=True)
    position = models.PositiveSmallIntegerField(default=0)


class ContactWord(models.Model):
    """A word of the name, organisation or addresses, folded for searching."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="words")
    word = models.CharField(max_length=WORD, db_index=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["contact", "word"], name="contact_word_once"),
        )
