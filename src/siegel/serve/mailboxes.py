"""The part of the worker that keeps mailboxes on mail servers in step.

What is due is derived from the store, so it is no matter which process looks. A few threads look at
accounts in turn; others wait (IDLE) at the INBOX of as many accounts as are allowed and only ring
the bell. At the end nobody waits for a mail server: whatever was not finished is simply missing at
the next look. The worker runs once for each installation.
"""

import contextlib
import logging
import queue
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from siegel.base.address import EmailAddress
from siegel.base.errors import SiegelError
from siegel.flows import mailbox_rounds
from siegel.flows.site import Site
from siegel.serve.composing import now
from siegel.store.queries import mail_due
from siegel.store.transaction import session
from siegel.transport.imap_session import ImapSession

log = logging.getLogger(__name__)

READERS = 4  # accounts looked at together; each reads one message at a time
LISTENERS = 100  # accounts whose server rings; the others are looked at every few minutes
LOOK_EVERY = 1.0  # seconds; one indexed query
LISTEN_SECONDS = 600.0  # of one IDLE: servers end it after half an hour (RFC 2177 §3)
AFTER_TROUBLE = 60.0  # seconds until a listener tries again
GRACE = 3.0  # seconds at the end to finish the message in hand


class Mailboxes:
    """``ended``: asked for by whoever runs it."""

    def __init__(self, site: Site, *, readers: int = READERS, listeners: int = LISTENERS) -> None:
        self.ended = threading.Event()
        self._site, self._readers, self._listeners = site, readers, listeners
        self._lock = threading.Lock()
        self._turn: queue.Queue[EmailAddress] = queue.Queue()
        self._under_way: set[EmailAddress] = set()
        self._heard: dict[EmailAddress, threading.Thread] = {}
        self._sessions: set[ImapSession] = set()

    def start(self) -> list[threading.Thread]:
        threads = [threading.Thread(target=self._give_out, name="mailboxes", daemon=True)]
        threads += [
            threading.Thread(target=self._read, name=f"mailbox-{number}", daemon=True)
            for number in range(self._readers)
        ]
        for thread in threads:
            thread.start()
        return threads

    def abort(self) -> None:
        """Whoever waits for a server waits no more."""
        with self._lock:
            sessions = tuple(self._sessions)
        for each in sessions:
            each.abort()

    def _give_out(self) -> None:
        while not self.ended.wait(LOOK_EVERY):
            with _logged("mailboxes that are due"), session():
                self._take_turns()
                self._listen(mail_due.on_servers())

    def _take_turns(self) -> None:
        with self._lock:
            free = 2 * self._readers - len(self._under_way)
        for account in mail_due.due(at=now(), limit=50) if free > 0 else ():
            with self._lock:
                if account in self._under_way or len(self._under_way) >= 2 * self._readers:
                    continue
                self._under_way.add(account)
            self._turn.put(account)

    def _read(self) -> None:
        while not self.ended.is_set():
            try:
                account = self._turn.get(timeout=LOOK_EVERY)
            except queue.Empty:
                continue
            with _logged("a look at a mailbox"), session():
                self._look(account)
            with self._lock:
                self._under_way.discard(account)

    def _look(self, account: EmailAddress) -> None:
        end = time.monotonic() + mailbox_rounds.ROUND.total_seconds()
        at = now()
        try:
            done = mailbox_rounds.look(
                account,
                self._site,
                at=at,
                is_over=lambda: self.ended.is_set() or time.monotonic() > end,
                opened=lambda *asked: self._registered(mailbox_rounds.open_session(*asked)),
            )
        except Exception:  # a mistake of ours, or the store: not again in the next second
            mail_due.look_again(account, due_at=at + mailbox_rounds.EVERY)
            raise
        if done is None:
            mail_due.look_again(account, due_at=at + timedelta(seconds=AFTER_TROUBLE))
        elif done.round is not None and (done.round.filed or done.round.told):
            log.info("mailbox read filed=%s told=%s", done.round.filed, done.round.told)

    def _listen(self, accounts: tuple[EmailAddress, ...]) -> None:
        """A listener for each account, as far as the number allows; those that ended start anew."""
        self._heard = {
            account: thread for account, thread in self._heard.items() if thread.is_alive()
        }
        for account in accounts[: self._listeners]:
            if account not in self._heard:
                thread = threading.Thread(
                    target=self._hear, args=(account,), name="idle", daemon=True
                )
                self._heard[account] = thread
                thread.start()

    def _hear(self, account: EmailAddress) -> None:
        """Ends after trouble and a pause; a server without IDLE is asked again in an hour."""
        pause = AFTER_TROUBLE
        with _logged("listening at a mailbox"), contextlib.suppress(SiegelError):
            if self._has_no_problem(account):
                with session():
                    server = mailbox_rounds.open_session(account, self._site, now())
                with self._registered(server):
                    pause = self._ring(account, server)
        self.ended.wait(pause)

    def _ring(self, account: EmailAddress, server: ImapSession) -> float:
        if not server.offers("IDLE"):
            return 3600.0
        server.select("INBOX")
        with session():
            mail_due.ring(account, at=now())  # for what came before somebody listened
        while not self.ended.is_set():
            if server.wait(LISTEN_SECONDS, self.ended.is_set):
                with session():
                    mail_due.ring(account, at=now())
            elif not self._has_no_problem(account):
                break
        return AFTER_TROUBLE

    def _has_no_problem(self, account: EmailAddress) -> bool:
        with session():
            return mail_due.state(account).attempts == 0

    @contextmanager
    def _registered(self, server: ImapSession) -> Iterator[ImapSession]:
        """So that ``abort`` finds it."""
        with self._lock:
            self._sessions.add(server)
        try:
            with server:
                yield server
        finally:
            with self._lock:
                self._sessions.discard(server)


@contextmanager
def keeping_in_step(site: Site) -> Iterator[None]:
    """While this lasts."""
    mailboxes = Mailboxes(site)
    threads = mailboxes.start()
    try:
        yield
    finally:
        mailboxes.ended.set()
        end = time.monotonic() + GRACE
        for thread in threads:
            thread.join(max(0.0, end - time.monotonic()))
        mailboxes.abort()


@contextmanager
def _logged(what: str) -> Iterator[None]:
    """A thread of the worker outlives what goes wrong in it."""
    try:
        yield
    except Exception:
        log.exception("trouble: %s", what)
