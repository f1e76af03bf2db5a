"""Lists of conversations, a page at a time; what a page costs does not grow with the mail.

The lines of each folder are read in the order of an index, from a mark on, never counted. A list of
several folders asks each of them for one page and merges those: as many questions as there are
folders, whatever lies in them.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from heapq import merge
from itertools import islice

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum, Window
from django.db.models.functions import Coalesce, RowNumber

from siegel.base.address import EmailAddress
from siegel.policy.message_state import MessageState
from siegel.store.mail_list_rows import (
    FetchRow,
    LinePage,
    LineRow,
    Only,
    Participant,
    Waiting,
)
from siegel.store.mail_rows import ItemRow
from siegel.store.models import (
    AccountPerson,
    Conversation,
    Folder,
    FolderConversation,
    FolderMessage,
    Mailbox,
    MailItem,
)
from siegel.store.models.mail import FolderRole
from siegel.store.models.mailbox import MailboxKind
from siegel.store.queries import mail_items

__all__ = ["Only", "assigned", "closed", "fetching", "found", "of_folders", "waiting"]

MOST_ASSIGNED = 1000  # conversations of one person that a folder's list is narrowed to
MOST_COUNTED = 99  # above it a figure says "99+"
MOST_WRITERS = 12  # messages of one conversation whose writers a line names

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)
_NARROWED = {
    Only.UNREAD: Q(unread__gt=0),
    Only.FILES: Q(attachments__gt=0),
    Only.FLAGGED: Q(flagged__gt=0),
}

_Place = tuple[datetime, int]


def of_folders(
    folders: Sequence[int],
    only: Only,
    *,
    person: EmailAddress,
    size: int,
    after: str | None = None,
    before: str | None = None,
) -> LinePage:
    """The newest first. ``person``: whose assignments ``Only.ASSIGNED`` means."""
    narrowed = _assigned_to(person) if only is Only.ASSIGNED else _NARROWED.get(only, Q())
    backwards = before is not None
    asked = [FolderConversation.objects.filter(narrowed, folder=folder) for folder in folders]
    pages = [_beyond(one, before or after, backwards, size + 1) for one in asked]
    taken = list(islice(merge(*pages, reverse=not backwards), size + 1))
    shown, older, newer = _cut(taken, size, backwards, after)
    return _page(_lines([pk for _, pk in shown]), shown, older=older, newer=newer)


def assigned(
    accounts: Iterable[EmailAddress],
    *,
    person: EmailAddress,
    size: int,
    after: str | None = None,
    before: str | None = None,
) -> LinePage:
    """Conversations that the person takes care of, the newest first, wherever their mail lies."""
    backwards = before is not None
    asked = Conversation.objects.filter(
        assigned_to__email=str(person), account__address__in=[str(each) for each in accounts]
    )
    taken = _beyond(asked, before or after, backwards, size + 1)
    shown, older, newer = _cut(taken, size, backwards, after)
    latest = _latest_items([pk for _, pk in shown])
    rows = _of_conversations({pk: latest[pk] for _, pk in shown if pk in latest})
    return _page(rows, shown, older=older, newer=newer)


def found(items: Sequence[int], accounts: Iterable[EmailAddress]) -> tuple[LineRow, ...]:
    """The conversations of messages that a search found, the newest first; each once, with the
    newest of its messages found. Messages of other accounts, and those that lie nowhere, are left
    out."""
    mine = Q(account__address__in=[str(each) for each in accounts])
    asked = MailItem.objects.filter(mine, pk__in=items, places__isnull=False)
    newest: dict[int, int] = {}
    for item, talk in asked.order_by("-received_at", "-id").values_list("pk", "conversation_id"):
        newest.setdefault(talk, item)
    return tuple(_of_conversations(newest).values())


def waiting(person: EmailAddress, *, at: datetime) -> Waiting:
    """One query, for every page."""
    inboxes = Folder.objects.filter(account=OuterRef("account"), role=FolderRole.INBOX)
    mine = Conversation.objects.filter(assigned_to=OuterRef("user"))
    counted = mine.order_by().values("assigned_to").annotate(number=Count("pk")).values("number")
    rows = (
        AccountPerson.objects.filter(
            Q(until=None) | Q(until__gt=at), since__lte=at, user__email=str(person)
        )
        .annotate(
            inbox=Subquery(
                inboxes.order_by().values("account").annotate(all=Sum("unread")).values("all")
            ),
            mine=Subquery(counted),
        )
        .values_list("inbox", Coalesce("mine", 0))
    )
    figures = list(rows)
    return Waiting(
        accounts=len(figures),
        inboxes=sum(unread is not None for unread, _ in figures),
        unread=sum(unread or 0 for unread, _ in figures),
        assigned=max((mine for _, mine in figures), default=0),
    )


def closed(accounts: Iterable[EmailAddress]) -> int:
    """Messages whose key is missing, at most ``MOST_COUNTED`` + 1."""
    asked = MailItem.objects.filter(
        account__address__in=[str(each) for each in accounts], state=MessageState.KEY_MISSING
    )
    return asked.order_by()[: MOST_COUNTED + 1].count()


def fetching(accounts: Iterable[EmailAddress]) -> tuple[FetchRow, ...]:
    """Mailboxes on mail servers, by address; one query."""
    asked = Mailbox.objects.filter(
        kind=MailboxKind.IMAP, account__address__in=[str(each) for each in accounts]
    )
    rows = asked.order_by("account__address").values_list(
        "account__address", "problem", "synced_at"
    )
    return tuple(
        FetchRow(account=EmailAddress.parse(address), problem=problem, synced_at=synced_at)
        for address, problem, synced_at in rows
    )


def _assigned_to(person: EmailAddress) -> Q:
    mine = Conversation.objects.filter(assigned_to__email=str(person)).order_by("-latest_at", "-id")
    return Q(conversation__in=list(mine.values_list("pk", flat=True)[:MOST_ASSIGNED]))


def _beyond(
    asked: "QuerySet[FolderConversation] | QuerySet[Conversation]",
    mark: str | None,
    backwards: bool,
    limit: int,
) -> list[_Place]:
    """(when, number) of what comes behind the mark, or before it; a mark nobody gave is none."""
    sign, side = ("", "gt") if backwards else ("-", "lt")
    place = _place(mark)
    if place is not None:
        moment, number = place
        further = Q(**{f"latest_at__{side}": moment}) | Q(
            **{"latest_at": moment, f"id__{side}": number}
        )
        asked = asked.filter(further, **{f"latest_at__{side}e": moment})
    return list(
        asked.order_by(f"{sign}latest_at", f"{sign}id").values_list("latest_at", "pk")[:limit]
    )


def _cut(
    taken: list[_Place], size: int, backwards: bool, after: str | None
) -> tuple[list[_Place], bool, bool]:
    """The page, and whether something is behind and before it."""
    more, shown = len(taken) > size, taken[:size]
    if backwards:
        return shown[::-1], True, more
    return shown, more, after is not None


def _page(rows: dict[int, LineRow], shown: list[_Place], *, older: bool, newer: bool) -> LinePage:
    return LinePage(
        rows=tuple(rows[pk] for _, pk in shown if pk in rows),
        before=_mark(shown[0]) if shown and newer else None,
        after=_mark(shown[-1]) if shown and older else None,
    )


def _mark(place: _Place) -> str:
    moment, number = place
    return f"{(moment - _EPOCH) // _TICK}.{number}"


def _place(mark: str | None) -> _Place | None:
    moment, _, number = (mark or "").partition(".")
    if not all(each.isascii() and each.isdigit() and len(each) < 18 for each in (moment, number)):
        return None
    try:
        return _EPOCH + int(moment) * _TICK, int(number)
    except OverflowError:
        return None


def _lines(numbers: list[int]) -> dict[int, LineRow]:
    """Lines of folders by their number; three queries."""
    asked = FolderConversation.objects.filter(pk__in=numbers)
    lines = list(asked.select_related("conversation__assigned_to"))
    items = {row.id: row for row in mail_items.get_all(line.latest_item_id for line in lines)}
    writers = _writers(line.conversation_id for line in lines)
    return {
        line.pk: _row(
            line.conversation,
            items[line.latest_item_id],
            writers[line.conversation_id],
            place=(line.latest_at, line.pk),
            folder=line.folder_id,
            figures=(line.messages, line.unread, line.flagged, line.attachments),
        )
        for line in lines
    }


def _latest_items(talks: list[int]) -> dict[int, int]:
    newest = Window(RowNumber(), partition_by="conversation_id", order_by=("-received_at", "-id"))
    asked = MailItem.objects.filter(conversation_id__in=talks, places__isnull=False)
    ranked = asked.annotate(rank=newest).filter(rank=1)
    return dict(ranked.values_list("conversation_id", "pk"))


def _of_conversations(items: dict[int, int]) -> dict[int, LineRow]:
    """Conversations by number, each with the message given; four queries."""
    talks = Conversation.objects.filter(pk__in=items).select_related("assigned_to")
    by_number = {talk.pk: talk for talk in talks}
    rows = {row.conversation: row for row in mail_items.get_all(items.values())}
    writers, figures = _writers(items), _figures(items)
    return {
        number: _row(
            by_number[number],
            rows[number],
            writers[number],
            place=(by_number[number].latest_at, number),
            folder=None,
            figures=figures[number],
        )
        for number in items
    }


def _figures(talks: Iterable[int]) -> dict[int, tuple[int, int, int, int]]:
    """Of all that lies in folders: messages, unread, flagged, with files."""
    asked = FolderMessage.objects.filter(conversation_id__in=list(talks)).order_by()
    rows = asked.values("conversation_id").annotate(
        messages=Count("item", distinct=True),
        unread=Count("item", distinct=True, filter=Q(seen=False)),
        flags=Count("item", distinct=True, filter=Q(flagged=True)),
        files=Count("item", distinct=True, filter=Q(item__attachments__gt=0)),
    )
    return {
        talk: (messages, unread, flags, files)
        for talk, messages, unread, flags, files in rows.values_list(
            "conversation_id", "messages", "unread", "flags", "files"
        )
    }


def _writers(talks: Iterable[int]) -> dict[int, tuple[Participant, ...]]:
    """Who wrote the newest messages of each conversation, each person once; one query."""
    newest = Window(RowNumber(), partition_by="conversation_id", order_by=("-received_at", "-id"))
    asked = MailItem.objects.filter(conversation_id__in=list(talks)).annotate(rank=newest)
    rows = asked.filter(rank__lte=MOST_WRITERS).order_by(F("rank"))
    found: dict[int, dict[str, Participant]] = defaultdict(dict)
    for talk, name, address, ours in rows.values_list(
        "conversation_id", "from_name", "from_address", "outgoing"
    ):
        someone = Participant(name=name, address=address, ours=ours)
        found[talk].setdefault("" if ours else address or name, someone)
    writers = {talk: tuple(people.values()) for talk, people in found.items()}
    return defaultdict(tuple, writers)


def _row(
    talk: Conversation,
    latest: ItemRow,
    people: tuple[Participant, ...],
    *,
    place: _Place,
    folder: int | None,
    figures: tuple[int, int, int, int],
) -> LineRow:
    messages, unread, flagged, attachments = figures
    assigned = talk.assigned_to
    return LineRow(
        mark=_mark(place),
        folder=folder,
        conversation=talk.pk,
        at=latest.received_at,
        latest=latest,
        people=people,
        messages=messages,
        unread=unread,
        flagged=flagged,
        attachments=attachments,
        assigned_to=EmailAddress.parse(assigned.email) if assigned is not None else None,
        assigned_name=assigned.display_name if assigned is not None else "",
    )
