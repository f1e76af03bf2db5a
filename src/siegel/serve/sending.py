"""The part of the worker that sends: the outbox and mail to many, within a second of their time.

A thread of its own, so that nothing else the worker does holds up a message; a second one renews
the lease of what is being sent.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from siegel.flows import outbox_sending
from siegel.flows.outbox_sending import Hand
from siegel.flows.site import Site
from siegel.serve.composing import now
from siegel.store.transaction import session

log = logging.getLogger(__name__)

LOOK_EVERY = 1.0  # seconds; one indexed query while nothing is due
RENEW_EVERY = 30.0  # seconds; a third of a lease
AFTER_TROUBLE = 30.0  # seconds; a store that is down, or a mistake of ours


@contextmanager
def sending(site: Site) -> Iterator[None]:
    """While this lasts, what is due is sent. At the end the message in hand is finished."""
    ended, hand = threading.Event(), Hand()
    threads = [
        threading.Thread(target=_send, args=(site, hand, ended), name="sending"),
        threading.Thread(target=_renew, args=(hand, ended), name="lease", daemon=True),
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        ended.set()
        threads[0].join()


def send_all_due(site: Site, hand: Hand, ended: threading.Event) -> None:
    """One round: until nothing is due any more, or the end is asked for."""
    with session():
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
    pause = LOOK_EVERY
    while not ended.wait(pause):
        try:
            send_all_due(site, hand, ended)
            pause = LOOK_EVERY
        except Exception:  # the item in hand comes up again when its lease is over
            log.exception("sending failed")
            pause = AFTER_TROUBLE


def _renew(hand: Hand, ended: threading.Event) -> None:
    while not ended.wait(RENEW_EVERY):
        try:
            with session():
                hand.renew(now())
        except Exception:
            log.exception("lease not renewed")
