"""Is the installation well? The checks one by one, from made-up facts."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from siegel.policy.health import (
    Check,
    DayOfMail,
    Fetching,
    HealthFacts,
    State,
    judge,
    worst,
)

AT = datetime(2026, 11, 28, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
GB = 1024**3
NOTHING = HealthFacts(at=AT, roots_published_at=AT - DAY)
WORKING = [DayOfMail(sent=50, signed=40)] * 5
WEEKEND = [DayOfMail(sent=0, signed=0)] * 2
# 27 November, a Friday, and back: Fr Th We Tu Mo | Su Sa | …
USUAL = tuple((WORKING + WEEKEND) * 4)


def state(check: Check, **facts: object) -> State:
    judged = {each.check: each.state for each in judge(replace(NOTHING, **facts))}  # type: ignore[arg-type]  # table of facts
    return judged[check]


def of_mail(sent: int, signed: int, before: tuple[DayOfMail, ...] = USUAL) -> State:
    return state(Check.SIGNING, mail=(DayOfMail(sent=sent, signed=signed), *before))


def test_every_check_is_judged_once_in_their_order() -> None:
    assert [each.check for each in judge(NOTHING)] == list(Check)


def test_without_facts_nothing_is_wrong() -> None:
    assert worst(judge(NOTHING)) is State.OK
    assert state(Check.BACKUP) is State.UNKNOWN


@pytest.mark.parametrize(
    ("check", "fact"),
    [
        (Check.OUTBOUND_LISTENER, "outbound_listens"),
        (Check.INBOUND_LISTENER, "inbound_listens"),
        (Check.OUTBOUND_HOP, "outbound_hop"),
        (Check.INBOUND_HOP, "inbound_hop"),
        (Check.KEY_FILE, "key_file_fits"),
        (Check.HARDWARE, "hardware_answers"),
    ],
)
def test_what_does_not_answer_is_bad(check: Check, fact: str) -> None:
    assert state(check, **{fact: True}) is State.OK
    assert state(check, **{fact: False}) is State.BAD
    assert state(check) is State.UNKNOWN
    assert worst(judge(replace(NOTHING, **{fact: False}))) is State.BAD  # type: ignore[arg-type]  # one fact


@pytest.mark.parametrize(
    ("sent", "signed", "expected"),
    [
        pytest.param(50, 40, State.OK, id="as_usual"),
        pytest.param(50, 0, State.BAD, id="nothing_signed_any_more"),
        pytest.param(5, 0, State.BAD, id="five_are_enough"),
        pytest.param(4, 0, State.OK, id="four_may_be_chance"),
        pytest.param(50, 9, State.WARN, id="less_than_a_quarter_of_the_usual"),
        pytest.param(50, 10, State.OK, id="a_quarter_of_the_usual"),
        pytest.param(19, 1, State.OK, id="few_messages_say_little"),
    ],
)
def test_signing_is_compared_with_what_is_usual(sent: int, signed: int, expected: State) -> None:
    assert of_mail(sent, signed) is expected


def test_a_house_that_hardly_signs_is_not_alarmed_by_none() -> None:
    seldom = tuple(DayOfMail(sent=100, signed=5) for _ in range(28))
    assert of_mail(50, 0, seldom) is State.OK


def test_a_new_installation_has_no_usual_yet() -> None:
    assert of_mail(50, 0, ()) is State.UNKNOWN
    assert of_mail(50, 0, tuple(DayOfMail(sent=9, signed=1) for _ in range(9))) is State.UNKNOWN
    assert of_mail(3, 3, ()) is State.OK
    assert state(Check.SIGNING) is State.UNKNOWN


def test_silence_is_strange_only_when_these_days_always_had_mail() -> None:
    assert of_mail(0, 0) is State.OK, "Saturday noon: Saturdays never had any"
    friday = tuple([*WORKING[:4], *WEEKEND, WORKING[0]] * 4)
    assert of_mail(0, 0, friday) is State.WARN, "Friday noon"
    monday = tuple(([*WEEKEND, *WORKING]) * 4)
    assert of_mail(0, 0, monday) is State.OK, "Monday noon: half of it was Sunday"


@pytest.mark.parametrize(
    ("expiring", "expired", "expected"),
    [(0, 0, State.OK), (1, 0, State.WARN), (0, 1, State.BAD), (3, 1, State.BAD)],
)
def test_accounts_that_lose_their_certificate(expiring: int, expired: int, expected: State) -> None:
    assert state(Check.CERTIFICATES, expiring=expiring, expired=expired) is expected


@pytest.mark.parametrize(
    ("free", "size", "expected"),
    [
        (GB // 4, 8 * GB, State.BAD),
        (4 * GB, 100 * GB, State.WARN),
        (4 * GB, 8 * GB, State.OK),
        (9 * GB, 1000 * GB, State.OK),
        (None, None, State.UNKNOWN),
    ],
)
def test_disks_are_full_by_what_is_left(
    free: int | None, size: int | None, expected: State
) -> None:
    assert state(Check.DISK, disk_free=free, disk_size=size) is expected


@pytest.mark.parametrize(
    ("age", "expected"),
    [(HOUR / 6, State.OK), (HOUR / 1.5, State.WARN), (2 * HOUR, State.BAD)],
)
def test_a_worker_that_is_silent_is_late_then_gone(age: timedelta, expected: State) -> None:
    assert state(Check.WORKER, worker_at=AT - age) is expected


def test_fetching_fails_only_after_a_whole_day_without_any_success() -> None:
    def failing(hours: int | None) -> State:
        since = None if hours is None else AT - hours * HOUR
        return state(Check.FETCHING, fetching=Fetching(last_at=AT, failing_since=since))

    assert [failing(None), failing(23), failing(24)] == [State.OK, State.OK, State.WARN]
    assert state(Check.FETCHING) is State.UNKNOWN


def test_old_roots_old_backups_and_unsent_notices_are_warnings() -> None:
    assert state(Check.ROOTS, roots_published_at=AT - 181 * DAY) is State.WARN
    assert state(Check.BACKUP, backup_at=AT - 9 * DAY) is State.WARN
    assert state(Check.BACKUP, backup_at=AT - 7 * DAY) is State.OK
    assert state(Check.NOTICES, notices_failed=1) is State.WARN


def test_a_mailbox_that_fails_is_looked_at_and_after_a_day_it_stands_still() -> None:
    def found(since: datetime | None) -> State:
        number = 0 if since is None else 2
        return state(Check.MAILBOXES, mailboxes_failing=number, mailboxes_failing_since=since)

    assert found(None) is State.OK
    assert found(AT - timedelta(hours=1)) is State.WARN
    assert found(AT - timedelta(hours=25)) is State.BAD
