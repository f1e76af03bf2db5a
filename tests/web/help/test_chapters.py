"""The chapters: the same in both languages, plain, true, and without a link that leads nowhere."""

import re
from collections.abc import Iterator
from statistics import mean

import pytest
from markdown_it import MarkdownIt

from siegel.policy.reasons import Obstacle, Reason
from siegel.web.help.chapters import Chapter, chapters
from siegel.web.help.expanding import RECEIVED, SENT, anchor_of, can_be_acted_on, expanded
from siegel.web.help.rendering import links_of, sections_of
from siegel.wording.help_links import SHIPPED
from siegel.wording.words import Language
from tests.unit.wording.readability import first_vienna_formula, fourth_vienna_formula, words_of
from tests.unit.wording.test_words import JARGON, JARGON_WHOLE

GERMAN, ENGLISH = chapters(Language.DE), chapters(Language.EN)
BOTH = [*GERMAN, *ENGLISH]
HARDEST = 10.0  # the tenth school year
ACTIONABLE: list[Obstacle | Reason] = [
    member for member in (*Obstacle, *Reason) if can_be_acted_on(member)
]


def name(chapter: Chapter) -> str:
    return f"{chapter.language}/{chapter.name}"


def anchors(chapter: Chapter) -> list[str]:
    return [section.anchor for section in sections_of(expanded(chapter, SHIPPED)) if section.anchor]


def prose(chapter: Chapter) -> Iterator[str]:
    """Every paragraph and item of a list; tables are no sentences."""
    in_table = False
    tokens = MarkdownIt("commonmark").enable("table").parse(expanded(chapter, SHIPPED))
    for place, token in enumerate(tokens):
        in_table = token.type == "table_open" or (in_table and token.type != "table_close")
        if token.type == "inline" and not in_table and tokens[place - 1].type == "paragraph_open":
            said = "".join(
                child.content if child.type != "softbreak" else " "
                for child in token.children or ()
            )
            yield said if said[-1] in ".!?" else f"{said}."


def shape(text: str) -> list[str]:
    """What kind of block stands where: both languages are built alike."""
    kinds = {"|": "row", "-": "item", ":": "made", "#": "heading", " ": "code"}
    return [
        "step" if line[0].isdigit() else kinds.get(line[0], "text")
        for line in text.splitlines()
        if line
    ]


@pytest.mark.requirement("A9")
def test_the_chapters_stand_in_the_order_of_the_origin_and_go_on_from_there() -> None:
    assert [chapter.slug for chapter in GERMAN] == [
        "basics", "get-a-certificate", "set-up", "send", "receive", "good-to-know", "links",
        "administration", "glossary", "read", "trouble", "own-keys",
        "partner-page",
    ]  # fmt: skip
    assert [chapter.number for chapter in GERMAN] == list(range(1, len(GERMAN) + 1))


@pytest.mark.requirement("A9")
@pytest.mark.parametrize("chapter", BOTH, ids=name)
def test_every_chapter_says_when_it_was_written_and_changed(chapter: Chapter) -> None:
    assert chapter.created <= chapter.updated
    assert chapter.title
    assert chapter.lead.endswith((".", "?"))


@pytest.mark.requirement("A9", "A90")
@pytest.mark.parametrize(
    ("german", "english"), list(zip(GERMAN, ENGLISH, strict=True)), ids=[c.name for c in GERMAN]
)
def test_both_languages_have_the_same_chapters_anchors_and_blocks(
    german: Chapter, english: Chapter
) -> None:
    assert german.name == english.name
    assert (german.created, german.updated) == (english.created, english.updated)
    assert german.lead != english.lead
    assert anchors(german) == anchors(english)
    assert shape(german.body) == shape(english.body)
    assert sorted(links_of(german.body)) == sorted(links_of(english.body))


@pytest.mark.parametrize("chapter", BOTH, ids=name)
def test_no_anchor_of_a_chapter_stands_twice(chapter: Chapter) -> None:
    assert len(set(anchors(chapter))) == len(anchors(chapter))


@pytest.mark.parametrize("chapter", BOTH, ids=name)
def test_every_link_between_chapters_leads_somewhere(chapter: Chapter) -> None:
    places = {f"{one.name}.md" for one in BOTH}
    places |= {f"{one.name}.md#{anchor}" for one in BOTH for anchor in anchors(one)}
    assert set(links_of(chapter.body)) <= places


@pytest.mark.requirement("A92")
@pytest.mark.parametrize("chapter", GERMAN, ids=name)
def test_german_chapters_are_easy_to_read(chapter: Chapter) -> None:
    said = list(prose(chapter))
    assert mean(map(first_vienna_formula, said)) <= HARDEST
    assert first_vienna_formula(" ".join(said)) <= HARDEST
    assert fourth_vienna_formula(" ".join(said)) <= HARDEST


@pytest.mark.requirement("A92")
@pytest.mark.parametrize("chapter", GERMAN, ids=name)
def test_the_first_lines_of_a_chapter_have_no_jargon(chapter: Chapter) -> None:
    said = [word.lower() for word in words_of(f"{chapter.title} {chapter.lead} "
                                              f"{next(prose(chapter))}")]  # fmt: skip
    whole = [word for word in said if word in JARGON_WHOLE]
    parts = [word for word in said for one in JARGON - JARGON_WHOLE if one in word]
    assert not whole + parts


