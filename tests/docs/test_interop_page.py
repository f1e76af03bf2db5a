"""docs/interop.md shows the table that the tests hold the programs to, cell by cell."""

import re

import pytest
from tools.make_interop import PAGE, TAIL, TITLES, expected_word, table

from tests.interop.matrix.expected import CELLS, PEERS, expected
from tests.interop.matrix.formats import FORMATS
from tests.interop.matrix.outcome import Word

TEXT = PAGE.read_text("utf-8")


@pytest.mark.requirement("C13")
@pytest.mark.parametrize("peer_reads", [True, False], ids=["Siegel writes", "Siegel reads"])
def test_the_table_is_the_expected_one(peer_reads: bool) -> None:
    assert f"\n\n{table(peer_reads, expected_word)}\n" in TEXT


def test_the_page_says_what_is_not_tested() -> None:
    assert TEXT.endswith(TAIL)
    for name in ("Outlook", "Exchange", "Apple"):
        assert name in TAIL


@pytest.mark.parametrize("peer", PEERS)
def test_the_page_names_the_version_of_every_program(peer: str) -> None:
    versions = re.search(r"^Versions: (.*)\.$", TEXT, re.M)
    assert versions is not None
    assert re.search(rf"\b{TITLES[peer]} \d[\w.]+", versions[1])


@pytest.mark.parametrize("peer", PEERS)
def test_every_refusal_stands_on_the_page_with_its_words(peer: str) -> None:
    """In the notes of the program that refuses, beside the format it refuses."""
    titles = {format.name: format.title for format in FORMATS}
    notes = re.findall(rf"^- {TITLES[peer]}: (.*)$", TEXT, re.M)
    for cell in CELLS:
        wanted = expected(cell)
        if cell.reader == peer and wanted.word is Word.REFUSED:
            beside = [note for note in notes if titles[cell.format] in note]
            assert any(re.search(wanted.says, note) for note in beside), cell


def test_no_pattern_of_a_refusal_fits_everything() -> None:
    patterns = [expected(cell).says for cell in CELLS if expected(cell).word is not Word.YES]
    assert all(not re.search(says, "something quite different") for says in patterns)
