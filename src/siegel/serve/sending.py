"""The part of the worker that sends: the outbox and mail to many, within a second of their time.

A thread of its own, so that nothing else the worker does holds up a message; a second one renews
the lease of what is being sent.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from siegel.flows import bulk_sending, outbox_sending
from siegel.flows.outbox_sending import Hand, Watch
from siegel.flows.site import Site
from siegel.serve.composing import now
from siegel.store.transaction import session

log = logging.getLogger(__name__)

LOOK_EVERY = 1.0  # seconds; one indexed query while nothing is due
RENEW_EVERY = 30.0  # seconds; a third of a lease
MOST_SECONDS = 5  # of allowance are saved up, so that a slow round is made up for
AFTER_TROUBLE = 30.0  # seconds; a store that is down, or a mistake of ours


@contextmanager
def sending(site: Site, mails_per_minute: int) -> Iterator[None]:
    """While this lasts, what is due is sent. At the end the message in hand is finished."""
    ended, hand = threading.Event(), Hand()
    pace = Pace(mails_per_minute)
    threads = [
        threading.Thread(target=_send, args=(site, hand, ended), name="sending"),
        threading.Thread(target=_send_bulk, args=(site, pace, ended), name="bulk"),
        threading.Thread(target=_renew, args=(hand, ended), name="lease", daemon=True),
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        ended.set()
        for thread in threads[:2]:
            thread.join()


def send_all_due(site: Site, hand: Hand, watch: Watch, ended: threading.Event) -> None:
    """One round: until nothing is due any more, or the end is asked for."""
    with session():
        watch.ring(at=now())
        outbox_sending.look_at_held(site, at=now())
    for step in (outbox_sending.send_next, _finish_next):
        while not ended.is_set():
            with session():
                if not step(site, hand, at=now()):
                    break


def _finish_next(site: Site, hand: Hand, *, at: datetime) -> bool:
    del hand
    return outbox_sending.finish_next(site, at=at)


def _send(site: Site, hand: Hand, ended: threading.Event) -> None:
    pause, watch = LOOK_EVERY, Watch()
    while not ended.wait(pause):
        try:
            send_all_due(site, hand, watch, ended)
            pause = LOOK_EVERY
        except Exception:  # the item in hand comes up again when its lease is over
            log.exception("sending failed")
            pause = AFTER_TROUBLE


class Pace:
    """How many may leave now: no more in a minute than the configuration says, evenly."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_second, self._clock = per_minute / 60, clock
        self._credit, self._last = 0.0, clock()

    def allowance(self) -> int:
        now_ = self._clock()
        most = max(1.0, self._per_second * MOST_SECONDS)
        self._credit = min(most, self._credit + (now_ - self._last) * self._per_second)
        self._last = now_
        return int(self._credit)

    def took(self, count: int) -> None:
        self._credit -= count


def _send_bulk(site: Site, pace: Pace, ended: threading.Event) -> None:
    wait = LOOK_EVERY
    while not ended.wait(wait):
        try:
            with session():
                limit = pace.allowance()
                done = bulk_sending.send_some(site, limit=limit, at=now()) if limit else 0
            pace.took(done)
            wait = LOOK_EVERY
        except Exception:  # what was in hand comes up again when its lease is over
            log.exception("mail to many failed")
            wait = AFTER_TROUBLE


def _renew(hand: Hand, ended: threading.Event) -> None:
    while not ended.wait(RENEW_EVERY):
        try:
            with session():
                hand.renew(now())
        except Exception:
            log.exception("lease not renewed")
