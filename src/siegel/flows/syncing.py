"""Keep the mailbox of an account and its IMAP server in step: what people did here is told first,
then what happened there is taken over. One round is bounded; what is left is due again at once."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.flows import sync_changes, sync_folder
from siegel.flows.site import Site
from siegel.flows.sync_folder import BLOCK, Look
from siegel.flows.sync_server import MailServer
from siegel.store.mail_rows import FolderRow
from siegel.store.queries import mail_folders, mail_sync
from siegel.store.queries.mail_folders import FolderRole
from siegel.transport.imap_folders import ServerFolder
from siegel.transport.imap_session import Refused

log = logging.getLogger(__name__)

MORE = 20 * BLOCK  # messages of one folder in turn, once the newest of each are here

_FIRST = {FolderRole.INBOX: 0, FolderRole.SENT: 1, FolderRole.DRAFTS: 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """``told``: changes made here that the server knows now; ``kept_out``: messages from here that
    it does not take. ``left``: messages still to be read;
    ``passed_over``: folders that are not read, by their names or their number."""

    told: int
    kept_out: int
    filed: int
    unfiled: int
    left: int
    passed_over: int


def sync(
    account: EmailAddress,
    server: MailServer,
    site: Site,
    *,
    at: datetime,
    is_over: Callable[[], bool] = lambda: False,
    carefully: bool = False,
) -> Round:
    """One round; raises ``TransportFailure``, and what was done by then is done."""
    look = Look(site=site, at=at, is_over=is_over, carefully=carefully)
    told = sync_changes.tell(account, server, site, at=at)
    folders, passed_over = _folders(account, server)
    filed, unfiled = 0, 0
    left, most = {folder.id: 1 for folder in folders}, BLOCK
    while any(left.values()) and not is_over():
        for id_ in [id_ for id_, count in left.items() if count]:
            if not is_over():
                done = _read(mail_folders.get(id_), server, look, most)
                filed, unfiled = filed + done.filed, unfiled + done.unfiled
                left[id_] = done.left
        most = MORE
    return Round(
        told=told.told,
        kept_out=told.kept_out,
        filed=filed,
        unfiled=unfiled,
        left=sum(left.values()),
        passed_over=passed_over,
    )


def _read(folder: FolderRow, server: MailServer, look: Look, most: int) -> sync_folder.FolderRead:
    """The newest of each folder come first, then the folders in turn: a long archive does not keep
    today's mail back. A folder that the server does not open is left for the next round."""
    try:
        return sync_folder.read(folder, server, look, most=most)
    except Refused as error:
        log.warning("a folder cannot be read id=%s: %s", folder.id, error)
        return sync_folder.FolderRead(filed=0, unfiled=0, left=0)


def _folders(account: EmailAddress, server: MailServer) -> tuple[list[FolderRow], int]:
    """Those to be read, the INBOX first. What the server has no more goes here, too."""
    listed = server.folders()
    names = {folder.name for folder in listed.folders}
    if listed.folders:
        for row in mail_folders.of_account(account):
            if row.name not in names:
                mail_sync.drop_folder(row.id)
    rows = [_kept(account, folder) for folder in listed.folders]
    selectable = [row for row in rows if row.selectable]
    selectable.sort(key=lambda row: (_FIRST.get(FolderRole(row.role), 9), row.name))
    return selectable, listed.passed_over


def _kept(account: EmailAddress, folder: ServerFolder) -> FolderRow:
    row = mail_folders.ensure(
        account, folder.name, role=FolderRole(folder.role), delimiter=folder.delimiter
    )
    mail_sync.set_selectable(row.id, folder.selectable)
    return mail_folders.get(row.id)
