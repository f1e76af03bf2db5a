"""One conversation with its messages; however long it is, the questions are the same."""

from collections import defaultdict

from django.db.models import QuerySet

from siegel.base.address import EmailAddress
from siegel.base.errors import NotFound
from siegel.store.conversation_rows import ConversationRow, PlacedItem
from siegel.store.models import Conversation, Folder, MailItem
from siegel.store.models.mail import NOTE
from siegel.store.queries import mail_filing, mail_items
from siegel.store.text import clean


def get(id_: int) -> ConversationRow:
    found = Conversation.objects.select_related("account", "assigned_to").filter(pk=id_).first()
    if found is None:
        raise NotFound(f"no conversation {id_}")
    assigned = found.assigned_to
    return ConversationRow(
        id=found.pk,
        account=EmailAddress.parse(found.account.address),
        latest_at=found.latest_at,
        assigned_to=EmailAddress.parse(assigned.email) if assigned is not None else None,
        assigned_name=assigned.display_name if assigned is not None else "",
        note=found.note,
        messages=_lying(id_).count(),
    )


def items(id_: int, *, before: int | None, limit: int) -> tuple[PlacedItem, ...]:
    """The newest ``limit`` that lie in some folder, the oldest of them first; with ``before``,
    those that came before this one."""
    asked = _lying(id_)
    if before is not None:
        mark = MailItem.objects.filter(pk=before).values_list("received_at", flat=True).first()
        if mark is None:
            return ()
        asked = asked.filter(received_at__lte=mark).exclude(pk=before)
    rows = mail_items.rows(asked.order_by("-received_at", "-id")[:limit])
    places = defaultdict(list)
    for place in mail_filing.places_of([row.id for row in rows]):
        places[place.item].append(place)
    folders = {place.folder for found in places.values() for place in found}
    roles = dict(Folder.objects.filter(pk__in=folders).values_list("pk", "role"))
    return tuple(
        PlacedItem(
            row=row,
            places=tuple(places[row.id]),
            roles=frozenset(roles[place.folder] for place in places[row.id]),
        )
        for row in reversed(rows)
    )


def numbers(id_: int, *, limit: int) -> tuple[int, ...]:
    """Of its newest messages, the oldest of them first."""
    asked = _lying(id_).order_by("-received_at", "-id").values_list("pk", flat=True)
    return tuple(reversed(list(asked[:limit])))


def set_note(id_: int, note: str) -> None:
    Conversation.objects.filter(pk=id_).update(note=clean(note, NOTE))


def _lying(id_: int) -> QuerySet[MailItem]:
    return MailItem.objects.filter(conversation_id=id_, places__isnull=False).distinct()
