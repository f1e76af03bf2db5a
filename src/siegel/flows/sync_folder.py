"""One folder of a mail server as it is now, taken over here: gather, plan, act.

Each message is filed in a transaction of its own and is known from then on. The marks move only
when nothing is missing behind them: ``highest_uid`` when all up to it is known, ``highest_modseq``
when the flags up to it are. So a kill loses nothing and doubles nothing.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from siegel.base.errors import SiegelError, TransportFailure
from siegel.flows import filing, passed_mail, robot, robot_mailbox
from siegel.flows.filing import Arrival
from siegel.flows.points import SyncPoint
from siegel.flows.site import Site
from siegel.flows.sync_plan import FolderPlan, Known, Seen, ours, plan
from siegel.flows.sync_server import MailServer
from siegel.store.mail_rows import FolderRow
from siegel.store.queries import mail_folders, mail_sync
from siegel.store.queries.mail_folders import FolderRole
from siegel.store.queries.mail_sync import FOR_ROBOT
from siegel.store.transaction import StoreFailure
from siegel.transport.imap_session import Head, Selected, ServerFlags
from siegel.transport.mail_server import MailProblem, problem_of

log = logging.getLogger(__name__)

BLOCK = 50  # messages asked for together
SETTLED = timedelta(hours=1)  # an item older than this has its changes written down


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What is shared by all folders of one round. ``carefully``: the last round failed, so
    messages are fetched one by one and the one that breaks the connection is found."""

    site: Site
    at: datetime
    is_over: Callable[[], bool]
    carefully: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderRead:
    """``left``: messages that are missing still."""

    filed: int
    unfiled: int
    left: int


def read(folder: FolderRow, server: MailServer, look: Look, *, most: int) -> FolderRead:
    """Bring the folder up to date, with at most ``most`` messages that are new here."""
    selected = server.select(folder.name)
    folder = _same_validity(folder, selected)
    known = mail_sync.known_uids(folder.id)
    leaving = mail_sync.leaving_uids(folder.id)
    if _is_unchanged(folder, selected, known, leaving):
        return FolderRead(filed=0, unfiled=0, left=0)
    seen = _gathered(folder, selected, known, leaving, server)
    planned = plan(seen, Known(uids=known, leaving=leaving))
    _take_over(folder, planned, server)
    folder = _note_flags(folder, selected)
    done = _fetch(folder, planned.fetch[:most], server, look)
    left = max(0, len(planned.fetch) - len(done))
    if not left:
        look.site.passes(SyncPoint.READ)
        _note_complete(folder, {*known, *planned.fetch, folder.highest_uid}, look.at)
    filed = sum(done.values())
    return FolderRead(filed=filed, unfiled=len(done) - filed, left=left)


def _same_validity(folder: FolderRow, selected: Selected) -> FolderRow:
    if folder.uid_validity == selected.uid_validity:
        return folder
    mail_sync.begin_anew(folder.id, selected.uid_validity)
    return mail_folders.get(folder.id)


def _is_unchanged(
    folder: FolderRow, selected: Selected, known: set[int], leaving: set[int]
) -> bool:
    """New messages, flags and deletions raise the mod-sequence; servers that forget it for
    deletions are caught by the number of messages."""
    same = folder.highest_modseq == selected.highest_modseq != 0
    return same and folder.synced_at is not None and selected.exists == len(known | leaving)


def _gathered(
    folder: FolderRow, selected: Selected, known: set[int], leaving: set[int], server: MailServer
) -> Seen:
    """All UIDs only if the numbers do not add up: that answer has a line for each message."""
    flags: dict[int, ServerFlags] = {}
    if folder.highest_modseq and selected.highest_modseq:
        if folder.highest_modseq != selected.highest_modseq:
            flags = server.flags_since(folder.highest_modseq)
    elif not selected.highest_modseq and known:
        flags = server.all_flags(known)
    if folder.synced_at is not None:
        new = set(server.uids_above(folder.highest_uid)) - known - leaving
        if selected.exists == len(known | leaving) + len(new):
            return Seen(uids=None, new=new, flags=flags)
    return Seen(uids=set(server.uids()), flags=flags)


