"""Which mailboxes are to be looked at, and how the last look went: derived, nothing is queued."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from siegel.base.address import EmailAddress
from siegel.base.errors import NotFound
from siegel.store.models import (
    Folder,
    FolderChange,
    FolderMessage,
    Mailbox,
    UnfiledMessage,
)
from siegel.store.models.mailbox import MailboxKind
from siegel.store.queries.mail_sync import FOR_ROBOT
from siegel.store.sync_rows import MailboxState


def filed_here(accounts: Iterable[EmailAddress]) -> frozenset[EmailAddress]:
    """Those whose mail the gateway files; one query."""
    asked = Mailbox.objects.filter(
        kind=MailboxKind.GATEWAY, account__address__in={str(each) for each in accounts}
    )
    return frozenset(_addresses(asked))


def on_servers() -> tuple[EmailAddress, ...]:
    """Active accounts whose mail lies on an IMAP server."""
    return _addresses(_on_servers().order_by("pk"))


def due(*, at: datetime, limit: int) -> tuple[EmailAddress, ...]:
    """Those among them whose time has come, or where a person changed something just now. What
    waits behind a change that the server refused, waits for its time."""
    refused = FolderChange.objects.filter(item=OuterRef("item"), attempts__gt=0)
    fresh = FolderChange.objects.filter(
        ~Exists(refused), account_id=OuterRef("account_id"), attempts=0
    )
    asked = _on_servers().filter(Q(due_at=None) | Q(due_at__lte=at) | Q(Exists(fresh), attempts=0))
    return _addresses(asked.order_by(F("due_at").asc(nulls_first=True), "pk")[:limit])


def ring(account: EmailAddress, *, at: datetime) -> None:
    """Something happened on the server: due now, unless its troubles say otherwise."""
    _of(account).filter(Q(due_at=None) | Q(due_at__gt=at), attempts=0).update(due_at=at)


def look_again(account: EmailAddress, *, due_at: datetime) -> None:
    _of(account).update(due_at=due_at)


def state(account: EmailAddress) -> MailboxState:
    found = _states(_of(account))
    if not found:
        raise NotFound(f"{account} has no mailbox")
    return found[0]


def states() -> tuple[MailboxState, ...]:
    return _states(Mailbox.objects.order_by("account__address"))


def _states(asked: QuerySet[Mailbox]) -> tuple[MailboxState, ...]:
    return tuple(
        MailboxState(
            account=EmailAddress.parse(row.account.address),
            kind=row.kind,
            problem=row.problem,
            problem_since=row.problem_since,
            synced_at=row.synced_at,
            due_at=row.due_at,
            attempts=row.attempts,
            folders=Folder.objects.filter(account_id=row.account_id).count(),
            messages=FolderMessage.objects.filter(folder__account_id=row.account_id).count(),
            waiting=FolderChange.objects.filter(account_id=row.account_id).count(),
            unfiled=UnfiledMessage.objects.filter(folder__account_id=row.account_id)
            .exclude(reason=FOR_ROBOT)
            .count(),
        )
        for row in asked.select_related("account")
    )


def _on_servers() -> QuerySet[Mailbox]:
    return Mailbox.objects.filter(kind=MailboxKind.IMAP, account__active=True)


def _of(account: EmailAddress) -> QuerySet[Mailbox]:
    return Mailbox.objects.filter(account__address=str(account))


def _addresses(asked: QuerySet[Mailbox]) -> tuple[EmailAddress, ...]:
    found = asked.values_list("account__address", flat=True)
    return tuple(EmailAddress.parse(address) for address in found)
