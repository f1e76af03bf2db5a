"""The secret address by which a calendar program fetches what ends."""

from django.db import models

from siegel.store.models import columns
from siegel.store.models.user import User


class CalendarLink(models.Model):
    """One for each person; of the token only its hash is kept. A new one ends the old."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="calendar_link")
    token_sha256 = columns.digest(unique=True)
    language = models.CharField(max_length=2)
    made_at = models.DateTimeField()
