"""Rows that are written once stay as they are, whoever tries: Python or SQL."""

from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from siegel.base.errors import Conflict
from siegel.store.append_only import AppendOnly
from siegel.store.models import Certificate, JournalEntry, Judgement, StoredMessage, TrustDecision
from siegel.store.queries import certificates
from siegel.store.queries.certificates import Source
from tests.store.given import NOW, certificate_of

pytestmark = pytest.mark.django_db


def certificate() -> Certificate:
    huber = certificate_of("huber")
    certificates.add(huber, source=Source.IMPORTED, by="x", at=NOW)
    return Certificate.objects.get()


def decision() -> TrustDecision:
    return TrustDecision.objects.create(fingerprint="a", decision="trusted", who="x", when=NOW)


def entry() -> JournalEntry:
    return JournalEntry.objects.create(at=NOW, actor="a", action="x")


def judgement() -> Judgement:
    message = StoredMessage.objects.create(
        sha256="a", size=1, path="x", direction="inbound", received_at=NOW, keep_until=NOW
    )
    return Judgement.objects.create(message=message, summary="verified", at=NOW)


MADE: dict[str, tuple[Callable[[], AppendOnly], str]] = {
    "certificate": (certificate, "subject"),
    "decision": (decision, "why"),
    "entry": (entry, "about"),
    "judgement": (judgement, "summary"),
}


@pytest.mark.parametrize("name", MADE)
def test_python_refuses_to_change_or_delete(name: str) -> None:
    make, column = MADE[name]
    row = make()
    rows = type(row).objects.all()
    setattr(row, column, "changed")
    for change in (
        row.save,
        row.delete,
        rows.delete,
        lambda: rows.update(**{column: "changed"}),
        lambda: rows.bulk_update([row], [column]),
        lambda: rows.update_or_create(pk=row.pk, defaults={column: "changed"}),
    ):
        with pytest.raises(Conflict):
            change()
    assert getattr(type(row).objects.get(), column) != "changed"


@pytest.mark.parametrize("name", MADE)
def test_the_database_refuses_to_change(name: str) -> None:
    make, column = MADE[name]
    row = make()
    table = row._meta.db_table
    with (
        pytest.raises(IntegrityError, match="is written once"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE {table} SET {column} = 'changed'")  # noqa: S608 - names of ours
    assert getattr(type(row).objects.get(), column) != "changed"


def test_every_append_only_table_has_its_trigger() -> None:
    tables = {model._meta.db_table for model in AppendOnly.__subclasses__()}
    assert tables == {
        "store_certificate",
        "store_crlissue",
        "store_journaladdress",
        "store_journalentry",
        "store_judgement",
        "store_ocspsigner",
        "store_publicroot",
        "store_publicrootlist",
        "store_revocation",
        "store_trustdecision",
    }
    named = {
        "sqlite": "SELECT tbl_name FROM sqlite_master WHERE name LIKE '%_written_once'",
        "postgresql": "SELECT tgrelid::regclass::text FROM pg_trigger "
        "WHERE tgname LIKE '%_written_once'",
    }
    with connection.cursor() as cursor:
        cursor.execute(named[connection.vendor])
        assert {row[0] for row in cursor.fetchall()} == tables


def test_the_committed_migrations_make_the_models() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
