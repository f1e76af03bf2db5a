"""How long transactions take, for the monitoring: counted in memory, added to the store now and
then. A killed process loses what it counted last, and nothing else.
"""

import threading
from collections.abc import Callable

from siegel.store.queries import operation
from siegel.transport.envelope import Role

BOUNDS = (0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)  # seconds
BEYOND, SUM = "inf", "sum"
PREFIX = "seconds|"  # of the counters: "seconds|outbound|0.1", "seconds|outbound|sum"
PAUSE = 15.0  # seconds between two writes; monitoring asks every 15 to 60


class Durations:
    """Shared by all threads of one gateway process."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._counted: dict[str, float] = {}
        self._written_at = clock()

    def took(self, role: Role, seconds: float) -> None:
        """One transaction more; every few seconds the store learns of all since the last time."""
        bucket = next((str(bound) for bound in BOUNDS if seconds <= bound), BEYOND)
        with self._lock:
            for name, amount in ((bucket, 1.0), (SUM, seconds)):
                key = f"{PREFIX}{role.value}|{name}"
                self._counted[key] = self._counted.get(key, 0.0) + amount
            due = self._clock() - self._written_at >= PAUSE
        if due:
            self.write()

    def write(self) -> None:
        """Add what was counted to the store."""
        with self._lock:
            counted, self._counted = self._counted, {}
            self._written_at = self._clock()
        if counted:
            operation.count(counted)
