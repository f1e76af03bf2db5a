"""Every cell of the interoperability table comes out as docs/interop.md shows it.

``SIEGEL_INTEROP_RESULTS`` names a file for what the programs said (``tools/make_interop.py``).
"""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.interop.matrix.expected import CELLS, SIEGEL, Cell, expected
from tests.interop.matrix.formats import FORMATS
from tests.interop.matrix.outcome import outcome
from tests.interop.matrix.side import Side

pytestmark = pytest.mark.interop
_FORMATS = {format.name: format for format in FORMATS}


class Results:
    """What the programs said, and who they are."""

    def __init__(self) -> None:
        self.versions: dict[str, str] = {}
        self.cells: list[dict[str, str]] = []

    def note(self, cell: Cell, sides: dict[str, Side], said: str) -> None:
        for side in sides.values():
            self.versions[side.name] = side.version
        names = {"writer": cell.writer, "reader": cell.reader, "format": cell.format}
        self.cells.append({**names, "word": expected(cell).word.value, "said": said})


@pytest.fixture(scope="module")
def results() -> Iterator[Results]:
    found = Results()
    yield found
    place = os.environ.get("SIEGEL_INTEROP_RESULTS")
    if place:
        text = json.dumps({"versions": found.versions, "cells": found.cells})
        Path(place).write_text(text, "utf-8")


@pytest.mark.requirement("B7", "C13")
@pytest.mark.parametrize("cell", CELLS, ids=lambda c: f"{c.writer}→{c.reader}/{c.format}")
def test_the_cell_is_as_expected(
    cell: Cell, results: Results, request: pytest.FixtureRequest
) -> None:
    names = (cell.writer, cell.reader)
    sides: dict[str, Side] = {name: request.getfixturevalue(f"{name}_side") for name in names}
    found = outcome(sides[cell.writer], sides[cell.reader], _FORMATS[cell.format])
    wanted = expected(cell)
    assert wanted.fits(found), f"expected {wanted}, found {found}"
    matched = re.search(wanted.says, found.said)
    assert matched is not None
    results.note(cell, sides, matched[0])


def test_no_cell_that_siegel_writes_or_reads_is_left_out() -> None:
    peers = {cell.writer for cell in CELLS} - {SIEGEL}
    assert len(CELLS) == 2 * len(peers) * len(FORMATS)
