"""What comes next for a certificate that is replaced, and which one signs until the moment."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siegel.policy.reissue import (
    MOST_TRIES,
    UNDECIDED,
    ItemFacts,
    Problem,
    Step,
    is_given_up,
    is_switched,
    next_step,
    pause,
)

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
MOMENTS = st.none() | st.integers(-72, 72).map(lambda hours: NOW + timedelta(hours=hours))
FACTS = st.builds(
    ItemFacts,
    has_replacement=st.booleans(),
    is_ordered=st.booleans(),
    problem=st.none() | st.sampled_from(Problem),
    attempts=st.integers(0, 9),
    old_signs=st.booleans(),
    switch_at=MOMENTS,
    untold=st.integers(0, 3),
    is_ours=st.booleans(),
    is_revoked=st.booleans(),
)


@pytest.mark.requirement("C10")
@pytest.mark.parametrize(
    ("facts", "step"),
    [
        (ItemFacts(has_replacement=False), Step.ORDER),
        (ItemFacts(has_replacement=False, is_ordered=True), Step.AWAIT),
        (ItemFacts(has_replacement=False, problem=Problem.REFUSED), Step.LOOK),
        (ItemFacts(has_replacement=False, problem=Problem.TROUBLE, attempts=1), Step.ORDER),
        (ItemFacts(has_replacement=False, problem=Problem.TROUBLE, attempts=MOST_TRIES), Step.LOOK),
        (ItemFacts(has_replacement=True), Step.SWITCH),
        (ItemFacts(has_replacement=True, old_signs=False, untold=1), Step.TELL),
        (ItemFacts(has_replacement=True, switch_at=NOW, untold=1), Step.TELL),
        (ItemFacts(has_replacement=True, switch_at=NOW, is_ours=True), Step.REVOKE),
        (ItemFacts(has_replacement=True, switch_at=NOW, is_ours=True, is_revoked=True), Step.DONE),
        (ItemFacts(has_replacement=True, switch_at=NOW), Step.DONE),
    ],
)
def test_the_first_thing_that_is_not_done_comes_next(facts: ItemFacts, step: Step) -> None:
    assert next_step(facts, NOW) is step


@given(FACTS)
def test_nothing_is_done_without_a_replacement_and_none_is_ordered_twice(facts: ItemFacts) -> None:
    step = next_step(facts, NOW)
    before = {Step.ORDER, Step.LOOK, Step.AWAIT}
    assert (step in before) is not facts.has_replacement
    if facts.is_ordered:
        assert step is not Step.ORDER


@given(FACTS)
def test_an_old_one_is_never_revoked_while_it_still_signs(facts: ItemFacts) -> None:
    if next_step(facts, NOW) is Step.REVOKE:
        assert is_switched(facts.switch_at, NOW) or not facts.old_signs


def test_the_new_ones_sign_from_the_moment_on_and_never_while_nobody_has_decided() -> None:
    assert is_switched(NOW, NOW)
    assert not is_switched(NOW + timedelta(microseconds=1), NOW)
    assert not is_switched(None, NOW)
    assert not is_switched(UNDECIDED, NOW + timedelta(days=300_000))


def test_trouble_is_tried_again_with_longer_pauses_and_other_problems_are_not() -> None:
    pauses = [pause(tries) for tries in range(1, 9)]
    assert pauses == sorted(pauses)
    assert max(pauses) <= timedelta(hours=1)
    assert not is_given_up(Problem.TROUBLE, MOST_TRIES - 1)
    assert is_given_up(Problem.WITHDRAWN, 1)
