"""The part of the worker that answers mail to the test address, within seconds.

A thread of its own: whoever tests sits before the screen and waits. Where there is no test address
the worker looks once, for what came before it was taken away.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from siegel.flows.robot_answering import answer_due
from siegel.flows.site import Site
from siegel.serve.composing import now
from siegel.store.transaction import session

log = logging.getLogger(__name__)

LOOK_EVERY = 3.0  # seconds; one indexed query while nothing is due
AFTER_TROUBLE = 30.0  # seconds; a store that is down, or a mistake of ours


@contextmanager
def answering(site: Site) -> Iterator[None]:
    """While this lasts, tests are answered; the answer in hand is finished at the end."""
    ended = threading.Event()
    thread = threading.Thread(target=_answer, args=(site, ended), name="robot")
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _answer(site: Site, ended: threading.Event) -> None:
    pause = 0.0
    while not ended.wait(pause):
        try:
            with session():
                done = answer_due(site, at=now())
            if done:
                log.info("answered tests=%s", done)
            if site.robot is None:
                return
            pause = LOOK_EVERY
        except Exception:  # what was in hand comes up again
            log.exception("answering failed")
            pause = AFTER_TROUBLE
