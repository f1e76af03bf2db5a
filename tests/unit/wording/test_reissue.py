"""Words about replaced certificates and about ends: all members, both languages, plain German."""

from datetime import timedelta

import pytest

from siegel.policy.expiry import Todo
from siegel.policy.reissue import Affected, Problem, Step
from siegel.wording.expiry import said_of_todo
from siegel.wording.letters import Ending, Whose, reminder_letter
from siegel.wording.reissue import partner_letter, reissue_words
from siegel.wording.words import Language, Words
from tests.unit.wording.readability import first_vienna_formula
from tests.world import WORLD_NOW


def said(member: Affected | Problem | Step | Todo, language: Language) -> Words:
    return (
        said_of_todo(member, language)
        if isinstance(member, Todo)
        else reissue_words(member, language)
    )


@pytest.mark.requirement("A90", "A92")
@pytest.mark.parametrize("member", [*Affected, *Problem, *Step, *Todo])
def test_every_member_has_words_and_german_ones_are_easy(
    member: Affected | Problem | Step | Todo,
) -> None:
    german, english = (said(member, language) for language in (Language.DE, Language.EN))
    assert german.title != english.title
    assert english.sentence.endswith(".")
    assert first_vienna_formula(german.sentence) <= 10


@pytest.mark.requirement("C10")
def test_partners_read_both_languages_and_who_writes() -> None:
    letter = partner_letter("Landratsamt Musterstadt")
    assert letter.german.endswith("\n\nLandratsamt Musterstadt")
    assert letter.english.endswith("\n\nLandratsamt Musterstadt")
    assert first_vienna_formula(letter.german) <= 10
    assert not partner_letter("").english.endswith("\n")


@pytest.mark.requirement("C11")
@pytest.mark.parametrize("language", Language)
def test_a_reminder_tells_of_our_authority_overdue_lists_and_what_is_public(
    language: Language,
) -> None:
    soon = WORLD_NOW + timedelta(days=6.5)
    endings = [
        Ending(whose=Whose.OWN, name="a@office.example", not_after=soon, published=True),
        Ending(whose=Whose.OUR_AUTHORITY, name="Amt Issuing", not_after=soon),
        Ending(whose=Whose.LIST, name="Amt Root", not_after=WORLD_NOW - timedelta(days=3)),
    ]
    text = reminder_letter(language, endings, WORLD_NOW, page="https://s.example/expiry/").text
    for words in ("Amt Issuing", "Amt Root", "https://s.example/expiry/"):
        assert words in text
    (line,) = (line for line in text.splitlines() if "a@office.example" in line)
    assert line.endswith({"de": "Partnerseite", "en": "partner page"}[language.value])
    if language is Language.DE:
        prose = " ".join(line for line in text.splitlines() if not line.startswith("  –"))
        assert first_vienna_formula(prose) <= 10
