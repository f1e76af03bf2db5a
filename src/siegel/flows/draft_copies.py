"""A copy of a draft on the mail server, encrypted to its writer: for another mail program.

Only for accounts whose mail lies on a server, and only with a certificate of the writer's own; a
draft never lies there readable. Whom it is for and what it is about stand inside as well.
"""

from datetime import datetime, timedelta

from siegel.base.address import EmailAddress
from siegel.base.errors import SiegelError
from siegel.flows import composing, filing, mail_actions, mailboxes, outbox_weighing
from siegel.flows.composing import Named, Text
from siegel.flows.drafts import Draft
from siegel.flows.filing import Arrival
from siegel.flows.outbox_weighing import Parcel
from siegel.flows.sent_copy import sent_copy
from siegel.flows.site import Site
from siegel.policy.wish import Wish
from siegel.store.mail_rows import Flags
from siegel.store.mailbox_rows import MailboxKind
from siegel.store.queries import drafts, mail_due, mail_folders, mail_items, outbox_places
from siegel.store.queries.mail_folders import FolderRole

AGAIN = timedelta(minutes=1)  # between two copies of the same draft
_PLAN = "sign_and_encrypt"


def keeps_copies(account: EmailAddress) -> bool:
    """Whether the mail of the account lies on a server."""
    row = mailboxes.get(account)
    return row is not None and row.kind is MailboxKind.IMAP


def put(draft: Draft, person: EmailAddress, site: Site, *, at: datetime, now: bool) -> bool:
    """Whether a copy lies there. Without ``now`` it is renewed at most once in ``AGAIN``."""
    if not keeps_copies(draft.account):
        return False
    before = drafts.get(draft.id, person).place_message_id
    if before and not now and _is_fresh(draft.account, before, at):
        return True
    made = _made(draft, site, at)
    if made is None:
        take_away(draft, person, at=at)
        return False
    raw, message_id = made
    folder = mail_folders.with_role(draft.account, FolderRole.DRAFTS) or mail_folders.ensure(
        draft.account, "Drafts", role=FolderRole.DRAFTS
    )
    flags = Flags(seen=True, draft=True)
    arrival = Arrival(account=draft.account, folder=folder.id, raw=raw, received_at=at, flags=flags)
    item = filing.file(arrival, site, at=at)
    outbox_places.append(folder.id, item, at=at)
    take_away(draft, person, at=at)
    drafts.note_place(draft.id, message_id)
    mail_due.ring(draft.account, at=at)
    return True


def take_away(draft: Draft, person: EmailAddress, *, at: datetime) -> None:
    """The copy is gone from here, and soon from the server."""
    before = drafts.get(draft.id, person).place_message_id
    if not before:
        return
    items = [each.id for each in mail_items.by_message_id(draft.account, before)]
    mail_actions.delete(items, person, at=at)
    drafts.note_place(draft.id, "")


def _is_fresh(account: EmailAddress, message_id: str, at: datetime) -> bool:
    found = mail_items.by_message_id(account, message_id)
    return any(at - each.received_at < AGAIN for each in found)


def _made(draft: Draft, site: Site, at: datetime) -> tuple[bytes, str] | None:
    """None without a certificate that it could be encrypted to."""
    written = draft.written
    sender = Named(address=EmailAddress.parse(written.sender))
    head = "\n".join((*written.to, *written.cc, *written.bcc, written.subject))
    text = Text(sender=sender, to=[sender], text=f"{head}\n\n{written.text}", wish=Wish.ENCRYPT)
    composed = composing.compose(text, site, at=at)
    parcel = Parcel(
        account=draft.account, recipients=[str(sender.address)], raw=composed.raw, waits=False
    )
    try:
        copy = sent_copy(outbox_weighing.weighed(parcel, site, at=at), _PLAN, (), site)
    except SiegelError:
        return None
    return None if copy is None else (copy, composed.message_id)
