"""Certificates for many accounts: a job that a worker goes through, line by line.

A line is finished when its certificate is on disk; whatever broke off is taken up by the enrolment
of its account, so a job holds no key and no serial number of its own.
"""

from enum import StrEnum

from django.db import models

from siegel.store.models import columns
from siegel.store.models.authority import Authority

PROBLEM = 500  # characters; one sentence


class EnrolmentJobState(StrEnum):
    RUNNING = "running"
    STOPPED = "stopped"
    DONE = "done"


class EnrolmentJob(models.Model):
    """``second_key``: of encryption, where everybody gets a pair; empty: one key for both.
    ``problem``: why it stopped by itself. ``started_at``: None while somebody still looks at it."""

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="jobs")
    key = models.CharField(max_length=24)
    second_key = models.CharField(max_length=24, blank=True)
    days = models.PositiveIntegerField()
    create_accounts = models.BooleanField(default=False)
    state = models.CharField(
        max_length=16, choices=[(each.value, each.value) for each in EnrolmentJobState]
    )
    total = models.PositiveIntegerField()
    problem = models.CharField(max_length=PROBLEM, blank=True)
    created_by = columns.actor()
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=["-created_at", "-id"], name="enrolment_jobs_latest"),
            models.Index(fields=["state", "started_at"], name="enrolment_jobs_by_state"),
        )


class EnrolmentLineState(StrEnum):
    """THERE: it had a good certificate before this job."""

    WAITING = "waiting"
    ISSUED = "issued"
    THERE = "there"
    FAILED = "failed"


class EnrolmentLine(models.Model):
    """Somebody of the list, or a line that nobody can read. ``detail``: fingerprints, or more about
    ``why`` there are none."""

    job = models.ForeignKey(EnrolmentJob, on_delete=models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField()
    address = models.CharField(max_length=columns.ADDRESS, blank=True)
    given_name = models.CharField(max_length=columns.NAME, blank=True)
    surname = models.CharField(max_length=columns.NAME, blank=True)
    name = models.CharField(max_length=columns.NAME, blank=True)
    shared = models.BooleanField(default=False)
    state = models.CharField(
        max_length=16, choices=[(each.value, each.value) for each in EnrolmentLineState]
    )
    why = models.CharField(max_length=24, blank=True)
    detail = models.CharField(max_length=PROBLEM, blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["job", "number"], name="enrolment_line_once"),
        )
        indexes = (
            models.Index(fields=["job", "state", "number"], name="enrolment_lines_by_state"),
        )
