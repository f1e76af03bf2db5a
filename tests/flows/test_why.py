"""„Warum wurde das nicht verschlüsselt?“ – from the journal, and as it would be now."""

from dataclasses import replace

import pytest

from siegel.flows import why
from siegel.policy.reasons import Obstacle, Reason
from siegel.store.queries import organisation
from tests.flows.office import ALICE, BOB, DANA, HUBER, UNKNOWN, Office, mail

pytestmark = pytest.mark.requirement("A8", "A52")


def test_a_mail_is_found_by_its_message_id_with_and_without_brackets(office: Office) -> None:
    office.send(mail(ALICE.address, UNKNOWN, subject="eins"), ALICE.address, UNKNOWN)
    office.send(mail(ALICE.address, UNKNOWN, subject="zwei"), ALICE.address, UNKNOWN)
    for asked in ("<eins@test.example>", "eins@test.example", " <eins@test.example> "):
        (found,) = why.of_message(asked, at=office.at)
        assert found.entry.message_id == "<eins@test.example>"
    assert why.of_message("drei@test.example", at=office.at) == ()


def test_every_recipient_is_told_with_what_stood_in_the_way(office: Office) -> None:
    office.partner(HUBER)
    raw = mail(ALICE.address, HUBER.address, UNKNOWN, subject="eins")
    office.send(raw, ALICE.address, HUBER.address, UNKNOWN)
    (found,) = why.of_message("eins@test.example", at=office.at)
    assert (found.plan, found.was_encrypted) == ("sign", False)
    assert Reason.RECIPIENT_WITHOUT_CERTIFICATE in found.reasons
    assert found.recipients == {HUBER.address: (), UNKNOWN: (Obstacle.NO_CERTIFICATE,)}
    assert not found.differs_now


def test_after_the_certificate_came_the_answer_says_that_it_would_differ_now(
    office: Office,
) -> None:
    raw = mail(ALICE.address, HUBER.address, subject="eins")
    office.send(raw, ALICE.address, HUBER.address)
    office.partner(HUBER)
    (found,) = why.of_message("eins@test.example", at=office.at)
    assert found.differs_now
    assert found.now is not None
    assert found.now.plan == "sign_and_encrypt"
    assert found.recipients[HUBER.address] == (Obstacle.NO_CERTIFICATE,), "the past stays as it was"


def test_what_lay_in_the_message_itself_has_no_now(office: Office) -> None:
    office.partner(HUBER)
    bulk = mail(ALICE.address, HUBER.address, subject="eins", extra="Precedence: bulk\r\n")
    office.send(bulk, ALICE.address, HUBER.address)
    (found,) = why.of_message("eins@test.example", at=office.at)
    assert Reason.BULK_MAIL in found.reasons
    assert (found.now, found.differs_now) == (None, False)


def test_a_wish_that_was_refused_is_asked_again_as_a_wish(office: Office) -> None:
    wish = mail(ALICE.address, UNKNOWN, subject="eins", extra="X-Siegel-Protect: encrypt\r\n")
    office.send(wish, ALICE.address, UNKNOWN)
    (found,) = why.of_message("eins@test.example", at=office.at)
    assert found.plan == "refused"
    assert found.now is not None
    assert found.now.plan == "refused"


def test_a_sender_whose_certificate_cannot_sign_is_told_why(office: Office) -> None:
    rules = replace(organisation.get_rules(), must_encrypt_domains=frozenset({"school.example"}))
    organisation.set_rules(rules)
    office.partner(HUBER)
    office.later(days=365 * 20)
    office.send(mail(ALICE.address, HUBER.address, subject="eins"), ALICE.address, HUBER.address)
    (found,) = why.of_message("eins@test.example", at=office.at)
    assert Obstacle.EXPIRED in found.sender


def test_by_recipient_only_what_was_not_encrypted_is_shown_the_newest_first(
    office: Office,
) -> None:
    send = office.send
    send(mail(ALICE.address, DANA.address, subject="eins"), ALICE.address, DANA.address)
    send(mail(BOB.address, DANA.address, subject="zwei"), BOB.address, DANA.address)
    office.partner(DANA)
    send(mail(ALICE.address, DANA.address, subject="drei"), ALICE.address, DANA.address)
    found = why.of_recipient(DANA.address.upper(), at=office.at)
    assert [each.entry.message_id[:5] for each in found] == ["<zwei", "<eins"]
    assert why.of_recipient(ALICE.address, at=office.at) == (), "a sender is not a recipient"


def test_people_are_told_about_mail_of_their_own_accounts_only(office: Office) -> None:
    office.send(mail(ALICE.address, UNKNOWN, subject="eins"), ALICE.address, UNKNOWN)
    asked = ("eins@test.example",)
    assert why.of_message(*asked, at=office.at, senders={ALICE.address})
    assert not why.of_message(*asked, at=office.at, senders={BOB.address})
    assert not why.of_recipient(UNKNOWN, at=office.at, senders=())


def test_a_number_of_another_kind_of_entry_is_no_answer(office: Office) -> None:
    office.send(mail(ALICE.address, UNKNOWN), ALICE.address, UNKNOWN)
    (found,) = why.of_recipient(UNKNOWN, at=office.at)
    assert why.of_entry(found.entry.id, at=office.at) == found
    assert why.of_entry(1, at=office.at) is None
