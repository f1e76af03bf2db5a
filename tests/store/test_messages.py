"""Kept messages: the file is the truth, and no row is without its file."""

import fcntl
import hashlib
import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pytest_django import DjangoAssertNumQueries

from siegel.base.errors import NotFound
from siegel.store import models, raw_files
from siegel.store.queries import judgements, messages
from siegel.store.queries.messages import Direction
from siegel.store.rows import StoredMessageRow
from tests.store.given import DAY, NOW

pytestmark = pytest.mark.django_db

RAW = b"From: a@b.example\r\n\r\nhello\r\n"


def keep(raw: bytes = RAW, *recipients: str, until: datetime = NOW + 30 * DAY) -> StoredMessageRow:
    return messages.keep(
        raw, direction=Direction.INBOUND, received_at=NOW, keep_until=until,
        envelope_from="a@b.example", recipients=recipients, message_id="<1@b.example>",
    )  # fmt: skip


def age(data_dir: Path, days: int = 2) -> None:
    for file in (data_dir / raw_files.FOLDER).glob("??/*"):
        moment = (NOW - days * DAY).timestamp()
        os.utime(file, (moment, moment))


@pytest.mark.requirement("A19")
def test_a_message_comes_back_as_it_came(data_dir: Path) -> None:
    row = keep(RAW, "x@office.example", "y@office.example", "x@office.example")
    assert messages.raw(row.sha256) == RAW
    assert messages.get(row.sha256) == row
    assert row.recipients == ("x@office.example", "y@office.example")
    file = data_dir / row.path
    assert row.path == f"messages/{row.sha256[:2]}/{row.sha256}"
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    assert [each.name for each in file.parent.iterdir()] == [row.sha256]


def test_the_same_bytes_again_add_recipients_and_time_only() -> None:
    keep(RAW, "x@office.example")
    row = keep(memoryview(RAW).tobytes(), "y@office.example", until=NOW + 60 * DAY)
    assert row.recipients == ("x@office.example", "y@office.example")
    assert row.keep_until == NOW + 60 * DAY
    assert keep(RAW, until=NOW).keep_until == NOW + 60 * DAY
    assert models.StoredMessage.objects.count() == 1


def test_a_view_of_bytes_is_enough() -> None:
    row = messages.keep(
        memoryview(bytearray(RAW)), direction=Direction.OUTBOUND, received_at=NOW, keep_until=NOW
    )
    assert messages.raw(row.sha256) == RAW
    assert row.size == len(RAW)


def test_what_was_not_kept_is_not_found() -> None:
    for ask in (messages.raw, messages.get):
        with pytest.raises(NotFound):
            ask("00" * 32)


def test_damage_on_disk_is_noticed(data_dir: Path) -> None:
    row = keep()
    (data_dir / row.path).write_bytes(RAW + b"x")
    with pytest.raises(NotFound, match="damaged"):
        messages.raw(row.sha256)
    (data_dir / row.path).unlink()
    with pytest.raises(NotFound, match="missing"):
        messages.raw(row.sha256)
    keep()
    assert messages.raw(row.sha256) == RAW


@pytest.mark.requirement("A66")
def test_mail_that_waits_for_a_key_is_found_by_recipient() -> None:
    row = keep(RAW, "x@office.example")
    assert messages.received_by("x@office.example") == (row,)
    assert messages.received_by("y@office.example") == ()


def test_messages_go_when_their_time_is_over(data_dir: Path) -> None:
    due, kept = keep(RAW, until=NOW), keep(RAW + b"2")
    judgements.add(due.sha256, summary="verified", at=NOW)
    later = NOW + DAY
    assert messages.due_for_deletion(at=later) == (due,)
    assert messages.forget_due(at=later) == 1
    assert messages.due_for_deletion(at=later) == ()
    assert not models.Judgement.objects.exists()
    age(data_dir)
    assert messages.sweep(at=NOW) == 1
    assert not (data_dir / due.path).exists()
    assert messages.raw(kept.sha256) == RAW + b"2"


def test_the_sweep_leaves_young_files_and_removes_unfinished_old_ones(data_dir: Path) -> None:
    folder = data_dir / "messages" / "00"
    folder.mkdir(parents=True)
    unknown, unfinished = folder / ("00" * 32), folder / ".part-0011"
    unknown.write_bytes(b"")
    unfinished.write_bytes(b"half")
    now = datetime.now(tz=NOW.tzinfo)
    assert messages.sweep(at=now) == 0
    assert messages.sweep(at=now + raw_files.GRACE + timedelta(minutes=1)) == 2
    assert list(folder.iterdir()) == []


def test_the_sweep_waits_while_somebody_writes_or_backs_up(data_dir: Path) -> None:
    row = keep()
    models.StoredMessage.objects.all().delete()
    age(data_dir)
    with raw_files.held():
        assert messages.sweep(at=NOW) == 0
    assert (data_dir / row.path).exists()
    assert messages.sweep(at=NOW) == 1


def test_a_message_that_comes_again_is_safe_from_the_sweep(data_dir: Path) -> None:
    row = keep()
    models.StoredMessage.objects.all().delete()
    age(data_dir)
    path = raw_files.put(row.sha256, RAW)
    assert messages.sweep(at=NOW) == 0
    assert (data_dir / path).exists()


def test_a_sweep_of_an_empty_store_does_nothing() -> None:
    assert messages.sweep(at=NOW) == 0


def test_locks_are_released(data_dir: Path) -> None:
    keep()
    with (data_dir / "messages" / ".lock").open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_judgements_are_a_history() -> None:
    row = keep()
    first = judgements.add(
        row.sha256, summary="unprotected", at=NOW, reasons=["revocation_unknown"],
        findings=["weak_digest"], verdicts={"aa": {"status": "valid", "n": 1}},
    )  # fmt: skip
    second = judgements.add(row.sha256, summary="verified", at=NOW + DAY)
    latest = judgements.latest(row.sha256)
    assert latest is not None
    assert (latest.id, latest.supersedes, latest.summary) == (second, first, "verified")
    assert [each.id for each in judgements.history(row.sha256)] == [second, first]
    before = judgements.history(row.sha256)[1]
    assert (before.reasons, before.findings) == (("revocation_unknown",), ("weak_digest",))
    assert before.verdicts == {"aa": {"status": "valid", "n": 1}}


def test_what_was_not_kept_cannot_be_judged() -> None:
    assert judgements.latest("00" * 32) is None
    with pytest.raises(NotFound):
        judgements.add("00" * 32, summary="verified", at=NOW)


def test_hostile_envelopes_are_stored_cleaned() -> None:
    row = messages.keep(
        RAW, direction=Direction.INBOUND, received_at=NOW, keep_until=NOW,
        envelope_from="\0" * 1000, recipients=["a\0@b\ud800"], message_id="<" + "x" * 5000,
    )  # fmt: skip
    assert len(row.envelope_from) == 400
    assert len(row.message_id) == 1000
    assert row.recipients == ("a\ufffd@b?",)


@pytest.mark.parametrize("count", [10, 1000])
def test_questions_do_not_multiply_with_messages(
    count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    models.StoredMessage.objects.bulk_create(
        models.StoredMessage(
            sha256=hashlib.sha256(str(n).encode()).hexdigest(), size=1, path="x",
            direction="inbound", received_at=NOW, keep_until=NOW - DAY,
        )
        for n in range(count)
    )  # fmt: skip
    with django_assert_num_queries(2):
        assert len(messages.due_for_deletion(at=NOW, limit=count)) == count
