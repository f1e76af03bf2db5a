"""docs/anleitung and docs/guide: written from the chapters of the help, and whole."""

import re
from pathlib import Path

import pytest
from tools.make_help import FOLDERS, pages

from siegel.web.help.chapters import chapters
from siegel.wording.words import Language

PAGES = pages()


def name(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_every_document_is_the_one_that_the_help_makes(path: Path) -> None:
    assert path.read_text("utf-8") == PAGES[path]()


@pytest.mark.parametrize("folder", FOLDERS.values(), ids=[*FOLDERS])
def test_no_document_is_left_over(folder: Path) -> None:
    assert set(folder.iterdir()) == {path for path in PAGES if path.parent == folder}


@pytest.mark.requirement("A9")
@pytest.mark.parametrize("language", Language)
def test_the_overview_names_every_chapter(language: Language) -> None:
    text = (FOLDERS[language] / "README.md").read_text("utf-8")
    for chapter in chapters(language):
        assert f"{chapter.number}. [{chapter.title}]({chapter.name}.md) – {chapter.lead}" in text


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_every_link_between_documents_leads_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\((?!https?:|<)([^)]+)\)", path.read_text("utf-8")):
        file, _, anchor = target.partition("#")
        text = (path.parent / file).read_text("utf-8")
        assert not anchor or f'<a id="{anchor}"></a>' in text, target


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_no_line_for_the_maker_is_left(path: Path) -> None:
    assert not re.search(r"^::|\{#", path.read_text("utf-8"), re.M)
