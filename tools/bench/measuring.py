"""Take turns and take the median.

Times are processor time (user and system) of this process and of the processes it has waited for:
other programs on the machine lengthen waiting, not that. What they do to caches and to the clock
of the processor hits candidate and yardstick alike, because they take turns.
"""

import gc
import resource
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Case:
    name: str
    run: Callable[[], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Seconds of processor time."""

    median: float
    least: float


def interleaved(cases: Sequence[Case], rounds: int, *, warm: bool) -> Mapping[str, Timing]:
    """Every case once in every round. ``warm``: with a call that is not measured before each."""
    seconds: dict[str, list[float]] = {case.name: [] for case in cases}
    gc.collect()
    for number in range(rounds + 1):
        for case in cases:
            if warm:
                case.run()
            begin = cpu_seconds()
            case.run()
            spent = cpu_seconds() - begin
            if number:  # the first round only fills caches
                seconds[case.name].append(spent)
    return {name: Timing(median=median(found), least=min(found)) for name, found in seconds.items()}


def cpu_seconds() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime
