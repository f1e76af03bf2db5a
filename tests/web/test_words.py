"""The texts of the page: complete in both languages, and alike in what they fill in."""

import re
from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, datetime

import pytest

from siegel.transport.envelope import Role
from siegel.web.words import BOOKS, ENGLISH, GERMAN, Counted, PageWords, grouped, in_words
from siegel.wording.words import Language


def texts(words: PageWords) -> Iterator[tuple[str, str]]:
    for field in fields(words):
        value = getattr(words, field.name)
        if isinstance(value, Counted):
            yield f"{field.name}.one", value.one
            yield f"{field.name}.many", value.many
        elif isinstance(value, str):
            yield field.name, value
        elif isinstance(value, tuple):
            yield from ((f"{field.name}.{i}", each) for i, each in enumerate(value))
        else:
            yield from ((f"{field.name}.{role}", value[role]) for role in Role)


def test_every_language_has_its_book() -> None:
    assert set(BOOKS) == set(Language)


@pytest.mark.parametrize("words", [GERMAN, ENGLISH], ids=["ok/de", "ok/en"])
def test_no_text_is_empty_or_left_behind(words: PageWords) -> None:
    for name, text in texts(words):
        assert text.strip() == text, name
        assert text, name
        assert "TODO" not in text, name
    assert len(words.months) == 12


def test_both_languages_fill_in_the_same_and_say_it_differently() -> None:
    same = {"months.3", "months.7", "months.8", "months.10"}  # April, August and the like
    for (name, german), (_, english) in zip(texts(GERMAN), texts(ENGLISH), strict=True):
        assert re.findall(r"\{\w+\}", german) == re.findall(r"\{\w+\}", english), name
        assert (german == english) is (name in same), name


@pytest.mark.parametrize(
    ("number", "language", "expected"),
    [
        (0, Language.DE, "0 E-Mail-Konten"),
        (1, Language.DE, "1 E-Mail-Konto"),
        (1234567, Language.DE, "1.234.567 E-Mail-Konten"),
        (1, Language.EN, "1 mail account"),
        (1200, Language.EN, "1,200 mail accounts"),
    ],
)
def test_numbers_choose_their_form(number: int, language: Language, expected: str) -> None:
    assert BOOKS[language].accounts.about(number, language) == expected


def test_dates_and_numbers_are_written_as_people_write_them() -> None:
    day = datetime(2028, 5, 4, tzinfo=UTC)
    assert in_words(day, Language.DE) == "4. Mai 2028"
    assert in_words(day, Language.EN) == "4 May 2028"
    assert grouped(999, Language.DE) == grouped(999, Language.EN) == "999"
