"""docs/complaints.md names a test for every complaint, and every test named is there."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/complaints.md").read_text("utf-8")
ROWS = re.findall(r"^\| (?!What)(.+?) \| (.+?) \|$", PAGE, re.M)
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def test_the_page_has_its_rows() -> None:
    assert len(ROWS) > 20
    assert len({complaint for complaint, _ in ROWS}) == len(ROWS)


@pytest.mark.parametrize(("complaint", "shown"), ROWS, ids=[row[0][:40] for row in ROWS])
def test_every_complaint_has_tests_that_exist(complaint: str, shown: str) -> None:
    del complaint
    named = NAMED.findall(shown)
    assert named
    assert NAMED.sub("", shown).strip(", ") == ""
    for file, name in named:
        tree = ast.parse((ROOT / file).read_text("utf-8"))
        functions = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
        assert name in functions
