"""Lists of what has to be done at other authorities, for one of our accounts each."""

from django.db import models

from siegel.store.models import columns
from siegel.store.models.account import MailAccount

TITLE = 120
TEXT = 2000
KIND = 24


class AuthorityChecklist(models.Model):
    """``counterpart``: which preset it was made from; ``title`` is what people call it."""

    counterpart = models.CharField(max_length=KIND)
    title = models.CharField(max_length=TITLE)
    account = models.ForeignKey(MailAccount, on_delete=models.CASCADE, related_name="checklists")
    page = models.CharField(max_length=TEXT, blank=True)
    note = models.CharField(max_length=TEXT, blank=True)
    made_at = models.DateTimeField()
    made_by = columns.actor()


class ChecklistStep(models.Model):
    """``title`` and ``text`` are of steps that people wrote themselves. What was done last stays
    here until it is done anew; all of it stands in the journal."""

    checklist = models.ForeignKey(
        AuthorityChecklist, on_delete=models.CASCADE, related_name="steps"
    )
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=KIND)
    title = models.CharField(max_length=TITLE, blank=True)
    text = models.CharField(max_length=TEXT, blank=True)
    follows_certificate = models.BooleanField(default=False)
    done_at = models.DateTimeField(null=True)
    done_by = columns.actor(blank=True)
    fingerprint = columns.digest(blank=True)
    note = models.CharField(max_length=TEXT, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["checklist", "position"], name="checklist_step_in_one_place"
            ),
        )
