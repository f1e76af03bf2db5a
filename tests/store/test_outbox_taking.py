"""Several workers at once: each message is in one worker's hands, and each recipient of a list."""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from siegel.base.address import EmailAddress
from siegel.store.bulk_rows import NewBulkItem
from siegel.store.models import MailAccount, User
from siegel.store.outbox_rows import NewOutboxItem, RecipientRow
from siegel.store.queries import bulk, outbox
from siegel.store.queries.bulk import BulkState
from siegel.store.queries.outbox import OutboxState
from siegel.store.transaction import session

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 11, 21, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)
WORKERS, MANY = 4, 24
ALICE = EmailAddress.parse("alice@office.example")


@pytest.fixture(autouse=True)
def account() -> None:
    MailAccount.objects.create(address=str(ALICE), added_at=NOW)
    User.objects.create(email=str(ALICE), created_at=NOW, password="x")


def accept(number: int) -> int:
    new = NewOutboxItem(
        account=ALICE,
        user=ALICE,
        sender=ALICE,
        subject="",
        message_id=f"<{number}@x>",
        sealed=b"",
        recipients=(RecipientRow(address="a@x.example", kind="to"),),
        state=OutboxState.WAITING,
        plan="sign",
        reasons=(),
        obstacles={},
        answers=None,
        due_at=NOW,
        waits=False,
    )
    return outbox.add(new, by="test", at=NOW)


def all_taken(take: Callable[[], list[int]]) -> Counter[int]:
    """What so many workers take until nothing is left."""
    taken, failed = Counter[int](), list[str]()

    def work() -> None:
        try:
            with session():
                while found := take():
                    taken.update(found)
        except Exception as error:
            failed.append(repr(error))

    threads = [threading.Thread(target=work) for _ in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    return taken


def test_two_workers_never_have_the_same_message() -> None:
    ids = [accept(number) for number in range(MANY)]

    def take() -> list[int]:
        found = outbox.take_due(at=NOW, until=LATER)
        return [] if found is None else [found]

    assert all_taken(take) == Counter(ids)


def test_what_a_worker_left_is_taken_again_when_its_lease_is_over() -> None:
    id_ = accept(1)
    assert outbox.take_due(at=NOW, until=LATER) == id_
    assert outbox.take_due(at=LATER - timedelta(seconds=1), until=LATER) is None
    assert outbox.take_due(at=LATER, until=LATER + timedelta(minutes=5)) == id_
    assert not outbox.keep(id_, 1, until=LATER), "the first worker has lost it"
    assert not outbox.change(id_, come_from=[OutboxState.SENDING], to=OutboxState.SENT, attempt=1)


def test_undoing_and_sending_exclude_each_other() -> None:
    id_ = accept(1)
    assert outbox.withdrawn(id_, come_from=[OutboxState.WAITING])
    assert outbox.take_due(at=NOW, until=LATER) is None
    other = accept(2)
    assert outbox.take_due(at=NOW, until=LATER) == other
    assert not outbox.withdrawn(other, come_from=[OutboxState.WAITING])


def test_two_workers_never_write_to_the_same_recipient_of_a_list() -> None:
    job = bulk.add(
        account=ALICE, user=ALICE, sender=ALICE, subject="", plan="sign", total=MANY, by="t", at=NOW
    )
    bulk.fill(
        job,
        b"",
        (
            NewBulkItem(number=n, address=f"p{n}@x.example", sealed=b"", message_id=f"<{n}@x>")
            for n in range(1, MANY + 1)
        ),
    )
    assert bulk.take(job, limit=5, at=NOW, until=LATER) == (), "it does not run yet"
    bulk.change(job, come_from=BulkState.STOPPED, to=BulkState.RUNNING)

    taken = all_taken(lambda: [one.number for one in bulk.take(job, limit=5, at=NOW, until=LATER)])

    assert taken == Counter(range(1, MANY + 1))
