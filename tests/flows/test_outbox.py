"""The outbox accepts a letter: one transaction, the gateway's decision, reasons where held."""

from pathlib import Path

import pytest

from siegel.base.address import EmailAddress
from siegel.base.errors import Conflict, MalformedMessage, NotFound
from siegel.flows import outbox
from siegel.store.queries.outbox import OutboxState
from tests.flows.office import ALICE, BOB, DANA, HUBER, UNKNOWN, Office
from tests.flows.outbox import MIRA, letter, outbox_office


@pytest.fixture
def writing(office: Office) -> Office:
    return outbox_office(office)


def test_an_accepted_letter_waits_for_its_moment(writing: Office) -> None:
    id_ = outbox.accept(letter(HUBER.address, undo=10), writing.site, by="test", at=writing.at)

    row = outbox.get(id_, MIRA, at=writing.at)

    assert row.state is OutboxState.WAITING
    assert row.plan == "sign"
    assert row.due_at is not None
    assert (row.due_at - writing.at).seconds == 10


def test_its_text_lies_sealed(writing: Office) -> None:
    id_ = outbox.accept(letter(HUBER.address, text="Geheimes"), writing.site, by="t", at=writing.at)

    row = outbox.get(id_, MIRA, at=writing.at)

    assert b"Geheimes" in outbox.text_of(row, writing.site)
    database = Path(str(_database()))
    held = b"".join(each.read_bytes() for each in database.parent.glob(f"{database.name}*"))
    assert b"Geheimes" not in held


def test_the_same_letter_twice_is_one(writing: Office) -> None:
    given = letter(HUBER.address)

    first = outbox.accept(given, writing.site, by="t", at=writing.at)

    assert outbox.accept(given, writing.site, by="t", at=writing.at) == first


@pytest.mark.requirement("A52")
def test_must_encrypt_holds_the_letter_with_its_reason(writing: Office) -> None:
    writing.rule("must_encrypt_domains", [HUBER.address.partition("@")[2]])

    id_ = outbox.accept(letter(HUBER.address), writing.site, by="t", at=writing.at)

    row = outbox.get(id_, MIRA, at=writing.at)
    assert row.state is OutboxState.HELD
    assert "encryption_required" in row.reasons
    assert row.obstacles[HUBER.address] == ("no_certificate",)
    assert row.plan == "sign_and_encrypt"


def test_the_writers_wish_holds_it_too(writing: Office) -> None:
    given = letter(HUBER.address, extra="X-Siegel-Protect: encrypt\r\n")

    id_ = outbox.accept(given, writing.site, by="t", at=writing.at)

    assert outbox.get(id_, MIRA, at=writing.at).state is OutboxState.HELD


def test_waiting_for_everybody_means_held(writing: Office) -> None:
    writing.partner(HUBER)

    id_ = outbox.accept(
        letter(HUBER.address, DANA.address, wait=True), writing.site, by="t", at=writing.at
    )

    row = outbox.get(id_, MIRA, at=writing.at)
    assert row.state is OutboxState.HELD
    assert set(row.obstacles) == {DANA.address}


def test_nobody_writes_for_an_account_that_is_not_his(writing: Office) -> None:
    given = letter(HUBER.address, account=BOB.address)
    with pytest.raises(NotFound):
        outbox.accept(given, writing.site, by="t", at=writing.at)


def test_nobody_writes_as_somebody_else(writing: Office) -> None:
    with pytest.raises(Conflict):
        outbox.accept(
            letter(HUBER.address, sender=BOB.address), writing.site, by="t", at=writing.at
        )


def test_blind_recipients_in_the_header_are_refused(writing: Office) -> None:
    given = letter(HUBER.address, extra=f"Bcc: {UNKNOWN}\r\n")
    with pytest.raises(MalformedMessage):
        outbox.accept(given, writing.site, by="t", at=writing.at)


def test_what_was_taken_back_can_be_sent_anew(writing: Office) -> None:
    given = letter(HUBER.address, undo=10)
    first = outbox.accept(given, writing.site, by="t", at=writing.at)
    outbox.withdraw(first, MIRA, by="t", at=writing.at)

    again = outbox.accept(given, writing.site, by="t", at=writing.at)

    assert again != first
    assert outbox.get(again, MIRA, at=writing.at).state is OutboxState.WAITING


def test_a_stranger_sees_nothing_of_it(writing: Office) -> None:
    id_ = outbox.accept(letter(HUBER.address), writing.site, by="t", at=writing.at)
    for ask in (outbox.get, outbox.try_now):
        with pytest.raises(NotFound):
            ask(id_, EmailAddress.parse(BOB.address), at=writing.at)
    assert outbox.open_items(EmailAddress.parse(BOB.address), at=writing.at) == ()
    assert ALICE.address


def _database() -> object:
    from django.db import connection

    return connection.settings_dict["NAME"]
