"""Numbers of the store: right, one query each, on both databases."""

from datetime import timedelta

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from siegel.store import models
from siegel.store.queries import accounts, alerts, certificates, figures, journal, pending
from siegel.store.queries.certificates import LinkState, Source
from siegel.store.queries.figures import Asked
from tests.store.given import (
    ALICE,
    BOB,
    DANA,
    DAY,
    HUBER,
    NOW,
    authority,
    certificate_of,
    many_certificates,
    office,
)

pytestmark = pytest.mark.django_db

ASKED = {
    "signed": Asked(action="outbound.sign"),
    "encrypted": Asked(action="outbound.sign_and_encrypt"),
    "opened": Asked(action="inbound.", reason="encrypted"),
}
SINCE = {"day": NOW - DAY, "month": NOW - 30 * DAY}


def write(action: str, days: float = 0, *reasons: str) -> None:
    journal.write(
        at=NOW - timedelta(days=days), actor="gateway", action=action, reasons=list(reasons)
    )


def test_journal_entries_are_counted_by_the_beginning_of_the_action_and_by_reason() -> None:
    write("outbound.sign")
    write("outbound.sign_and_encrypt", 0.5)
    write("outbound.sign", 1.5)
    write("outbound.sign", 31)
    write("outbound.signed_by_nobody", 30)  # exactly at the limit still counts
    write("inbound.confidential", 0, "encrypted", "signature_counts")
    write("inbound.encrypted_unverified", 2, "encryption_closed", "not_signed")
    write("inbound.unprotected", 2, "encrypted", "encryption_weak")
    assert figures.journal_counts(ASKED, SINCE) == {
        ("signed", "day"): 2,
        ("signed", "month"): 4,
        ("encrypted", "day"): 1,
        ("encrypted", "month"): 1,
        ("opened", "day"): 1,
        ("opened", "month"): 2,
    }


@pytest.mark.parametrize("rows", [0, 3, 300])
def test_all_counts_of_the_journal_are_one_query(
    rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    models.JournalEntry.objects.bulk_create(
        models.JournalEntry(at=NOW, actor="x", action="outbound.sign") for _ in range(rows)
    )
    with django_assert_num_queries(1):
        found = figures.journal_counts(ASKED, SINCE)
    assert found["signed", "month"] == rows


def test_only_active_accounts_count() -> None:
    office()
    assert figures.active_accounts() == 2
    accounts.set_active(BOB, False)
    assert figures.active_accounts() == 1


def test_own_and_partners_certificates_are_told_apart_by_the_private_key() -> None:
    many_certificates(3)
    dana, huber = certificate_of("dana"), certificate_of("huber")
    for certificate in (dana, huber, authority("root")):
        certificates.add(certificate, source=Source.IMPORTED, by="test", at=NOW)
    assert (figures.own_certificates(), figures.partner_certificates(at=NOW)) == (3, 2)
    certificates.link(dana.fingerprint, DANA, by="test", at=NOW, state=LinkState.REJECTED)
    assert figures.partner_certificates(at=NOW) == 1
    assert figures.partner_certificates(at=huber.not_after + DAY) == 0


def test_open_questions_count_until_they_are_answered() -> None:
    dana = certificate_of("dana")
    certificates.add(dana, source=Source.IMPORTED, by="test", at=NOW)
    alerts.add_alert(DANA, previous="0" * 64, current=dana.fingerprint, at=NOW)
    pending.add_pending(certificate_of("huber"), HUBER, reasons=[], at=NOW)
    assert (figures.open_alerts(), figures.pending_certificates()) == (1, 1)
    alerts.reject(alerts.open_alerts()[0].id, by=str(ALICE), at=NOW)
    pending.reject(pending.pending_for()[0].id, by=str(ALICE), at=NOW)
    assert (figures.open_alerts(), figures.pending_certificates()) == (0, 0)


def test_a_store_without_its_tables_cannot_be_asked() -> None:
    assert figures.can_be_asked()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE store_organisation RENAME TO gone")
    assert not figures.can_be_asked()
