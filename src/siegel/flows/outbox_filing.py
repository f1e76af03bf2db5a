"""After sending: the writer's copy into Sent, „answered“ at what was answered, news into his inbox.

Each step may be repeated after a crash: what lies there already is known by its Message-ID.
"""

from dataclasses import replace
from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.flows import filing, mailboxes
from siegel.flows.filing import Arrival
from siegel.flows.site import Site
from siegel.store.mail_rows import Flags, FolderRow
from siegel.store.mailbox_rows import MailboxKind
from siegel.store.queries import mail_due, mail_filing, mail_folders, mail_items, outbox_places
from siegel.store.queries.mail_folders import FolderRole

_NAMES = {FolderRole.SENT: "Sent", FolderRole.INBOX: "INBOX"}


def put(
    account: EmailAddress,
    role: FolderRole,
    message_id: str,
    raw: bytes,
    site: Site,
    *,
    seen: bool,
    at: datetime,
) -> int:
    """The message into the account's folder of that role, which is made if it is missing; once,
    however often this is called. Its mail server gets it, too. Nothing is fetched for it."""
    folder = mail_folders.with_role(account, role) or _made(account, role)
    item = _lies_in(account, folder, message_id)
    if item is None:
        arrival = Arrival(
            account=account, folder=folder.id, raw=raw, received_at=at, flags=Flags(seen=seen)
        )
        item = filing.file(arrival, replace(site, network=None), at=at)
    if _lies_on_a_server(account):
        outbox_places.append(folder.id, item, at=at)
        mail_due.ring(account, at=at)
    return item


def mark_answered(account: EmailAddress, item: int, *, at: datetime) -> None:
    on_a_server = _lies_on_a_server(account)
    outbox_places.answered(item, on_a_server=on_a_server, at=at)


def _lies_on_a_server(account: EmailAddress) -> bool:
    row = mailboxes.get(account)
    return row is not None and row.kind is MailboxKind.IMAP


def _made(account: EmailAddress, role: FolderRole) -> FolderRow:
    return mail_folders.ensure(account, _NAMES[role], role=role)


def _lies_in(account: EmailAddress, folder: FolderRow, message_id: str) -> int | None:
    known = [each.id for each in mail_items.by_message_id(account, message_id)]
    places = mail_filing.places_of(known)
    return next((place.item for place in places if place.folder == folder.id), None)
