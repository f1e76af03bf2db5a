"""Progress on a terminal: one line on standard error, for what takes a while.

Nothing is shown in pipes and files, for less than 8 MiB that take less than a second, and with
``--no-progress``. The line is written anew twice a second at most, without colours or drawings, so
that a screen reader can follow it.
"""

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Protocol, TextIO

from siegel.base.buffers import Buffer
from siegel.base.limits import MIB
from siegel.cli.output import printable

LARGE = 8 * MIB  # octets; reading and checking fewer takes a moment
SLOW = 1.0  # seconds after which fewer are shown, too
PAUSE = 0.5  # seconds between two lines


class Advance(Protocol):
    def __call__(self, octets: int, /) -> None: ...


class Progress:
    """Where progress is shown; ``stream`` None = nowhere."""

    def __init__(
        self, stream: TextIO | None, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._stream = stream
        self._clock = clock

    @contextmanager
    def task(self, what: str, total: int | None = None) -> Iterator[Advance]:
        """``with progress.task("reading a.eml", size) as advance: … advance(octets)``."""
        line = _Line(what, total, self._stream, self._clock)
        try:
            yield line.advance
        finally:
            line.close()

    def over(self, what: str, chunks: Iterable[Buffer], total: int) -> Iterator[Buffer]:
        """The same chunks, counted after each was taken."""
        with self.task(what, total) as advance:
            for chunk in chunks:
                yield chunk
                advance(len(chunk))


SILENT = Progress(None)


def on_terminal(*, wanted: bool) -> Progress:
    shown = wanted and sys.stderr is not None and sys.stderr.isatty()  # None: it was closed
    return Progress(sys.stderr) if shown else SILENT


@contextmanager
def counted(what: str) -> Iterator[Callable[[int], None]]:
    """``with counted("…") as told: told(1)``: how many so far, on a terminal alone, every tenth."""
    stream = sys.stderr if sys.stderr is not None and sys.stderr.isatty() else None
    done = 0

    def told(more: int) -> None:
        nonlocal done
        done += more
        if stream is not None and done % 10 == 0:
            stream.write(f"\r{printable(what)}: {done}")
            stream.flush()

    try:
        yield told
    finally:
        if stream is not None and done >= 10:
            stream.write("\n")


class _Line:
    """One line that is written over itself; it ends with a line end if it was shown at all."""

    def __init__(
        self, what: str, total: int | None, stream: TextIO | None, clock: Callable[[], float]
    ) -> None:
        self._what = printable(what)
        self._total = total
        self._stream = stream
        self._clock = clock
        self._begun_at = clock()
        self._shown_at: float | None = None
        self._width = 0
        self._done = 0

    def advance(self, octets: int, /) -> None:
        self._done += octets
        now = self._clock()
        if self._shown_at is None:
            due = (self._total or self._done) > LARGE or now - self._begun_at > SLOW
        else:
            due = now - self._shown_at >= PAUSE
        if due:
            self._show(now)

    def close(self) -> None:
        if self._stream is not None and self._shown_at is not None:
            self._show(self._clock())
            self._stream.write("\n")
            self._stream.flush()

    def _show(self, now: float) -> None:
        self._shown_at = now
        if self._stream is not None:
            text = self._text()
            self._stream.write("\r" + text.ljust(self._width))
            self._stream.flush()
            self._width = len(text)

    def _text(self) -> str:
        done = f"{self._done / MIB:.1f}"
        if not self._total:
            return f"{self._what}: {done} MiB"
        percent = min(100, self._done * 100 // self._total)
        return f"{self._what}: {percent} %, {done} of {self._total / MIB:.1f} MiB"
