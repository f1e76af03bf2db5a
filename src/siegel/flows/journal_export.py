"""The journal as a file: CSV for a spreadsheet, JSON lines for programs; streamed, page by page.

A spreadsheet takes a cell that begins with ``=``, ``+``, ``-``, ``@``, a tab or a carriage return
for a formula, and strangers choose what stands in Message-IDs and addresses: such a cell gets an
apostrophe in front. JSON keeps every value as it is.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from datetime import datetime

from siegel.policy.actions import Action
from siegel.store.queries import journal
from siegel.store.queries.journal import Question
from siegel.store.rows import JournalRow
from siegel.wording.actions import said_of_action
from siegel.wording.words import Language

PAGE = 500  # entries in memory at once
COLUMNS = (
    "number", "at", "actor", "action", "action_in_words", "about", "message_id", "recipients",
    "reasons", "detail",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_csv(question: Question, language: Language) -> Iterator[str]:
    """Lines that end with CRLF (RFC 4180), the names of the columns first."""
    yield _line(COLUMNS)
    for row in _entries(question):
        yield _line(
            (
                str(row.id),
                row.at.isoformat(),
                row.actor,
                row.action,
                said_of_action(row.action, language).title,
                row.about,
                row.message_id,
                " ".join(row.recipients),
                " ".join(row.reasons),
                json.dumps(row.detail, ensure_ascii=False, sort_keys=True) if row.detail else "",
            )
        )


def as_json_lines(question: Question) -> Iterator[str]:
    """One object a line."""
    for row in _entries(question):
        yield json.dumps(entry_as_json(row), ensure_ascii=False) + "\n"


def note_export(ending: str, query: str, *, by: str, at: datetime) -> None:
    """That somebody takes a part of the journal away; ``query`` says which."""
    detail = {"format": ending, "query": query}
    journal.write(at=at, actor=by, action=Action.JOURNAL_EXPORTED, detail=detail)


def entry_as_json(row: JournalRow) -> dict[str, object]:
    return {
        "number": row.id,
        "at": row.at.isoformat(),
        "actor": row.actor,
        "action": row.action,
        "about": row.about,
        "message_id": row.message_id,
        "recipients": list(row.recipients),
        "reasons": list(row.reasons),
        "detail": dict(row.detail),
    }


def harmless(cell: str) -> str:
    """``cell`` as text that no spreadsheet reckons with."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _entries(question: Question) -> Iterator[JournalRow]:
    """The newest first. What is written meanwhile is not among them."""
    before: int | None = None
    while True:
        rows = journal.ask(question, before=before, limit=PAGE)
        yield from rows
        if len(rows) < PAGE:
            return
        before = rows[-1].id


def _line(cells: Iterable[str]) -> str:
    written = io.StringIO()
    csv.writer(written).writerow([harmless(cell) for cell in cells])
    return written.getvalue()
