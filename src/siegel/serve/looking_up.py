"""The part of the worker that asks foreign directories for what outgoing mail would have needed.

A thread of its own: a directory that does not answer holds up nothing else.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from siegel.flows.looking_up import look_up_due
from siegel.flows.site import Site
from siegel.serve.composing import now
from siegel.store.transaction import session

log = logging.getLogger(__name__)

LOOK_EVERY = 3.0  # seconds; one indexed query while nothing is wanted
AFTER_TROUBLE = 60.0  # seconds; a store that is down, or a mistake of ours


@contextmanager
def looking_up(site: Site) -> Iterator[None]:
    """While this lasts, what is wanted is looked for. At the end the question in hand is over
    within its few seconds."""
    ended = threading.Event()
    thread = threading.Thread(target=_look, args=(site, ended), name="looking up")
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _look(site: Site, ended: threading.Event) -> None:
    pause = LOOK_EVERY
    while not ended.wait(pause):
        try:
            with session():
                found = look_up_due(site, at=now())
            if found:
                log.info("looked up addresses=%s", len(found))
            pause = LOOK_EVERY
        except Exception:  # what was wanted is still wanted
            log.exception("looking up failed")
            pause = AFTER_TROUBLE
