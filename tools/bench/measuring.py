"""Take turns and take the median.

Times are processor time (user and system) of this process and of the processes it has waited for:
other programs on the machine lengthen waiting, not that. What they do to caches and to the clock
of the processor hits candidate and yardstick alike, because they take turns. A yardstick in a
process that lives on has a clock of its own (``own_clock``).
"""

import gc
import resource
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Case:
    """``own_clock``: the call answers with its seconds."""

    name: str
    run: Callable[[], object]
    own_clock: bool = False


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
            spent = _spent(case)
            if number:  # the first round only fills caches
                seconds[case.name].append(spent)
    return {name: Timing(median=median(found), least=min(found)) for name, found in seconds.items()}


def _spent(case: Case) -> float:
    begin = cpu_seconds()
    said = case.run()
    if not case.own_clock:
        return cpu_seconds() - begin
    assert isinstance(said, float)
    return said


def cpu_seconds() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime
