"""Lists of the help that an administrator changed (without a row the shipped list holds), and where
each person is in the tour of the demo.
"""

from django.db import models

from siegel.store.models import columns
from siegel.store.models.user import User
from siegel.wording.help_links import LONGEST_NOTE, LONGEST_TITLE

URL = 2000
KEY = 40


class HelpList(models.Model):
    """One list as a whole; it may be empty, which is not the same as the shipped one."""

    kind = models.CharField(max_length=16, primary_key=True)
    changed_at = models.DateTimeField()
    changed_by = columns.actor()


class HelpLink(models.Model):
    """``position`` counts from 0 in the order of the list."""

    help_list = models.ForeignKey(HelpList, on_delete=models.CASCADE, related_name="links")
    key = models.CharField(max_length=KEY)
    position = models.PositiveSmallIntegerField()
    url = models.CharField(max_length=URL)
    title_de = models.CharField(max_length=LONGEST_TITLE)
    title_en = models.CharField(max_length=LONGEST_TITLE)
    note_de = models.CharField(max_length=LONGEST_NOTE, blank=True)
    note_en = models.CharField(max_length=LONGEST_NOTE, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["help_list", "key"], name="help_link_once_in_a_list"),
        )


class Tour(models.Model):
    """``step`` counts from 1; one more than the last step means that the tour is over."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True)
    step = models.PositiveSmallIntegerField(default=1)
    closed = models.BooleanField(default=False)
