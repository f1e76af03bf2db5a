"""Ways from pages into the help: every place named in a template or by a part exists."""

import re
from pathlib import Path

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

import siegel.web
from siegel.web.navigation import GROUPS
from siegel.web.templatetags.guide import OF_PART

TEMPLATES = sorted(Path(siegel.web.__file__).parent.glob("**/templates/**/*.html"))


def rendered(place: str, language: str = "de") -> str:
    template = Template(f'{{% load guide %}}{{% help "{place}" %}}')
    with translation.override(language):
        return template.render(Context({"request": RequestFactory().get("/")}))


@pytest.mark.parametrize("place", sorted(set(OF_PART.values())))
def test_every_part_has_its_place_in_the_help(place: str) -> None:
    assert "Hilfe: " in rendered(place)


def test_every_place_named_in_a_template_exists() -> None:
    for file in TEMPLATES:
        for place in re.findall(r'{% help "([^"]+)" %}', file.read_text("utf-8")):
            assert rendered(place), f"{file.name}: {place}"


def test_every_page_of_the_navigation_leads_into_the_help() -> None:
    parts = {e.view.partition(":")[0] for group in GROUPS for e in group.entries if ":" in e.view}
    assert parts <= set(OF_PART)


@pytest.mark.parametrize(("language", "words"), [("de", "Die Passphrase"), ("en", "Type the")])
def test_the_mark_says_where_it_leads_in_words(language: str, words: str) -> None:
    found = rendered("set-up#passphrase", language)
    assert 'href="/help/set-up/#passphrase"' in found
    assert re.search(rf'<span class="vh">(Hilfe|Help): {words}', found)


def test_a_place_that_does_not_exist_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError):
        rendered("set-up#nowhere")
