"""How SQLite finds the rows of the list of certificates: by an index, never by reading through."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from siegel.store.queries import listing
from siegel.store.queries.certificates import Source
from siegel.store.queries.listing import Asked, Kind, Validity
from tests.store.given import NOW
from tests.store.many import fill

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "asked",
    [
        Asked(),
        Asked(kind=Kind.OWN),
        Asked(with_key=True),
        Asked(source=Source.HARVESTED),
        Asked(kind=Kind.OWN, source=Source.HARVESTED),
        Asked(validity=Validity.EXPIRING),
        Asked(validity=Validity.EXPIRED),
        Asked(validity=Validity.EARLY),
        Asked(text="nummer7"),
        Asked(text="p7@viele.example"),
        Asked(text="0123456789"),
    ],
    ids=repr,
)
def test_no_question_reads_a_table_through(asked: Asked) -> None:
    """SQLite says how it will find the rows: by an index, or in the order of the numbers."""
    fill(200)
    for question in asked_by(lambda: listing.page(asked, at=NOW, size=50)):
        plan = [str(row[3]) for row in explained(question)]
        scans = [line for line in plan if line.startswith("SCAN") and "INDEX" not in line]
        sorts = [line for line in plan if "TEMP B-TREE FOR ORDER BY" in line]
        entries = 'FROM "store_listentry"' in question
        walks = entries and 'ORDER BY "store_listentry"."id"' in question
        assert not scans or walks, plan
        assert not sorts or not entries or asked.text, plan


def asked_by(act: Callable[[], object]) -> list[str]:
    with CaptureQueriesContext(connection) as seen:
        act()
    return [each["sql"] for each in seen.captured_queries]


def explained(question: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {question}")
        return list(cursor.fetchall())
