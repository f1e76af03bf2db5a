"""The worker role: what is due is derived from the store, so nothing is lost with a worker."""

import logging
import signal
import threading
from datetime import timedelta

from siegel.config.schema import Settings
from siegel.flows import health
from siegel.flows.acme_desk import desk_of
from siegel.flows.alarm import watch
from siegel.flows.authority_upkeep import issue_lists
from siegel.flows.evidence_store import refresh
from siegel.flows.expiring import remind
from siegel.flows.mail_reopening import reopen_due
from siegel.flows.network import network
from siegel.flows.reading import ReadingDesk
from siegel.flows.rejudging import judge_anew
from siegel.flows.retention import clear_due
from siegel.flows.site import Site
from siegel.policy.health import judge
from siegel.serve.acme import ordering
from siegel.serve.composing import build_site, now
from siegel.serve.enrolling import enrolling
from siegel.serve.looking_up import looking_up
from siegel.serve.mailboxes import keeping_in_step
from siegel.serve.reissuing import reissuing
from siegel.serve.robot import answering
from siegel.serve.sending import sending
from siegel.store.transaction import session
from siegel.transport.fetch_once import FetchOnce
from siegel.transport.fetching import Budget

log = logging.getLogger(__name__)

LISTS = "system:lists"  # who issues them, in the journal
PAUSE = 600.0  # seconds; retention is counted in days, revocation lists in days, answers in hours
SHORT_PAUSE = 1.0  # seconds; while mail waits to be judged anew
FETCH_SECONDS = 20.0  # of one round; SIGTERM waits for it, as for mail that is being worked on


def run_worker(settings: Settings) -> int:
    """Clear what has passed its time, fetch and remind what is due, every ten minutes."""
    asked = threading.Event()
    for kind in (signal.SIGTERM, signal.SIGINT):
        signal.signal(kind, lambda *_: asked.set())
    with session():
        site = build_site(settings)
    with (
        sending(site, settings.bulk.mails_per_minute),
        keeping_in_step(site),
        answering(site),
        looking_up(site),
        reissuing(site),
        enrolling(site),
        ordering(desk_of(settings, site)),
    ):
        return _rounds(settings, site, asked)


def _rounds(settings: Settings, site: Site, asked: threading.Event) -> int:
    journal_for = timedelta(days=settings.retention.journal_days)
    allowed, start = network(settings.revocation), 0
    desk, has_more = ReadingDesk(vault=site.vault), False
    while True:
        with session():
            cleared = clear_due(now(), journal_for=journal_for)
        if any(cleared.values()):
            log.info("cleared %s", " ".join(f"{what}={n}" for what, n in cleared.items()))
        if allowed is not None:
            start = _fetch_due(allowed, start)
        if not has_more:
            _look(settings, site)
            _remind(site)
            _issue_lists(site)
        has_more = _judge_anew(desk) | _open_again(site)
        if asked.wait(SHORT_PAUSE if has_more else PAUSE):
            return 0


def _remind(site: Site) -> None:
    """People hear that certificates end."""
    with session():
        sent = remind(site, now())
    if sent:
        log.info("reminded mails=%s", sent)


def _issue_lists(site: Site) -> None:
    """Revocation lists of our own authorities, on schedule."""
    with session():
        done = issue_lists(None, site.vault, by=LISTS, at=now())
    for name, row in done:
        log.info("revocation list authority=%r number=%s", name, row.number)


def _judge_anew(desk: ReadingDesk) -> bool:
    """Kept mail that a decision about trust concerns; True if there is more of it."""
    with session():
        done = judge_anew(desk, at=now())
    if done.looked_at or done.linked:
        counts = (done.looked_at, done.changed, done.linked)
        log.info("judged anew messages=%s changed=%s linked=%s", *counts)
    return done.more


def _open_again(site: Site) -> bool:
    """Mail of accounts that waited for a key; True if there is more of it."""
    with session():
        done = reopen_due(site, at=now())
    if done.looked_at:
        log.info("opened again messages=%s opened=%s", done.looked_at, done.opened)
    return done.more


def _look(settings: Settings, site: Site) -> None:
    """Sign of life, and an alarm where one is due."""
    with session():
        health.note_worker(at=now())
        told = watch(judge(health.gather(settings, now())), site, at=now())
    if told:
        log.warning("told administrators checks=%s", ",".join(told))


def _fetch_due(allowed: FetchOnce, start: int) -> int:
    """Where the next round goes on. Outgoing mail is judged with what is fetched here."""
    with session():
        done = refresh(allowed, Budget(FETCH_SECONDS), now(), start=start)
        health.note_fetching(done.attempts, at=now())
    if done.attempts:
        counts = (len(done.attempts), done.lists, done.answers, done.issuers)
        log.info("fetched attempts=%s lists=%s answers=%s issuers=%s", *counts)
    return done.goes_on_at
