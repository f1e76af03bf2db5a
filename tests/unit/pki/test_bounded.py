"""A memory that stays small, whatever is put into it."""

from concurrent.futures import ThreadPoolExecutor

from siegel.pki.bounded import Bounded


def test_the_least_recently_used_is_forgotten() -> None:
    memory: Bounded[str, int] = Bounded(2)
    memory.put("a", 1)
    memory.put("b", 2)
    memory.get("a")
    memory.put("c", 3)

    assert (memory.get("a"), memory.get("b"), memory.get("c")) == (1, None, 3)


def test_heavy_values_push_out_others() -> None:
    memory: Bounded[str, int] = Bounded(10, weight=100)
    for name in "abc":
        memory.put(name, 0, 40)

    assert memory.get("a") is None
    assert len(memory) == 2


def test_what_is_put_again_counts_once() -> None:
    memory: Bounded[str, int] = Bounded(10, weight=100)
    for number in range(5):
        memory.put("a", number, 60)
    memory.put("b", 0, 40)

    assert (memory.get("a"), memory.get("b")) == (4, 0)


def test_one_value_may_be_heavier_than_all() -> None:
    """It is in use; the next one replaces it."""
    memory: Bounded[str, int] = Bounded(10, weight=100)
    memory.put("a", 1, 500)
    assert memory.get("a") == 1

    memory.put("b", 2, 10)
    assert (memory.get("a"), memory.get("b")) == (None, 2)


def test_nothing_is_left_after_clear() -> None:
    memory: Bounded[str, int] = Bounded(10, weight=100)
    memory.put("a", 1, 90)
    memory.clear()
    memory.put("b", 2, 90)

    assert (memory.get("a"), memory.get("b"), len(memory)) == (None, 2, 1)


def test_threads_do_not_break_the_bound() -> None:
    memory: Bounded[int, int] = Bounded(50, weight=100)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda number: memory.put(number % 80, number, 3), range(8000)))

    assert len(memory) == 33
