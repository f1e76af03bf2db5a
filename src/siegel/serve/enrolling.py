"""The part of the worker that makes certificates for many: a thread of its own, so that keys that
take their time hold up neither mail nor revocation lists.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from siegel.flows import enrolling_work
from siegel.flows.issuing import Workshop
from siegel.flows.site import Site
from siegel.serve.composing import now
from siegel.store.transaction import session

log = logging.getLogger(__name__)

LOOK_EVERY = 2.0  # seconds; one indexed query while no job runs
AFTER_TROUBLE = 30.0  # seconds; a store that is down, or a mistake of ours
AT_ONCE = 5  # lines between two looks at the clock and at the end


@contextmanager
def enrolling(site: Site) -> Iterator[None]:
    """While this lasts, jobs are worked on. At the end the line in hand is finished."""
    ended = threading.Event()
    thread = threading.Thread(target=_work, args=(site, ended), name="enrolling")
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _work(site: Site, ended: threading.Event) -> None:
    workshop, pause = Workshop(vault=site.vault, rng=site.rng), LOOK_EVERY
    while not ended.wait(pause):
        try:
            with session():
                done = enrolling_work.work_some(workshop, limit=AT_ONCE, at=now())
            pause = 0.0 if done else LOOK_EVERY
        except Exception:  # the line in hand comes up again; what it has is kept
            log.exception("certificates for many failed")
            pause = AFTER_TROUBLE
