"""How much work a call does, told so that a slow or busy machine tells the same.

``steps`` counts lines of Python that run: the same number everywhere. Work inside C (regular
expressions, parsers, ciphers) has no lines; there ``grows_in_proportion`` compares the processor
time of two sizes on the same machine, with room for everything that is not growth.
"""

import sys
from collections.abc import Callable
from time import process_time
from types import FrameType, ModuleType
from typing import Any

import pytest

Run = Callable[[], object]

_TIMES = 8  # as large: squared it would be 64 times the time
_BOUND = 24
_TRIES = 7


class Counted:
    """Counts the calls of one function and passes them on."""

    def __init__(
        self, monkeypatch: pytest.MonkeyPatch, module: ModuleType | type, name: str
    ) -> None:
        self.calls = 0
        self._real: Callable[..., object] = getattr(module, name)
        monkeypatch.setattr(module, name, self)

    def __call__(self, *args: object, **kwargs: object) -> object:
        self.calls += 1
        return self._real(*args, **kwargs)


def steps(call: Run) -> int:
    """Lines and calls of Python that ``call`` executes."""
    counted = 0

    def count(frame: FrameType, event: str, argument: object) -> Any:
        nonlocal counted
        counted += 1
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        call()
    finally:
        sys.settrace(before)
    return counted


def grows_in_proportion(made: Callable[[int], Run], size: int) -> bool:
    """Whether eight times the size takes nowhere near 64 times the time. ``made`` prepares the
    call for a size; noise can only lengthen, so the best of several counts."""
    small, large = made(size), made(_TIMES * size)
    best_small = best_large = float("inf")
    for _ in range(_TRIES):
        best_small = min(best_small, _seconds(small))
        best_large = min(best_large, _seconds(large))
        if best_large < _BOUND * best_small:
            return True
    return False


def costs_alike(call: Run, other: Run, *, factor: float = 24) -> bool:
    """Whether ``call`` takes at most ``factor`` times the processor time of ``other``, which is
    known to be harmless; the best of several."""
    return any(_seconds(call) < factor * _seconds(other) for _ in range(_TRIES))


def steps_in_proportion(made: Callable[[int], Run], size: int) -> bool:
    """Whether twice the size is about twice the steps; squared, it would be four times."""
    return steps(made(2 * size)) <= 2.5 * steps(made(size))


def _seconds(call: Run) -> float:
    begun = process_time()
    call()
    return process_time() - begun