@pytest.mark.parametrize("chapter", BOTH, ids=name)
def test_quotation_marks_and_dashes_are_those_of_the_language(chapter: Chapter) -> None:
    text = re.sub(r"`[^`]*`|^    .*$|^[|-]+$", "", chapter.body, flags=re.M)
    assert not re.search(r"[\"']| - |--|\.\.\.|\u00ad", text)
    assert text.count("„") == (text.count("“") if chapter.language is Language.DE else 0)
    if chapter.language is Language.EN:
        assert text.count("“") == text.count("”")


@pytest.mark.requirement("A8", "A91", "B42")
@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("member", ACTIONABLE, ids=anchor_of)
def test_whatever_a_person_can_act_on_has_its_place_in_the_last_chapter(
    member: Obstacle | Reason, language: Language
) -> None:
    trouble = next(one for one in chapters(language) if one.slug == "trouble")
    assert anchors(trouble).count(anchor_of(member)) == 1


def test_every_reason_belongs_to_mail_that_was_sent_or_received() -> None:
    assert [*SENT, *RECEIVED] == list(Reason)
    assert Reason.NO_COMMON_CIPHER in SENT
    assert Reason.ENCRYPTION_CLOSED in RECEIVED


# what comes later, or never: nobody shall look for it
NOT_THERE = {
    Language.DE: r"Seriennummer|POP3|Filter",
    Language.EN: r"[Ss]erial number|POP3|[Ff]ilters?\b",
}


@pytest.mark.parametrize("chapter", BOTH, ids=name)
def test_no_chapter_speaks_of_what_does_not_exist(chapter: Chapter) -> None:
    assert not re.search(NOT_THERE[chapter.language], chapter.body)


def said_in(language: Language, chapter: str, anchor: str) -> str:
    (found,) = (one for one in chapters(language) if one.slug == chapter)
    sections = {section.anchor: section for section in sections_of(expanded(found, SHIPPED))}
    return sections[anchor].text


@pytest.mark.parametrize(
    ("chapter", "anchor", "german", "english"),
    [
        pytest.param("basics", "open-standard", "offener Standard", "open standard",
                     marks=pytest.mark.requirement("A10", "B8", "B9")),
        pytest.param("basics", "both-sides", "Zertifikat", "certificate",
                     marks=pytest.mark.requirement("A8", "B19")),
        pytest.param("basics", "key-pair", "an Sie verschlüsseln", "encrypts mail to you",
                     marks=pytest.mark.requirement("A27", "A31", "B12", "B13")),
        pytest.param("get-a-certificate", "how-it-works", "Link", "link",
                     marks=pytest.mark.requirement("A23", "A24")),
        pytest.param("get-a-certificate", "the-file", "dieselbe Datei auch in Thunderbird",
                     "same file in Thunderbird",
                     marks=pytest.mark.requirement("A28", "A30")),
        pytest.param("get-a-certificate", "class", "günstigste", "cheapest",
                     marks=pytest.mark.requirement("A25", "A33", "A81")),
        pytest.param("get-a-certificate", "public-authorities", "HARICA", "HARICA",
                     marks=pytest.mark.requirement("A85", "B36")),
        pytest.param("get-a-certificate", "for-tests", "Actalis", "Actalis",
                     marks=pytest.mark.requirement("A86")),
        pytest.param("send", "never-send-the-key", "Senden Sie nie", "never send",
                     marks=pytest.mark.requirement("A53")),
        pytest.param("send", "export", "BAMF", "BAMF",
                     marks=pytest.mark.requirement("A54", "A55", "A56")),
        pytest.param("good-to-know", "never-encrypted-only", "nie, ohne vorher zu signieren",
                     "never encrypts without signing",
                     marks=pytest.mark.requirement("A16", "A17")),
        pytest.param("good-to-know", "not-protected", "Betreff", "subject",
                     marks=pytest.mark.requirement("A82")),
        pytest.param("good-to-know", "signed-is-not-encrypted", "bleibt lesbar", "stays readable",
                     marks=pytest.mark.requirement("A77", "A78")),
        pytest.param("good-to-know", "first-signed-mail", "verschlüsselt antworten",
                     "answer with encryption", marks=pytest.mark.requirement("A80")),
        pytest.param("good-to-know", "renewal", "30 Tage", "30 days",
                     marks=pytest.mark.requirement("B44")),
        pytest.param("links", "links", "smime.io", "smime.io",
                     marks=pytest.mark.requirement("A84")),
    ],
)  # fmt: skip
def test_the_help_says_what_the_origin_wants_said(
    chapter: str, anchor: str, german: str, english: str
) -> None:
    assert german in said_in(Language.DE, chapter, anchor)
    assert english in said_in(Language.EN, chapter, anchor)


@pytest.mark.requirement("A31")
@pytest.mark.parametrize("chapter", BOTH, ids=name)
def test_no_chapter_says_that_partners_decrypt_with_a_public_key(chapter: Chapter) -> None:
    """The origin has it the wrong way round."""
    wrong = r"öffentliche\w* Schlüssel[^.|]*(entschlüssel|öffn)|public key[^.|]*(decrypt|opens)"
    assert not re.search(wrong, chapter.body)
