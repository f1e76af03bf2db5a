"""The German words of the pages: to find English that was left in a German page, and for journeys
that are told once in English and made in both languages."""

import re
from functools import cache
from gettext import GNUTranslations
from pathlib import Path
from typing import Final

import siegel.web

WEB: Final = Path(siegel.web.__file__).parent
PLACE: Final = re.compile(r"%\(\w+\)[sd]|%[sd]")


@cache
def untranslated() -> re.Pattern[str]:
    """Matches a text that is a message of ours in English and reads differently in German."""
    english = {said for said, german in _messages() if said != german and _speaks(said)}
    assert english, "no catalogs"
    return re.compile("|".join(_as_shown(said) for said in sorted(english)))


def english_among(texts: list[str]) -> list[str]:
    return [text for text in texts if untranslated().fullmatch(_folded(text))]


class Words:
    """``words("Unlock")``: the same in the language of a visitor. A ``KeyError`` says that no page
    knows this text any more; ``places`` fill it as the page would."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._german = dict(_messages())

    def __call__(self, said: str, **places: object) -> str:
        text = self._german[said] if self._language == "de" else said
        if self._language != "de" and said not in self._german:
            raise KeyError(said)
        return text % places if places else text


def _messages() -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for path in sorted(WEB.glob("**/locale/de/LC_MESSAGES/django.mo")):
        with path.open("rb") as file:
            catalog: dict[object, str] = GNUTranslations(file)._catalog  # type: ignore[attr-defined]
        for said, german in catalog.items():
            text = said[0] if isinstance(said, tuple) else str(said)
            found.append((text.rpartition("\x04")[2], german))
    return found


def _speaks(said: str) -> bool:
    """Whether there is a word besides the places that are filled."""
    return re.search(r"[A-Za-z]{2}", PLACE.sub("", said)) is not None


def _as_shown(said: str) -> str:
    """Its places filled with anything."""
    return ".+".join(re.escape(part) for part in PLACE.split(_folded(said)))


def _folded(text: str) -> str:
    return " ".join(text.split())
