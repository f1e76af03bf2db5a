"""Words about certificates: all members, both languages, German that everybody can read."""

from enum import StrEnum

import pytest

from siegel.policy.passphrases import Weakness
from siegel.policy.standing import Standing
from siegel.policy.uploads import Became
from siegel.wording.certificates import Told, title_of, told
from siegel.wording.words import Language
from tests.unit.wording.readability import first_vienna_formula, fourth_vienna_formula

MEMBERS: list[Told] = [*Standing, *Became, *Weakness]
IN_ORDER = {Standing.FOR_READING, Standing.TRUSTED, Standing.USABLE}
DONE = {Became.KEY, Became.CERTIFICATES, Became.KNOWN}


def name(member: StrEnum) -> str:
    return f"{type(member).__name__}.{member.name}"


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("member", MEMBERS, ids=name)
@pytest.mark.requirement("A90", "A91")
def test_every_member_has_words_in_every_language(member: Told, language: Language) -> None:
    found = told(member, language)
    assert found.title.strip()
    assert found.sentence.endswith(".")
    assert not found.next_step or found.next_step.endswith(".")


@pytest.mark.parametrize("member", [*Standing, *Became], ids=name)
@pytest.mark.parametrize("language", Language)
def test_what_is_not_in_order_says_what_to_do(
    member: Standing | Became, language: Language
) -> None:
    quiet = member in IN_ORDER or member in DONE
    assert bool(told(member, language).next_step) != quiet


@pytest.mark.parametrize("member", MEMBERS, ids=name)
@pytest.mark.requirement("A92")
def test_german_texts_are_easy_to_read(member: Told) -> None:
    found = told(member, Language.DE)
    said = f"{found.sentence} {found.next_step}".strip()
    assert first_vienna_formula(said) <= 10
    assert fourth_vienna_formula(said) <= 10


@pytest.mark.parametrize(
    ("days", "german", "english"),
    [
        (9, "Läuft in 9 Tagen ab", "Expires in 9 days"),
        (1, "Läuft morgen ab", "Expires tomorrow"),
        (0, "Läuft heute ab", "Expires today"),
    ],
)
def test_the_last_days_are_counted_as_people_do(days: int, german: str, english: str) -> None:
    assert title_of(Standing.EXPIRES_SOON, Language.DE, days=days) == german
    assert title_of(Standing.EXPIRES_SOON, Language.EN, days=days) == english
