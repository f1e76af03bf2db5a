"""One look at the mailbox of an account: log in, keep it in step, and say when to look again."""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta

from siegel.base.address import EmailAddress
from siegel.base.buffers import Random
from siegel.base.errors import NotFound, TransportFailure
from siegel.flows import mailboxes, syncing
from siegel.flows.site import Site
from siegel.flows.sync_server import MailServer
from siegel.flows.syncing import Round
from siegel.policy.mail_problems import PASSING
from siegel.store import mailbox_lock
from siegel.store.queries import mail_due
from siegel.transport.imap_login import connect
from siegel.transport.imap_session import ImapSession
from siegel.transport.mail_server import MailProblem, problem_of

log = logging.getLogger(__name__)

EVERY = timedelta(minutes=3)  # between two looks; the INBOX is heard of at once where IDLE is
FIRST_RETRY = timedelta(seconds=30)
LAST_RETRY = timedelta(minutes=30)
FOR_A_PERSON = timedelta(hours=12)  # what does not end by itself: providers lock accounts
ROUND = timedelta(seconds=60)  # of one account, then it is the next one's turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """``round`` None: there was a problem, and nothing is known about the rest. A problem beside a
    round: the server was read, but does not take everything."""

    problem: MailProblem | None
    round: Round | None


Open = Callable[[EmailAddress, Site, datetime], AbstractContextManager[MailServer]]


def open_session(account: EmailAddress, site: Site, at: datetime) -> ImapSession:
    """Logged in as the account; raises ``TransportFailure``, and ``NotFound`` if its mail lies on
    no server (any more)."""
    return ImapSession(connect(mailboxes.login(account, site, at)))


def look(
    account: EmailAddress,
    site: Site,
    *,
    at: datetime,
    is_over: Callable[[], bool] = lambda: False,
    opened: Open = open_session,
) -> Looked | None:
    """None: somebody else is at it. A mailbox with a problem is read carefully, so that a message
    which breaks the connection is found."""
    with mailbox_lock.held(account) as free:
        if not free:
            return None
        state = mail_due.state(account)
        mail_due.look_again(account, due_at=at + EVERY)  # a bell that rings meanwhile is heard
        try:
            with opened(account, site, at) as server:
                done = syncing.sync(
                    account, server, site, at=at, is_over=is_over, carefully=state.attempts > 0
                )
        except TransportFailure as error:
            return _failed(account, problem_of(error), state.attempts, site, at)
        except NotFound:
            return _failed(account, MailProblem.CREDENTIALS_MISSING, state.attempts, site, at)
        problem = MailProblem.KEEPING_REFUSED if done.kept_out else None
        mailboxes.note_synced(account, problem, at=at)
        if done.left:
            mail_due.look_again(account, due_at=at)
        return Looked(problem=problem, round=done)


def _failed(
    account: EmailAddress, problem: MailProblem, attempts: int, site: Site, at: datetime
) -> Looked:
    log.warning("mailbox cannot be read problem=%s attempts=%s", problem.value, attempts + 1)
    mailboxes.note_problem(account, problem, at=at)
    mail_due.look_again(account, due_at=at + retry_after(problem, attempts, site.rng))
    return Looked(problem=problem, round=None)


def retry_after(problem: MailProblem, attempts: int, rng: Random) -> timedelta:
    """Longer each time, and never many accounts at the same moment."""
    if problem in PASSING:
        wait = min(FIRST_RETRY * (1 << min(attempts, 10)), LAST_RETRY)
    else:
        wait = FOR_A_PERSON
    return wait * (0.5 + int.from_bytes(rng(2), "big") / 2**17)
