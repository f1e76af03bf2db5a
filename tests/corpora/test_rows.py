"""Every row of every foreign collection: as the collection expects, or with a reason why not."""

import pytest

from tests.corpora.drivers import DRIVERS, outcome
from tests.corpora.rows import ROWS, Row, place, rows, verdicts

_MISSING = pytest.mark.skip(reason="the sample corpora are missing: set SIEGEL_CORPORA")
_ALL = [row for corpus in ROWS for row in rows(corpus)]


def _parameters() -> list[object]:
    if place() is None:
        return [pytest.param(None, marks=_MISSING, id="corpora missing")]
    return [pytest.param(row, id=f"{row.corpus}/{row.name}") for row in _ALL]


@pytest.mark.requirement("A2", "A6", "A11", "A18", "A28", "A65", "A66", "A67", "A74")
@pytest.mark.parametrize("row", _parameters())
def test_the_row_is_as_expected_or_deviates_with_a_reason(row: Row) -> None:
    ours = verdicts()[row.corpus, row.name]

    found = outcome(row)

    assert found.says == ours.says
    assert found.right is not bool(ours.reason)


@pytest.mark.usefixtures("corpora")
@pytest.mark.parametrize("corpus", ROWS)
def test_no_row_is_left_out(corpus: str) -> None:
    """Of the table, of the drivers, and of our verdicts."""
    found = rows(corpus)

    assert len(found) == ROWS[corpus]
    assert {row.operation for row in found} == set(DRIVERS[corpus])
    assert [(corpus, row.name) for row in found] == [
        name for name in verdicts() if name[0] == corpus
    ]
