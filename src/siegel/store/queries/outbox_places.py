"""What mail servers have to learn of mail that was sent here: a copy in a folder, a flag."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from siegel.store.models import FolderChange, FolderMessage, MailItem
from siegel.store.models.mail import ChangeKind
from siegel.store.queries import mail_filing


def append(folder: int, item: int, *, at: datetime) -> None:
    """The server gets the message, once: a place that it knows, or that waits for it already, is
    left alone."""
    with transaction.atomic():
        place = FolderMessage.objects.filter(folder_id=folder, item_id=item, uid=None).first()
        if place is None:
            return
        FolderChange.objects.get_or_create(
            account_id=MailItem.objects.get(pk=item).account_id,
            kind=ChangeKind.APPEND,
            folder_id=folder,
            item_id=item,
            place=place,
            defaults={"made_at": at},
        )


def answered(item: int, *, on_a_server: bool, at: datetime) -> None:
    """The flag, wherever the message lies."""
    with transaction.atomic():
        for place in mail_filing.places_of([item]):
            if place.flags.answered:
                continue
            mail_filing.set_flags([place.id], replace(place.flags, answered=True))
            if on_a_server:
                FolderChange.objects.create(
                    account_id=MailItem.objects.get(pk=item).account_id,
                    kind=ChangeKind.ANSWERED,
                    folder_id=place.folder,
                    uid=place.uid,
                    place_id=place.id,
                    item_id=item,
                    made_at=at,
                )
