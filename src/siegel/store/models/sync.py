"""What keeping a mailbox in step with its mail server remembers of single messages."""

from django.db import models

from siegel.store.models.mail import Folder


class UnfiledMessage(models.Model):
    """A message on the server that cannot be filed: it is none, or exceeds a limit. ``reason`` is
    a code; it is not asked for again."""

    folder = models.ForeignKey(Folder, on_delete=models.CASCADE, related_name="unfiled")
    uid = models.BigIntegerField()
    reason = models.CharField(max_length=64)
    size = models.BigIntegerField()
    noted_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["folder", "uid"], name="unfiled_once_a_folder"),
        )
