"""docs/security.md shows the table of forgeries that the tests hold every door to."""

import re

import pytest

from tests.spoof.case import Family
from tests.spoof.page import BEGIN, END, PAGE, with_cases

TEXT = PAGE.read_text("utf-8")


def test_the_table_is_the_one_of_the_tests() -> None:
    assert TEXT.count(BEGIN) == TEXT.count(END) == 1
    assert with_cases(TEXT) == TEXT, "run: python -m tests.spoof --page"


@pytest.mark.parametrize("family", Family, ids=[family.name for family in Family])
def test_every_class_has_a_chapter(family: Family) -> None:
    assert f"\n### {family}\n" in TEXT


def test_what_is_not_protected_is_said() -> None:
    (chapter,) = re.findall(r"^## What it does not protect against\n(.*?)^## ", TEXT, re.M | re.S)
    for word in ("subject", "display name", "quot", "revocation", "traffic"):
        assert word in chapter.lower()


def test_every_test_file_named_on_the_page_exists() -> None:
    root = PAGE.parents[1]
    named = re.findall(r"`(tests/[\w/.]+)`", TEXT)
    assert named
    assert [name for name in named if not (root / name).exists()] == []
