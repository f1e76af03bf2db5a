"""Tell the mail server what people did here, in the order they did it.

Each change may have been done by the server before a crash kept us from noting it. Flags and
deletions may be repeated; a message that was moved or appended is looked for before it is tried
again. A change that the server refuses is given up after some tries, and what the server says
counts again; only a message that lies nowhere but here is never given up: its mailbox shows it.
"""

import contextlib
import hashlib
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.base.errors import NotFound
from siegel.flows.points import SyncPoint
from siegel.flows.site import Site
from siegel.flows.sync_server import MailServer
from siegel.store.queries import mail_changes, mail_filing, mail_sync, messages
from siegel.store.queries.mail_changes import ChangeKind
from siegel.store.sync_rows import ChangeRow
from siegel.transport.imap_session import Refused

log = logging.getLogger(__name__)

MOST_TRIES = 5
LOOKED_AT = 20  # messages that may be the one that was appended; others have another size

_NAMES = ("seen", "flagged", "answered", "draft")
_FLAGS = {
    ChangeKind.SEEN: ("seen", True),
    ChangeKind.UNSEEN: ("seen", False),
    ChangeKind.FLAGGED: ("flagged", True),
    ChangeKind.UNFLAGGED: ("flagged", False),
    ChangeKind.ANSWERED: ("answered", True),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """``told``: changes that the server has learned. ``kept_out``: messages that lie only here,
    because the server has refused them."""

    told: int
    kept_out: int


def tell(account: EmailAddress, server: MailServer, site: Site, *, at: datetime) -> Told:
    """After a refusal the changes of the same message wait, others do not."""
    told, kept_out, waiting = 0, 0, set[int]()
    for listed in mail_changes.of_account(account):
        change = mail_changes.get(listed.id)
        if change is None or change.item in waiting:
            continue
        mail_changes.tried(change.id)
        site.passes(SyncPoint.CHANGE_TRIED)
        try:
            _tell(change, server, site)
            if change.kind == ChangeKind.DELETE:
                mail_filing.forget([change.item], at=at)
            told += 1
        except Refused as error:
            waiting.add(change.item)
            kept_out += change.kind == ChangeKind.APPEND
            _refused(change, error)
    return Told(told=told, kept_out=kept_out)


def _tell(change: ChangeRow, server: MailServer, site: Site) -> None:
    if change.kind == ChangeKind.APPEND:
        uid = _append(change, server)
        site.passes(SyncPoint.CHANGED)
        mail_changes.arrived(change, uid)
        return
    uid = _place(change, server)
    if uid is None:
        log.info("change of a message that is not there kind=%s", change.kind)
        mail_changes.arrived(change, None)
        return
    if change.kind == ChangeKind.MOVE:
        there = _move(change, uid, server)
        site.passes(SyncPoint.CHANGED)
        mail_changes.arrived(change, there)
        return
    if change.kind == ChangeKind.DELETE:
        server.delete(uid)
    else:
        server.set_flag(uid, *_FLAGS[ChangeKind(change.kind)])
    site.passes(SyncPoint.CHANGED)
    mail_changes.done(change.id)


def _place(change: ChangeRow, server: MailServer) -> int | None:
    """The UID in the folder, which is then selected. A UID of another UIDVALIDITY is none."""
    selected = server.select(change.folder_name, to_change=True)
    if change.uid is not None and change.uid_validity == selected.uid_validity:
        return change.uid
    if change.uid_validity not in (None, selected.uid_validity):
        mail_sync.begin_anew(change.folder, selected.uid_validity)
    found = server.with_message_id(change.message_id) if change.message_id else []
    return next(_same(found, change.sha256, server), None)


def _move(change: ChangeRow, uid: int, server: MailServer) -> int | None:
    """The UID in the target. A server that does not tell it is asked for the Message-ID."""
    there = _moved_before(change, uid, server) if change.attempts else None
    if there is not None:
        server.delete(uid)  # where a move is a copy first, the copy was all that was done
        return there
    there = _created(change.target_name, server, lambda: server.move(uid, change.target_name))
    if there is not None or change.target is None:
        return there
    server.select(change.target_name)
    return _unknown_with_message_id(change, change.target, server)


def _moved_before(change: ChangeRow, uid: int, server: MailServer) -> int | None:
    """The same octets in the target, unknown here. The folder of the change is selected again."""
    heads = list(server.heads([uid]).values())
    text = next((text for _, text in server.texts(heads)), None)
    if text is None or change.target is None:
        return None
    found = None
    with contextlib.suppress(Refused):
        server.select(change.target_name)
        known = mail_sync.known_uids(change.target)
        unknown = [each for each in server.with_message_id(change.message_id) if each not in known]
        found = next(_same(unknown, hashlib.sha256(text).hexdigest(), server), None)
    server.select(change.folder_name, to_change=True)
    return found


def _created(folder: str, server: MailServer, act: Callable[[], int | None]) -> int | None:
    """Once more after the folder was made, if the server says that it is missing (RFC 9051
    §7.1)."""
    try:
        return act()
    except Refused as error:
        if error.params.get("detail") not in ("TRYCREATE", "NONEXISTENT"):
            raise
        server.create(folder)
        return act()


def _append(change: ChangeRow, server: MailServer) -> int | None:
    try:
        text = messages.raw(change.sha256)
    except NotFound:
        log.error("message to append is missing item=%s", change.item)
        return None
    found = _appended_before(change, text, server) if change.attempts else None
    if found is not None:
        return found
    flags = [name for name in _NAMES if getattr(change.flags, name)]
    name, received_at = change.folder_name, change.received_at
    uid = _created(name, server, lambda: server.append(name, text, flags, received_at))
    if uid is None:
        server.select(name)
        uid = _unknown_with_message_id(change, change.folder, server)
    return uid


def _appended_before(change: ChangeRow, text: bytes, server: MailServer) -> int | None:
    """A message on the server that we do not know, and that is this one: by its Message-ID, or
    by its octets where it has none."""
    try:
        server.select(change.folder_name)
    except Refused:
        return None
    if change.message_id:
        return _unknown_with_message_id(change, change.folder, server)
    unknown = sorted(set(server.uids()) - mail_sync.known_uids(change.folder))[-LOOKED_AT:]
    same_size = [uid for uid, head in server.heads(unknown).items() if head.size == len(text)]
    return next(_same(same_size, change.sha256, server), None)


def _same(uids: Sequence[int], sha256: str, server: MailServer) -> Iterator[int]:
    """Those that have these octets, the newest first."""
    heads = server.heads(sorted(uids, reverse=True)[:LOOKED_AT])
    for uid, text in server.texts(list(heads.values())):
        if hashlib.sha256(text).hexdigest() == sha256:
            yield uid


def _unknown_with_message_id(change: ChangeRow, folder: int, server: MailServer) -> int | None:
    if not change.message_id:
        return None
    found = set(server.with_message_id(change.message_id)) - mail_sync.known_uids(folder)
    return max(found, default=None)


def _refused(change: ChangeRow, error: Refused) -> None:
    log.warning("the mail server refuses kind=%s: %s", change.kind, error)
    if change.attempts + 1 >= MOST_TRIES and change.kind != ChangeKind.APPEND:
        mail_changes.give_up(change)
