"""Mails that Siegel writes: both languages, everything named, German that everybody can read."""

from datetime import timedelta

import pytest

from siegel.wording.letters import Ending, Whose, certificate_letter, reminder_letter
from siegel.wording.words import Language
from tests.unit.wording.readability import first_vienna_formula, fourth_vienna_formula
from tests.world import WORLD_NOW

ENDINGS = [
    Ending(whose=Whose.PARTNER, name="p@partner.example", not_after=WORLD_NOW + timedelta(days=9)),
    Ending(whose=Whose.OWN, name="b@office.example", not_after=WORLD_NOW + timedelta(days=1.5)),
    Ending(whose=Whose.OWN, name="a@office.example", not_after=WORLD_NOW + timedelta(hours=3)),
    Ending(whose=Whose.AUTHORITY, name="Landesamt", not_after=WORLD_NOW - timedelta(days=2)),
]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            Language.DE,
            [
                "a@office.example: endet heute (21. November 2026)",
                "b@office.example: endet morgen (23. November 2026)",
                "p@partner.example: endet in 9 Tagen (30. November 2026)",
                "Landesamt: seit 19. November 2026 abgelaufen",
            ],
        ),
        (
            Language.EN,
            [
                "a@office.example: ends today (21 November 2026)",
                "b@office.example: ends tomorrow (23 November 2026)",
                "p@partner.example: ends in 9 days (30 November 2026)",
                "Landesamt: expired on 19 November 2026",
            ],
        ),
    ],
)
@pytest.mark.requirement("B44")
def test_a_reminder_names_everything_in_groups_the_next_first(
    language: Language, said: list[str]
) -> None:
    text = reminder_letter(language, ENDINGS, WORLD_NOW).text
    places = [text.index(line) for line in said]
    assert places == sorted(places)


@pytest.mark.parametrize("language", Language)
def test_the_subject_counts(language: Language) -> None:
    one = reminder_letter(language, ENDINGS[:1], WORLD_NOW).subject
    many = reminder_letter(language, ENDINGS, WORLD_NOW).subject
    assert one != many
    assert "4" in many


@pytest.mark.parametrize("language", Language)
@pytest.mark.requirement("A51")
def test_the_letter_to_a_partner_says_who_writes(language: Language) -> None:
    letter = certificate_letter(language, sender="a@office.example", organisation="Landratsamt")
    assert "a@office.example" in letter.subject
    assert letter.text.endswith("Landratsamt\na@office.example\n")
    alone = certificate_letter(language, sender="a@office.example", organisation="")
    assert alone.text.endswith("\n\na@office.example\n")


@pytest.mark.requirement("A92")
def test_german_letters_are_easy_to_read() -> None:
    letter = certificate_letter(Language.DE, sender="x", organisation="")
    reminder = reminder_letter(Language.DE, ENDINGS, WORLD_NOW)
    for text in (letter.text, reminder.text):
        prose = " ".join(line for line in text.splitlines() if not line.startswith("  –"))
        assert first_vienna_formula(prose) <= 10
        assert fourth_vienna_formula(prose) <= 10
