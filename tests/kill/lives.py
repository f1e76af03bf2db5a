"""A process that is killed and goes on, without a new start of Python for each of its lives.

A parent that has everything loaded forks one child after another. Each begins with nothing but
what the store holds, as after a start; the parent itself never opens the store.
"""

import os
import signal
import sys
import traceback
from collections.abc import Callable
from enum import StrEnum


def trap(point: str, every: int) -> Callable[[StrEnum], None]:
    """Counts how often the point is passed, and pulls the plug."""
    passed = 0

    def passes(found: StrEnum) -> None:
        nonlocal passed
        passed += found.value == point
        if passed == every:
            os.kill(os.getpid(), signal.SIGKILL)

    return passes


def live(work: Callable[[], object]) -> bool:
    """One life; whether it came to its end instead of being killed. Ends us with the traceback
    when something else went wrong."""
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            work()
            status = 0
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if status not in (0, -signal.SIGKILL):
        raise SystemExit(status)
    return status == 0


def kills_until_done(work: Callable[[], object], *, most: int) -> int:
    """How often it was killed before it came to its end; ends us after too many times."""
    for kills in range(most + 1):
        if live(work):
            return kills
    raise SystemExit("it never comes to an end")
