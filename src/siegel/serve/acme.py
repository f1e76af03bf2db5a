"""The part of the worker that orders certificates over ACME, within seconds of what comes.

A thread of its own: an authority that is slow holds up nothing else.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from siegel.flows import acme_orders, acme_renewing
from siegel.flows.acme_desk import AcmeDesk
from siegel.serve.composing import now
from siegel.store.transaction import session

log = logging.getLogger(__name__)

LOOK_EVERY = 2.0  # seconds; one indexed query while nothing is due
AFTER_TROUBLE = 30.0  # seconds; a store that is down, or a mistake of ours
RENEW_EVERY = 1800  # rounds, an hour; renewal is counted in days


@contextmanager
def ordering(desk: AcmeDesk | None) -> Iterator[None]:
    """While this lasts, orders go on; the step in hand is finished at the end."""
    if desk is None:
        yield
        return
    ended = threading.Event()
    thread = threading.Thread(target=_order, args=(desk, ended), name="acme")
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def advance_all_due(desk: AcmeDesk, ended: threading.Event) -> None:
    """One round: until nothing is due any more, or the end is asked for."""
    while not ended.is_set():
        with session():
            if not acme_orders.advance_next(desk, at=now()):
                return


def _order(desk: AcmeDesk, ended: threading.Event) -> None:
    pause, rounds = LOOK_EVERY, 0
    while not ended.wait(pause):
        try:
            if rounds % RENEW_EVERY == 0:
                with session():
                    acme_renewing.renew_due(desk, at=now())
            advance_all_due(desk, ended)
            pause, rounds = LOOK_EVERY, rounds + 1
        except Exception:  # the order in hand comes up again when its lease is over
            log.exception("acme failed")
            pause = AFTER_TROUBLE
