"""docs/deviations.md says where we differ from foreign collections: exactly there."""

from collections import Counter

from tests.corpora import limbo
from tests.corpora.deviations import HEAD, NAMES, PAGE, deviating, table
from tests.corpora.rows import ROWS, verdicts
from tests.corpora.test_pkits import REFUSED


def test_the_page_holds_every_deviation_of_the_table_and_no_other() -> None:
    _, head, lines = PAGE.read_text("utf-8").partition(HEAD)

    assert head + lines == table()


def test_every_deviation_tells_what_was_expected_what_we_do_and_why() -> None:
    for name, verdict in deviating().items():
        assert all((verdict.expected, verdict.instead, verdict.reason)), name


def test_a_row_as_expected_needs_no_words() -> None:
    for name, verdict in verdicts().items():
        assert verdict.reason or not (verdict.expected or verdict.instead), name


def test_every_collection_has_a_name_for_people() -> None:
    assert set(NAMES) == set(ROWS)
    assert {corpus for corpus, _ in verdicts()} == set(ROWS)


def test_the_page_names_the_runs_of_pkits_that_are_refused() -> None:
    rows = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| 4.")]
    named = {number: row for row in rows for number in row.split("|")[1].strip().split(", ")}

    assert set(named) == set(REFUSED)
    assert all(REFUSED[number] in row for number, row in named.items())


def test_the_page_counts_the_groups_in_which_limbo_differs() -> None:
    groups = Counter(limbo.differences().values())
    page = PAGE.read_text("utf-8")

    assert all(f"| {group} | {count} |" in page for group, count in groups.items())
