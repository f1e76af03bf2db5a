"""A memory that forgets the least recently used, by number and by weight; safe between threads."""

from collections import OrderedDict
from threading import Lock
from typing import Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class Bounded(Generic[Key, Value]):
    """At most ``entries`` values whose weights together stay below ``weight``."""

    def __init__(self, entries: int, weight: int | None = None) -> None:
        self._entries = entries
        self._weight = weight
        self._held: OrderedDict[Key, tuple[Value, int]] = OrderedDict()
        self._total = 0
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._held)

    def get(self, key: Key) -> Value | None:
        with self._lock:
            found = self._held.get(key)
            if found is None:
                return None
            self._held.move_to_end(key)
            return found[0]

    def put(self, key: Key, value: Value, weight: int = 0) -> None:
        with self._lock:
            self._drop(key)
            self._held[key] = (value, weight)
            self._total += weight
            while len(self._held) > self._entries or self._is_too_heavy():
                self._drop(next(iter(self._held)))

    def clear(self) -> None:
        with self._lock:
            self._held.clear()
            self._total = 0

    def _is_too_heavy(self) -> bool:
        return self._weight is not None and self._total > self._weight and len(self._held) > 1

    def _drop(self, key: Key) -> None:
        _, weight = self._held.pop(key, (None, 0))
        self._total -= weight
