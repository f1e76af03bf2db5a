"""The part of the worker that replaces certificates: a thread of its own, because keys take long.

One step of every campaign at a time; while something is due, one round follows the other.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from siegel.flows.reissuing_work import work_due
from siegel.flows.site import Site
from siegel.serve.composing import now
from siegel.store.transaction import session

log = logging.getLogger(__name__)

LOOK_EVERY = 2.0  # seconds; one small query while no campaign runs
AFTER_TROUBLE = 30.0  # seconds; a store that is down, or a mistake of ours


@contextmanager
def reissuing(site: Site) -> Iterator[None]:
    """While this lasts, campaigns go on. At the end the certificate in hand is finished."""
    ended = threading.Event()
    thread = threading.Thread(target=_work, args=(site, ended), name="reissuing")
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _work(site: Site, ended: threading.Event) -> None:
    wait = LOOK_EVERY
    while not ended.wait(wait):
        try:
            with session():
                done = work_due(site, now())
            wait = 0.0 if done else LOOK_EVERY
        except Exception:  # what was in hand comes up again when its lease is over
            log.exception("replacing certificates failed")
            wait = AFTER_TROUBLE
