"""Search in the help: folded, every word, the best first, and harmless with any question."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from siegel.web.help.search import MAX_FOUND, folded, search
from siegel.wording.help_links import SHIPPED
from siegel.wording.words import Language


def places(question: str, language: Language = Language.DE) -> list[str]:
    return [f"{f.chapter.slug}#{f.section.anchor}" for f in search(question, language, SHIPPED)]


@pytest.mark.parametrize("question", ["Schlüssel", "schluessel", "SCHLUSSEL", "schlüssel "])
def test_umlauts_are_found_however_they_are_typed(question: str) -> None:
    assert places(question) == places("schlüssel")
    assert places(question)


@pytest.mark.parametrize(
    ("question", "language", "place"),
    [
        ("passphrase", Language.DE, "set-up#passphrase"),
        ("Betreff geschützt", Language.DE, "good-to-know#not-protected"),
        ("BAMF", Language.DE, "administration#trust"),
        ("smime.p7m", Language.DE, "trouble#partner-sees-attachment"),
        ("fingerprint", Language.EN, "administration#trust"),
        ("export certificate", Language.EN, "send#export"),
        ("Actalis", Language.EN, "get-a-certificate#public-authorities"),
        ("Journal Nummer", Language.DE, "administration#journal"),
    ],
)
def test_questions_lead_to_the_section_that_answers_them(
    question: str, language: Language, place: str
) -> None:
    assert place in places(question, language)[:5]


def test_a_hit_in_a_heading_weighs_more_than_one_in_the_text() -> None:
    assert places("passphrase")[0] == "set-up#passphrase"


def test_every_word_of_the_question_must_be_there() -> None:
    assert not places("passphrase xyzzy")
    assert set(places("passphrase umlaute")) < set(places("passphrase"))


@pytest.mark.parametrize("question", ["", "   ", "?!", "„“"])
def test_no_word_is_no_question(question: str) -> None:
    assert search(question, Language.DE, SHIPPED) == ()


def test_the_excerpt_shows_the_hits_and_is_short() -> None:
    found = search("umlaute", Language.DE, SHIPPED)[0]
    assert "Umlaute" in [piece.text for piece in found.pieces if piece.hit]
    assert len("".join(piece.text for piece in found.pieces)) < 400


@settings(max_examples=50)
@given(some.text(max_size=300), some.sampled_from(Language))
def test_no_question_breaks_the_search(question: str, language: Language) -> None:
    found = search(question, language, SHIPPED)
    assert len(found) <= MAX_FOUND


def test_folding_treats_all_ways_of_writing_alike() -> None:
    assert folded("Straße") == folded("STRASSE")
    assert folded("größer") == folded("groesser") == folded("grosser")
