"""What a person may do with a mail account: by standing, by role, and in time."""

from datetime import UTC, datetime, timedelta

import pytest

from siegel.policy.access import (
    AccountRight,
    Capacity,
    Standing,
    rights,
    sees_every_account,
)
from siegel.policy.roles import Role

AT = datetime(2026, 11, 28, 12, tzinfo=UTC)
DAY = timedelta(days=1)
MAIL = {AccountRight.READ_MAIL, AccountRight.WRITE_MAIL}


def standing(capacity: Capacity, since: int = -1, until: int | None = None) -> Standing:
    return Standing(
        capacity=capacity,
        since=AT + since * DAY,
        until=None if until is None else AT + until * DAY,
    )


@pytest.mark.requirement("A47", "A89")
@pytest.mark.parametrize("capacity", Capacity)
def test_everybody_on_an_account_reads_and_writes_its_mail(capacity: Capacity) -> None:
    found = rights(standing(capacity), [Role.MEMBER], AT)
    assert found >= MAIL
    assert (AccountRight.APPOINT_DEPUTIES in found) is (capacity is Capacity.OWNER)
    assert AccountRight.ARRANGE not in found


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [(-1, 1, True), (0, 1, True), (1, 2, False), (-2, 0, False), (-2, -1, False), (-1, None, True)],
)
def test_a_deputy_may_from_the_first_moment_until_before_the_last(
    since: int, until: int | None, expected: bool
) -> None:
    found = rights(standing(Capacity.DEPUTY, since, until), [Role.MEMBER], AT)
    assert found == (MAIL | {AccountRight.SEE} if expected else set())


def test_an_administrator_arranges_accounts_but_reads_nobodys_mail() -> None:
    found = rights(None, [Role.ADMINISTRATOR, Role.CERTIFICATE_MANAGER], AT)
    assert AccountRight.ARRANGE in found
    assert not found & MAIL


def test_without_role_and_standing_there_is_nothing() -> None:
    assert rights(None, [Role.MEMBER], AT) == frozenset()
    assert rights(None, [], AT) == frozenset()
    assert not sees_every_account([Role.MEMBER])
    assert sees_every_account([Role.MEMBER, Role.CERTIFICATE_MANAGER])
