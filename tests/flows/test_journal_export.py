"""The journal as a file: everything in it, and nothing that a spreadsheet would run."""

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from siegel.flows.journal_export import COLUMNS, PAGE, as_csv, as_json_lines, harmless
from siegel.store import models
from siegel.store.queries import journal
from siegel.store.queries.journal import Question
from siegel.wording.words import Language
from tests.world import WORLD_NOW as NOW

EVERYTHING = Question()


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


@pytest.mark.django_db
def test_csv_tells_an_entry_in_words_and_codes() -> None:
    journal.write(
        at=NOW, actor="gateway", action="outbound.sign", about="a@office.example",
        message_id="<1@x>", recipients=["x@p.example", "y@p.example"],
        reasons=["recipient_without_certificate"], detail={"n": "ü"},
    )  # fmt: skip
    head, entry = rows("".join(as_csv(EVERYTHING, Language.DE)))
    assert tuple(head) == COLUMNS
    told = dict(zip(head, entry, strict=True))
    assert told["action_in_words"] == "Signiert gesendet"
    assert told["recipients"] == "x@p.example y@p.example"
    assert json.loads(told["detail"]) == {"n": "ü"}


@pytest.mark.django_db
def test_formulas_in_csv_are_defused_and_kept_in_json() -> None:
    evil = '=HYPERLINK("http://evil.example","x")'
    journal.write(at=NOW, actor="@x", action="outbound.sign", message_id=evil, about="-1+1\r\n=2")
    _, entry = rows("".join(as_csv(EVERYTHING, Language.EN)))
    told = dict(zip(COLUMNS, entry, strict=True))
    assert (told["message_id"], told["actor"]) == (f"'{evil}", "'@x")
    assert told["about"].startswith("'-1+1")
    (line,) = as_json_lines(EVERYTHING)
    assert json.loads(line)["message_id"] == evil


@given(st.text())
def test_no_cell_begins_like_a_formula(cell: str) -> None:
    assert not harmless(cell).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert harmless(cell).removeprefix("'") == cell.removeprefix("'")


@pytest.mark.django_db
def test_export_goes_on_page_by_page(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    models.JournalEntry.objects.bulk_create(
        models.JournalEntry(at=NOW, actor="a", action="x") for _ in range(2 * PAGE + 7)
    )
    with django_assert_max_num_queries(6):
        numbers = [json.loads(line)["number"] for line in as_json_lines(EVERYTHING)]
    assert len(numbers) == 2 * PAGE + 7
    assert numbers == sorted(numbers, reverse=True)
