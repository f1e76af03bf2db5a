"""The journal answers questions; deliveries keep a retry from sending twice."""

import pytest
from pytest_django import DjangoAssertNumQueries

from siegel.store import models
from siegel.store.queries import deliveries, journal
from tests.store.given import DAY, NOW

pytestmark = pytest.mark.django_db


def test_an_entry_comes_back_as_written() -> None:
    number = journal.write(
        at=NOW, actor="system:gateway", action="outbound.sent", about="a@office.example",
        message_id="<1@x>", recipients=["x@p.example", "y@p.example", "x@p.example"],
        reasons=["every_recipient_has_a_certificate"], detail={"plan": "sign", "n": 3},
    )  # fmt: skip
    (row,) = journal.read()
    assert row.id == number
    assert (row.at, row.actor, row.action, row.about) == (
        NOW, "system:gateway", "outbound.sent", "a@office.example",
    )  # fmt: skip
    assert row.recipients == ("x@p.example", "y@p.example")
    assert row.reasons == ("every_recipient_has_a_certificate",)
    assert row.detail == {"plan": "sign", "n": 3}


def three() -> list[int]:
    return [
        journal.write(
            at=NOW + n * DAY, actor=f"actor{n}", action=f"action{n}", about=f"a{n}@x.example",
            message_id=f"<{n}>", recipients=[f"r{n}@x.example"],
        )
        for n in range(3)
    ]  # fmt: skip


def test_the_journal_can_be_asked() -> None:
    ids = three()

    def numbers(**question: object) -> list[int]:
        return [row.id for row in journal.read(**question)]  # type: ignore[arg-type]  # table of filters

    assert numbers() == ids[::-1]
    assert numbers(number=ids[1]) == [ids[1]]
    assert numbers(address="a1@x.example") == [ids[1]]
    assert numbers(address="r2@x.example") == [ids[2]]
    assert numbers(address="x.example") == []
    assert numbers(action="action0") == [ids[0]]
    assert numbers(actor="actor0", action="action1") == []
    assert numbers(message_id="<2>") == [ids[2]]
    assert numbers(since=NOW + DAY) == [ids[2], ids[1]]
    assert numbers(until=NOW + DAY) == [ids[0]]
    assert numbers(limit=1) == [ids[2]]
    assert numbers(before=ids[2], limit=1) == [ids[1]]


def test_old_entries_go_after_the_retention_time() -> None:
    ids = three()
    assert journal.expire(before=NOW + DAY) == 1
    assert [row.id for row in journal.read()] == [ids[2], ids[1]]
    assert models.JournalAddress.objects.count() == 2


def test_hostile_text_is_cleaned() -> None:
    journal.write(
        at=NOW, actor="a", action="x", about="\ud800" * 500, message_id="\0", recipients=["\0"],
        reasons=["\0"], detail={"k\0": ["\udfff", {"x": "\0"}], "n": None, "f": 1.5},
    )  # fmt: skip
    (row,) = journal.read()
    assert len(row.about) == 400
    assert row.detail == {"k\ufffd": ["?", {"x": "\ufffd"}], "n": None, "f": 1.5}
    assert row.reasons == ("\ufffd",)


@pytest.mark.parametrize("count", [10, 1000])
def test_reading_is_two_questions(
    count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    models.JournalEntry.objects.bulk_create(
        models.JournalEntry(at=NOW, actor="a", action="x") for _ in range(count)
    )
    with django_assert_num_queries(2):
        assert len(journal.read(limit=5000)) == count


@pytest.mark.parametrize("count", [10, 1000])
def test_writing_does_not_multiply_with_recipients(
    count: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    # a thousand rows go in batches on SQLite; savepoints count as queries
    with django_assert_max_num_queries(8):
        journal.write(at=NOW, actor="a", action="x", recipients=[f"r{n}@x" for n in range(count)])


def test_accepted_copies_are_known_until_the_message_is_answered() -> None:
    deliveries.record("aa" * 32, ["x@p.example", "y@p.example"], "250 ok", at=NOW)
    deliveries.record("aa" * 32, ["y@p.example", "z@p.example"], "250 ok", at=NOW)
    deliveries.record("bb" * 32, ["x@p.example"], "250 ok", at=NOW)
    assert deliveries.accepted("aa" * 32) == {"x@p.example", "y@p.example", "z@p.example"}
    deliveries.finish("aa" * 32)
    assert deliveries.accepted("aa" * 32) == frozenset()
    assert deliveries.accepted("bb" * 32) == {"x@p.example"}


def test_the_first_receipt_stays() -> None:
    deliveries.record("aa" * 32, ["x@p.example"], "250 first", at=NOW)
    deliveries.record("aa" * 32, ["x@p.example"], "250 second", at=NOW + DAY)
    assert models.Delivery.objects.get().receipt == "250 first"


def test_what_clients_gave_up_is_forgotten() -> None:
    deliveries.record("aa" * 32, ["x@p.example"], "250", at=NOW)
    assert deliveries.expire(before=NOW) == 0
    assert deliveries.expire(before=NOW + DAY) == 1
