"""Which transactions are under way and which were answered: duplicates end here.

The store remembers what the next hop took until our 250 has left. Only this process knows that it
has left; so an answered transaction is forgotten in the store a little later, by the next one or
when the process ends in peace. A crash before that leaves the record, and the mail server's retry
is answered without sending anything twice. The same mail sent twice on purpose goes twice.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from siegel.store.queries import deliveries

SETTLING = timedelta(seconds=2)  # our 250 is written right after the handler returns
LONGEST_WAIT = 480.0  # seconds; who had to wait longer may have heard 451 and will come again


class Transactions:
    """Shared by all threads of one gateway process."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._under_way: dict[str, float] = {}
        self._answered: dict[str, datetime] = {}

    @contextmanager
    def claim(self, key: str, at: datetime) -> Iterator[bool]:
        """False while the same transaction is under way elsewhere in this process."""
        self.forget(at - SETTLING)
        with self._lock:
            free = key not in self._under_way
            if free:
                self._under_way[key] = self._clock()
            again = free and self._answered.pop(key, None) is not None
        if again:
            deliveries.finish(key)
        try:
            yield free
        finally:
            if free:
                with self._lock:
                    del self._under_way[key]

    def answered(self, key: str, at: datetime) -> None:
        """The store keeps what went out after too long a wait, for the retry that is to be
        expected."""
        with self._lock:
            if self._clock() - self._under_way[key] <= LONGEST_WAIT:
                self._answered[key] = at

    def forget(self, before: datetime) -> None:
        """Clear the records of what was answered before that moment."""
        with self._lock:  # also around the store: nobody may claim what is half forgotten
            for key in [key for key, at in self._answered.items() if at <= before]:
                deliveries.finish(key)
                del self._answered[key]