def _take_over(folder: FolderRow, planned: FolderPlan, server: MailServer) -> None:
    """A message that is said to be gone is asked for once more: a wrong answer costs nothing."""
    if planned.gone:
        still_there = server.existing(planned.gone)
        mail_sync.vanish(folder.id, set(planned.gone) - still_there)
    mail_sync.set_flags(folder.id, planned.flags)


def _note_flags(folder: FolderRow, selected: Selected) -> FolderRow:
    """Flags are known as of the moment the folder was selected; new messages bring theirs."""
    mail_sync.note_modseq(folder.id, selected.highest_modseq)
    return replace(folder, highest_modseq=selected.highest_modseq)


def _note_complete(folder: FolderRow, uids: set[int], at: datetime) -> None:
    mail_folders.note_read(
        folder.id,
        uid_validity=folder.uid_validity or 0,
        highest_uid=max(uids),
        highest_modseq=folder.highest_modseq,
        at=at,
    )
    mail_sync.take_out_unknown(folder.id, filed_before=at - SETTLED)


def _fetch(
    folder: FolderRow, uids: Sequence[int], server: MailServer, look: Look
) -> dict[int, bool]:
    """Those that are settled, True if filed. Stops early when the round is over."""
    settled: dict[int, bool] = {}
    size = 1 if look.carefully else BLOCK
    for start in range(0, len(uids), size):
        if look.is_over():
            break
        block = uids[start : start + size]
        settled |= _fetch_block(folder, block, server, look)
    return settled


def _fetch_block(
    folder: FolderRow, block: Sequence[int], server: MailServer, look: Look
) -> dict[int, bool]:
    """A message that is gone in the meantime is settled, too."""
    try:
        heads = server.heads(block)
        fitting = [
            heads[uid]
            for uid in block
            if uid in heads and not _is_too_big(folder, heads[uid], look)
        ]
        settled = {uid: False for uid in block if uid not in {head.uid for head in fitting}}
        by_uid = {head.uid: head for head in fitting}
        for uid, text in server.texts(fitting):
            settled[uid] = _file(folder, by_uid[uid], text, look)
            if look.is_over():
                return settled
    except TransportFailure as error:
        _note_breaking(folder, block, error, look)
        raise
    return settled | {uid: False for uid in block if uid not in settled}


def _is_test(folder: FolderRow, arrival: Arrival, look: Look) -> bool:
    """Mail to the test address is answered by the robot and shown to nobody."""
    if folder.role != FolderRole.INBOX or not robot.is_mailbox_of(folder.account, look.site):
        return False
    return robot_mailbox.take(
        folder.account, arrival.raw, arrival.received_at, look.site, at=look.at
    )


def _note_breaking(
    folder: FolderRow, block: Sequence[int], error: TransportFailure, look: Look
) -> None:
    """One message for which the server breaks the protocol must not keep back all others."""
    if len(block) == 1 and look.carefully and problem_of(error) is MailProblem.OTHER_PROTOCOL:
        mail_sync.note_unfiled(folder.id, block[0], "not_readable", size=0, at=look.at)


def _is_too_big(folder: FolderRow, head: Head, look: Look) -> bool:
    if head.size <= look.site.limits.message_size:
        return False
    mail_sync.note_unfiled(folder.id, head.uid, "limit_exceeded", size=head.size, at=look.at)
    return True


def _file(folder: FolderRow, head: Head, text: bytes, look: Look) -> bool:
    """Whatever is wrong with one message is noted and does not keep the others back."""
    kept = passed_mail.original(folder.account, text, look.site, at=look.at)
    arrival = Arrival(
        account=folder.account,
        folder=folder.id,
        raw=text if kept is None else kept,
        received_at=min(head.received_at or look.at, look.at),
        uid=head.uid,
        flags=ours(head.flags),
    )
    try:
        if _is_test(folder, arrival, look):
            mail_sync.note_unfiled(folder.id, head.uid, FOR_ROBOT, size=len(text), at=look.at)
            return True
        filing.file(arrival, look.site, at=look.at)
    except (StoreFailure, OSError):
        raise
    except SiegelError as error:
        if error.temporary:
            raise
        reason = error.code
    except Exception as error:
        log.exception("message cannot be filed folder=%s uid=%s", folder.id, head.uid)
        reason = f"internal {type(error).__name__}"
    else:
        look.site.passes(SyncPoint.FILED)
        return True
    mail_sync.note_unfiled(folder.id, head.uid, reason, size=len(text), at=look.at)
    return False
