"""Rows, passed and deviations of each collection: ``python -m tests.corpora.summary``.

Runs every driver. A row that is neither as expected nor a listed deviation is printed with what
was said about it, and the status is 1.
"""

import sys

from siegel.base.errors import SiegelError
from tests.corpora.drivers import outcome
from tests.corpora.rows import ROWS, Row, place, rows, verdicts


def main() -> int:
    if place() is None:
        sys.exit("SIEGEL_CORPORA does not name the folder of the collections")
    wrong: list[str] = []
    print(f"{'collection':20} {'rows':>5} {'passed':>7} {'deviations':>11}")
    for corpus in ROWS:
        deviations, mistakes = _counted(corpus)
        wrong += mistakes
        total = len(rows(corpus))
        passed = total - deviations - len(mistakes)
        print(f"{corpus:20} {total:5} {passed:7} {deviations:11}")
    print(*wrong, sep="\n")
    return 1 if wrong else 0


def _counted(corpus: str) -> tuple[int, list[str]]:
    """The number of listed deviations, and the rows that are otherwise than our table says."""
    found = [_mistake(row) for row in rows(corpus)]
    reasons = [verdicts()[row.corpus, row.name].reason for row in rows(corpus)]
    listed = sum(
        bool(reason) and not mistake for reason, mistake in zip(reasons, found, strict=True)
    )
    return listed, [mistake for mistake in found if mistake]


def _mistake(row: Row) -> str:
    ours = verdicts()[row.corpus, row.name]
    try:
        found = outcome(row)
    except SiegelError as error:
        return f"{row.corpus}\t{row.name}\t{error.code}: {error}"
    if (found.says, found.right) == (ours.says, not ours.reason):
        return ""
    return f"{row.corpus}\t{row.name}\t{found.says}\t{'as' if found.right else 'not as'} expected"


if __name__ == "__main__":
    sys.exit(main())
