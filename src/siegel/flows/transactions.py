"""Which transactions are under way and which were answered: duplicates end here.

The store remembers what the next hop took until our 250 has left. Only this process knows that it
has left; so an answered transaction is forgotten in the store a little later, by the next one or
when the process ends in peace. A crash before that leaves the record, and the mail server's retry
is answered without sending anything twice. The same mail sent twice on purpose goes twice.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from siegel.store.queries import deliveries

SETTLING = timedelta(seconds=2)  # our 250 is written right after the handler returns


class Transactions:
    """Shared by all threads of one gateway process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._under_way: set[str] = set()
        self._answered: dict[str, datetime] = {}

    @contextmanager
    def claim(self, key: str, at: datetime) -> Iterator[bool]:
        """False while the same transaction is under way elsewhere in this process."""
        self.forget(at - SETTLING)
        with self._lock:
            free = key not in self._under_way
            if free:
                self._under_way.add(key)
            again = free and self._answered.pop(key, None) is not None
        if again:
            deliveries.finish(key)
        try:
            yield free
        finally:
            if free:
                with self._lock:
                    self._under_way.discard(key)

    def answered(self, key: str, at: datetime) -> None:
        with self._lock:
            self._answered[key] = at

    def forget(self, before: datetime) -> None:
        """Clear the records of what was answered before that moment."""
        with self._lock:
            old = [key for key, at in self._answered.items() if at <= before]
            for key in old:
                del self._answered[key]
        for key in old:
            deliveries.finish(key)
