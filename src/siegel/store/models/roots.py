"""Lists of public roots that an administrator took over in place of the shipped one."""

from django.db import models

from siegel.store.append_only import AppendOnly
from siegel.store.models import columns


class PublicRootList(AppendOnly):
    """One list: from where, of which day, and who took it over when.

    ``number`` counts from 1 without gaps: two lists that were compared with the same one before
    cannot both come after it.
    """

    number = models.PositiveIntegerField(unique=True)
    source = models.CharField(max_length=1000)
    sha256 = columns.digest()
    published_at = models.DateTimeField()
    who = columns.actor()
    when = models.DateTimeField()


class PublicRoot(AppendOnly):
    """A certificate of one list. Not ``trusted`` = named as one that must not count for mail."""

    root_list = models.ForeignKey(PublicRootList, on_delete=models.PROTECT, related_name="roots")
    fingerprint = columns.digest()
    der = models.BinaryField()
    trusted = models.BooleanField()
    distrust_after = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["root_list", "fingerprint"], name="root_once_in_a_list"
            ),
        )
