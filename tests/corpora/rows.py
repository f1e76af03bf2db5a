"""The tables of foreign collections: rows, what we make of one, and our own table of verdicts.

Every row of every collection in ``ROWS`` has a driver (``drivers``) and a line in ``verdicts.tsv``:
what we say, and – where that is not what the collection expects – the reason. The lines with a
reason are the table of docs/deviations.md.
"""

import csv
import os
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

# number of rows of each collection: a row that is added or lost must be noticed
ROWS: Final = {
    "rfc4134": 26,
    "rfc9216": 40,
    "rfc9788": 4,
    "james": 9,
    "kde-mimetreeparser": 12,
    "mimekit": 41,
    "openssl": 44,
    "pkcs12": 71,
    "pqc": 38,
}
VERDICTS: Final = Path(__file__).with_name("verdicts.tsv")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of an ``expected.tsv``; ``number`` counts rows of the same file and operation."""

    corpus: str
    folder: Path
    file: str
    operation: str
    key: str
    date: str
    expected: str
    why: str
    number: int

    @property
    def name(self) -> str:
        return f"{self.file} {self.operation}" + (f" {self.number}" if self.number > 1 else "")

    @property
    def path(self) -> Path:
        return self.folder / self.file

    @property
    def raw(self) -> bytes:
        return self.path.read_bytes()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a row: is it what the collection expects, and our own words."""

    right: bool
    says: str


Driver = Callable[[Row], Outcome]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Our line about a row; the last three are empty unless it deviates."""

    says: str
    expected: str
    instead: str
    reason: str


def place() -> Path | None:
    """The folder of the collections, if this machine has them."""
    named = os.environ.get("SIEGEL_CORPORA")
    return Path(named) if named and Path(named).is_dir() else None


def table(folder: Path, name: str = "expected.tsv") -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


@cache
def rows(corpus: str, name: str = "expected.tsv") -> tuple[Row, ...]:
    """The rows of a collection; none where the collections are missing."""
    corpora = place()
    if corpora is None:
        return ()
    seen: Counter[tuple[str, str]] = Counter()
    found = []
    for line in table(corpora / corpus, name):
        seen[line["file"], line["operation"]] += 1
        found.append(
            Row(
                corpus=corpus,
                folder=corpora / corpus,
                file=line["file"],
                operation=line["operation"],
                key=line["key_or_cert"],
                date=line["date"],
                expected=line["expected"],
                why=line["why"],
                number=seen[line["file"], line["operation"]],
            )
        )
    return tuple(found)


@cache
def verdicts() -> dict[tuple[str, str], Verdict]:
    """(collection, name of the row) → our line, in the order of the table."""
    with VERDICTS.open(encoding="utf-8", newline="") as lines:
        read = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    found = {
        (line["corpus"], line["row"]): Verdict(
            says=line["says"],
            expected=line["expected"],
            instead=line["instead"],
            reason=line["reason"],
        )
        for line in read
    }
    assert len(found) == len(read), "two lines for one row"
    return found
