"""What counts work sees the difference between a line and a square."""

from collections.abc import Callable

import pytest

from tests.work import Run, costs_alike, grows_in_proportion, steps, steps_in_proportion


def in_python(rounds: int) -> Run:
    return lambda: [None for _ in range(rounds)]


def in_c(rounds: int) -> Run:
    """No line of Python runs for each round."""
    return lambda: sum(range(rounds))


def square(make: Callable[[int], Run]) -> Callable[[int], Run]:
    return lambda size: make(size * size)


def test_steps_are_the_same_every_time_and_grow_with_the_work() -> None:
    assert steps(in_python(100)) == steps(in_python(100)) < steps(in_python(200))


@pytest.mark.parametrize(("made", "holds"), [(in_python, True), (square(in_python), False)])
def test_steps_tell_a_line_from_a_square(made: Callable[[int], Run], holds: bool) -> None:
    assert steps_in_proportion(made, 60) is holds


@pytest.mark.parametrize(("made", "holds"), [(in_c, True), (square(in_c), False)])
def test_time_tells_a_line_from_a_square(made: Callable[[int], Run], holds: bool) -> None:
    assert grows_in_proportion(made, 400) is holds


def test_what_costs_a_thousand_times_as_much_is_not_alike() -> None:
    assert costs_alike(in_c(10_000), in_c(10_000))
    assert not costs_alike(in_c(2_000_000), in_c(10_000))
