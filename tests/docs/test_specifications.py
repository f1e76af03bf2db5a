"""docs/specifications.md: every line of the standards has a state that can be believed."""

import pytest
from tools import make_specifications
from tools.make_specifications import PAGE, STATES, Line, lines, page, problems

ENGINE = {"A", "B", "C", "D", "G"}
EVERY = [pytest.param(line, id=line.number) for line in lines()]


def test_the_committed_page_is_what_the_table_says() -> None:
    assert PAGE.read_text("utf-8") == page()


def test_the_table_can_be_believed() -> None:
    assert problems() == []


def test_no_line_is_lost() -> None:
    assert [line.number for line in lines()] == [str(number) for number in range(1, 201)]
    assert len({line.text for line in lines()}) == 200


@pytest.mark.parametrize("line", EVERY)
def test_every_line_is_a_sentence_and_names_what_shows_it(line: Line) -> None:
    assert line.text.endswith(".")
    assert not line.note or line.note.endswith(".")
    assert len(set(line.tests)) == len(line.tests) <= 4
    assert (line.state == "no") is (not line.tests)


def test_what_an_engine_must_do_is_shown() -> None:
    must = [ln for ln in lines() if ln.section in ENGINE and ln.level.startswith(("M", "N"))]
    kept = [line for line in must if line.state == "yes"]

    assert len(kept) > 60
    assert all(line.tests for line in kept)


def made(state: str, note: str, *tests: str, section: str = "A", level: str = "M") -> Line:
    return Line("1", section, level, "It is so.", "RFC 1", state, tests, note)


HERE = "tests/docs/test_specifications.py::test_no_line_is_lost"
WRONG = {
    "fail/no test": made("yes", ""),
    "fail/partial without a test": made("partial", "Half of it."),
    "fail/partial without a note": made("partial", "", HERE),
    "fail/no without a note": made("no", ""),
    "fail/a test that is none": made("yes", "", HERE + "_x"),
    "fail/a file that is none": made("yes", "", HERE.replace("docs", "dogs")),
    "fail/another state": made("perhaps", "", HERE),
    "fail/another section": made("yes", "", HERE, section="Z"),
    "fail/another level": made("yes", "", HERE, level="?"),
    "ok/yes": made("yes", "", HERE),
    "ok/partial": made("partial", "Half of it.", HERE),
    "ok/no": made("no", "Comes later."),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_line_that_cannot_be_believed_is_noticed(
    case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(make_specifications, "lines", lambda: (WRONG[case],))

    assert bool(problems()) is case.startswith("fail/")


def test_the_page_counts_every_state() -> None:
    counts = [f"{sum(line.state == state for line in lines())} {state}" for state in STATES]

    assert f"200 lines: {', '.join(counts)}." in page()
