"""From Markdown to HTML: anchors, links and lists; nothing of a stranger becomes HTML."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from siegel.policy.reasons import Obstacle, Reason
from siegel.web.help.chapters import Chapter, chapters
from siegel.web.help.expanding import anchor_of, expanded
from siegel.web.help.rendering import html_of, sections_of
from siegel.wording.help_links import SHIPPED, HelpLink, HelpList
from siegel.wording.words import Language


def address(target: str) -> str:
    return f"/help/{target}"


def chapter(body: str) -> Chapter:
    day = date(2026, 11, 28)
    return Chapter(
        name="01-basics", language=Language.EN, title="Basics", lead="What.", created=day,
        updated=day, body=body,
    )  # fmt: skip


def link(**other: object) -> HelpLink:
    made = HelpLink(
        key="k", url="https://example.org/",
        titles=dict.fromkeys(Language, "Title"), notes=dict.fromkeys(Language, ""),
    )  # fmt: skip
    return replace(made, **other)  # type: ignore[arg-type]  # the names of the fields


def shown(*links: HelpLink) -> str:
    lists = {HelpList.CA: (), HelpList.LINK: links}
    return html_of(expanded(chapter(":: list link\n"), lists), address)


def test_headings_carry_their_anchors_and_no_trace_of_them() -> None:
    assert html_of("## A title {#a-title}\n", address) == '<h2 id="a-title">A title</h2>\n'


def test_headings_can_stand_deeper_and_with_names_of_their_own() -> None:
    found = html_of("### A title {#a}\n", address, deeper=1, prefix="basics-")
    assert found == '<h4 id="basics-a">A title</h4>\n'


def test_a_heading_without_anchor_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="without anchor"):
        html_of("## A title\n", address)


def test_links_between_chapters_become_addresses_of_pages() -> None:
    assert 'href="/help/04-send.md#wish"' in html_of("[x](04-send.md#wish)", address)


def test_links_to_others_do_not_tell_where_the_reader_came_from() -> None:
    found = html_of("[x](https://example.org/)", address)
    assert 'href="https://example.org/" rel="noopener noreferrer"' in found


@pytest.mark.parametrize("raw", ["<script>alert(1)</script>", "a <b onclick=x>b</b>", "<!-- x -->"])
def test_html_in_a_chapter_is_shown_and_not_obeyed(raw: str) -> None:
    found = html_of(raw, address)
    assert "<script" not in found
    assert "<b " not in found
    assert "&lt;" in found


@pytest.mark.parametrize(
    "text",
    ["<script>alert(1)</script>", "[x](javascript:alert(1))", "![x](https://a.example/)", "# x",
     "`x`", "a\\", "<https://a.example>", "&lt;b&gt;", "*x*", "1. x", "| a | b |"],
)  # fmt: skip
def test_what_an_administrator_types_is_text_and_nothing_else(text: str) -> None:
    titles = dict.fromkeys(Language, text)
    found = shown(link(titles=titles, notes=titles))
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    expected = f'<a href="https://example.org/" rel="noopener noreferrer">{escaped}</a>: {escaped}'
    assert found == f"<ul>\n<li>{expected}</li>\n</ul>\n"


@given(some.text(some.characters(min_codepoint=33, max_codepoint=126), max_size=40))
def test_no_address_of_a_list_breaks_out_of_its_link(tail: str) -> None:
    found = shown(link(url=f"https://example.org/{tail}"))
    assert found.count("<") == 6
    assert found.startswith('<ul>\n<li><a href="https://example.org/')


def test_an_empty_list_says_so() -> None:
    assert "The list is still empty." in shown()


def test_an_unknown_line_in_a_chapter_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="no such line"):
        expanded(chapter(":: nonsense\n"), SHIPPED)


def test_obstacles_and_reasons_of_one_value_have_their_own_places() -> None:
    assert anchor_of(Obstacle.NO_COMMON_CIPHER) == "obstacle-no-common-cipher"
    assert anchor_of(Reason.NO_COMMON_CIPHER) == "reason-no-common-cipher"


def test_a_chapter_is_cut_into_its_sections() -> None:
    first, second, third = sections_of(
        "Before.\n\n## One {#one}\n\nText **bold**\nmore.\n\n- item\n\n### Two {#two}\n\n    code\n"
    )
    assert (first.level, first.anchor, first.text) == (1, "", "Before.")
    assert (second.level, second.title, second.text) == (2, "One", "Text bold more. item")
    assert (third.level, third.anchor, third.text) == (3, "two", "code")


@pytest.mark.parametrize("language", Language)
def test_every_chapter_can_be_shown(language: Language) -> None:
    for one in chapters(language):
        found = html_of(expanded(one, SHIPPED), address)
        assert "{#" not in found
        assert ":: " not in found
