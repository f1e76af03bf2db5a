"""One word for how an authority stands."""

from datetime import timedelta

import pytest

from siegel.pki.certificate import parse_certificate
from siegel.policy.authority_state import ENDS_SOON, AuthorityState, authority_state
from tests.world import WORLD

ROOT = parse_certificate(WORLD.root.der)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("before_its_end", "state"),
    [
        (ENDS_SOON + SECOND, AuthorityState.WORKS),
        (ENDS_SOON, AuthorityState.ENDS_SOON),
        (SECOND, AuthorityState.ENDS_SOON),
        (timedelta(0), AuthorityState.ENDED),
    ],
)
def test_it_works_until_its_end_and_says_so_a_year_before(
    before_its_end: timedelta, state: AuthorityState
) -> None:
    at = ROOT.not_after - before_its_end
    assert authority_state(ROOT, revoked=False, at=at) is state
    assert authority_state(ROOT, revoked=True, at=at) is AuthorityState.REVOKED
    assert authority_state(None, revoked=False, at=at) is AuthorityState.WAITS


def test_only_one_that_works_can_issue() -> None:
    can = {state for state in AuthorityState if state.can_issue}
    assert can == {AuthorityState.WORKS, AuthorityState.ENDS_SOON}
