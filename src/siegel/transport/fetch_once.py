"""Each address is asked once: those who want it meanwhile wait, failures are remembered a while.

What was fetched is not kept here; whoever believes it keeps it until its nextUpdate. The memory is
that of one process: after a restart an address that failed may be asked again.
"""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as WaitedTooLong
from dataclasses import dataclass, field
from typing import Protocol

from siegel.transport.fetching import READ_SECONDS, Budget, Fetched, Outcome, Post

FAILURE_SECONDS = 900.0  # a failed address is left alone so long
MAX_REMEMBERED = 1000  # failed addresses; the oldest are forgotten


class Source(Protocol):
    """Something that fetches."""

    def fetch(
        self, url: str, *, most: int, budget: Budget, accept: str = "*/*", post: Post | None = None
    ) -> Fetched: ...


@dataclass(slots=True)
class FetchOnce:
    """Shared by all threads of a process."""

    source: Source
    clock: Callable[[], float] = time.monotonic
    _failed: dict[str, tuple[float, Outcome]] = field(default_factory=dict, init=False)
    _running: dict[str, Future[Fetched]] = field(default_factory=dict, init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)

    def fetch(
        self, url: str, *, most: int, budget: Budget, accept: str = "*/*", post: Post | None = None
    ) -> Fetched:
        name = _name(url, post)
        with self._lock:
            known = self._failed.get(name)
            if known is not None and self.clock() < known[0]:
                return Fetched(known[1])
            running = self._running.get(name)
            mine = running is None
            future = self._running.setdefault(name, Future())
        if mine:
            return self._ask(name, future, url, most, budget, accept, post)
        try:
            return future.result(max(0.0, budget.left))
        except WaitedTooLong:
            return Fetched(Outcome.NO_TIME)

    def was_useless(self, url: str, post: Post | None = None) -> None:
        """It came and does not help: the same would come again."""
        with self._lock:
            self._remember(_name(url, post), Outcome.USELESS)

    def _ask(
        self,
        name: str,
        future: "Future[Fetched]",
        url: str,
        most: int,
        budget: Budget,
        accept: str,
        post: Post | None,
    ) -> Fetched:
        had_time = budget.left >= READ_SECONDS  # otherwise lateness is not the server's fault
        found = Fetched(Outcome.BROKEN)
        try:
            found = self.source.fetch(url, most=most, budget=budget, accept=accept, post=post)
        finally:
            with self._lock:
                del self._running[name]
                if _is_failure(found.outcome, had_time):
                    self._remember(name, found.outcome)
            future.set_result(found)
        return found

    def _remember(self, name: str, outcome: Outcome) -> None:
        self._failed.pop(name, None)
        self._failed[name] = self.clock() + FAILURE_SECONDS, outcome
        while len(self._failed) > MAX_REMEMBERED:
            del self._failed[next(iter(self._failed))]


def _is_failure(outcome: Outcome, had_time: bool) -> bool:
    if outcome is Outcome.TIMED_OUT:
        return had_time
    return outcome not in (Outcome.FETCHED, Outcome.NO_TIME)


def _name(url: str, post: Post | None) -> str:
    return url if post is None else f"{url} {post.body.hex()}"
