"""Everything one outgoing message needs, gathered in a fixed number of questions."""

import pytest
from pytest_django import DjangoAssertNumQueries

from siegel.base.address import EmailAddress
from siegel.store.queries import accounts, alerts, candidates, certificates, keys, pending
from siegel.store.queries.accounts import Grant
from siegel.store.queries.certificates import Source
from tests.store.given import (
    ALICE,
    BOB,
    DANA,
    HUBER,
    INFO,
    NOW,
    certificate_of,
    many_certificates,
    office,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _office() -> None:
    office()
    for name in ("alice", "bob", "huber"):
        certificates.add(certificate_of(name), source=Source.IMPORTED, by="admin", at=NOW)
    alice = certificate_of("alice")
    keys.add(alice.spki_sha256, b"sealed", by="admin", at=NOW)
    keys.bind(alice.spki_sha256, ALICE, by="admin", at=NOW)


@pytest.mark.requirement("A46", "A75", "A88")
def test_an_outgoing_message_finds_its_certificates() -> None:
    rows = candidates.outbound(ALICE, ALICE, [HUBER, BOB, DANA, HUBER])
    assert rows.entitled
    assert rows.account_of_sender is not None
    assert rows.account_of_sender.address == ALICE
    (own,) = rows.own
    assert (own.has_private_key, own.has_account) == (True, True)
    assert own.fingerprint == certificate_of("alice").fingerprint
    assert list(rows.partners) == [HUBER, BOB, DANA]
    assert [row.fingerprint for row in rows.partners[HUBER]] == [
        certificate_of("huber").fingerprint
    ]
    assert not rows.partners[HUBER][0].has_account
    assert rows.partners[DANA] == ()
    assert rows.internal == {BOB}


def test_the_key_of_somebody_else_does_not_sign() -> None:
    bob = certificate_of("bob")
    keys.add(bob.spki_sha256, b"sealed", by="admin", at=NOW)
    keys.bind(bob.spki_sha256, ALICE, by="admin", at=NOW)
    (own,) = candidates.outbound(BOB, BOB, [HUBER]).own
    assert not own.has_private_key
    keys.bind(bob.spki_sha256, BOB, by="admin", at=NOW)
    (own,) = candidates.outbound(BOB, BOB, [HUBER]).own
    assert own.has_private_key


def test_an_archived_key_does_not_sign() -> None:
    keys.archive(certificate_of("alice").spki_sha256, at=NOW)
    (own,) = candidates.outbound(ALICE, ALICE, [HUBER]).own
    assert not own.has_private_key


@pytest.mark.requirement("A42")
def test_without_an_account_the_certificate_says_so() -> None:
    accounts.set_active(ALICE, False)
    rows = candidates.outbound(ALICE, ALICE, [HUBER])
    assert rows.account_of_sender is None
    assert not rows.entitled
    assert not rows.own[0].has_account


def test_an_ambiguous_from_belongs_to_nobody() -> None:
    rows = candidates.outbound(None, ALICE, [HUBER])
    assert (rows.account_of_sender, rows.entitled, rows.own) == (None, False, ())
    assert len(rows.partners[HUBER]) == 1


def test_a_null_envelope_sender_entitles_nobody() -> None:
    rows = candidates.outbound(ALICE, None, [HUBER])
    assert not rows.entitled
    assert rows.account_of_sender is not None


def test_a_delegate_writes_as_the_shared_account() -> None:
    accounts.add(INFO, at=NOW)
    accounts.grant(BOB, INFO, Grant.DELEGATION, by="admin", at=NOW)
    rows = candidates.outbound(INFO, BOB, [HUBER])
    assert rows.entitled
    assert rows.account_of_sender is not None
    assert rows.account_of_sender.address == INFO


def test_an_account_outside_our_domains_is_internal_too() -> None:
    accounts.add(DANA, at=NOW)
    rows = candidates.outbound(ALICE, ALICE, [DANA, EmailAddress.parse("x@office.example"), HUBER])
    assert rows.internal == {DANA, EmailAddress.parse("x@office.example")}


def test_pending_certificates_are_seen_as_such() -> None:
    pending.add_pending(certificate_of("dana"), DANA, reasons=["not_trusted"], at=NOW)
    (row,) = candidates.outbound(ALICE, ALICE, [DANA]).partners[DANA]
    assert row.pending


def test_an_unconfirmed_change_of_key_is_seen_until_somebody_answers() -> None:
    current = certificate_of("huber").fingerprint
    alerts.add_alert(HUBER, previous="0" * 64, current=current, at=NOW)
    (row,) = candidates.outbound(ALICE, ALICE, [HUBER]).partners[HUBER]
    assert row.change_unconfirmed
    alerts.confirm(alerts.open_alerts()[0].id, by="admin", at=NOW)
    (row,) = candidates.outbound(ALICE, ALICE, [HUBER]).partners[HUBER]
    assert not row.change_unconfirmed


@pytest.mark.parametrize("count", [10, 1000])
def test_six_questions_whatever_the_number_of_recipients(
    count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    recipients = many_certificates(count)
    with django_assert_num_queries(6):
        rows = candidates.outbound(ALICE, ALICE, recipients)
    assert all(len(found) == 1 for found in rows.partners.values())


def test_no_recipient_is_no_trouble() -> None:
    assert candidates.outbound(ALICE, ALICE, []).partners == {}
    assert candidates.outbound(None, None, []).own == ()
