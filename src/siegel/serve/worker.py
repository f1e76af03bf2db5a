"""The worker role: what is due is derived from the store, so nothing is lost with a worker."""

import logging
import signal
import threading
from datetime import timedelta

from siegel.config.schema import Settings
from siegel.flows.retention import clear_due
from siegel.serve.composing import now
from siegel.store.transaction import session

log = logging.getLogger(__name__)

PAUSE = 600.0  # seconds; retention is counted in days


def run_worker(settings: Settings) -> int:
    """Clear what has passed its time, every ten minutes, until SIGTERM."""
    asked = threading.Event()
    for kind in (signal.SIGTERM, signal.SIGINT):
        signal.signal(kind, lambda *_: asked.set())
    journal_for = timedelta(days=settings.retention.journal_days)
    while True:
        with session():
            cleared = clear_due(now(), journal_for=journal_for)
        if any(cleared.values()):
            log.info("cleared %s", " ".join(f"{what}={n}" for what, n in cleared.items()))
        if asked.wait(PAUSE):
            return 0
