"""The German words of the pages: to find English that was left in a German page, and for journeys
that are told once in English and made in both languages."""

import re
from functools import cache
from gettext import GNUTranslations
from pathlib import Path
from typing import Final

import siegel.web
from siegel.policy.standing import Standing
from siegel.wording.certificates import told
from siegel.wording.words import Language

WEB: Final = Path(siegel.web.__file__).parent
PLACE: Final = re.compile(r"%\(\w+\)[sd]|%[sd]")


@cache
def untranslated() -> re.Pattern[str]:
    """Matches a text that is a message of ours in English and reads differently in German."""
    pairs = ((said.rpartition("\x04")[2], german) for said, german in _messages())
    english = {said for said, german in pairs if said != german and _speaks(said)}
    assert english, "no catalogs"
    return re.compile("|".join(_as_shown(said) for said in sorted(english)))


def english_among(texts: list[str]) -> list[str]:
    return [text for text in texts if untranslated().fullmatch(_folded(text))]


class Words:
    """``words("Unlock")``: the same in the language of a visitor. A ``KeyError`` says that no page
    knows this text any more; ``places`` fill it as the page would."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._german = dict(reversed(_messages()))  # as in Django: the first catalog is right

    def __call__(self, said: str, **places: object) -> str:
        text = self._german[said] if self._language == "de" else said
        if self._language != "de" and said not in self._german:
            raise KeyError(said)
        return text % places if places else text


def standing(state: Standing, language: str) -> str:
    """The word of a certificate's state."""
    return told(state, Language(language)).title


def messages_by_part() -> dict[str, dict[str, str]]:
    """Of each part with words of its own, in the order in which Django asks them."""
    return {
        str(path.relative_to(WEB)): _read(path)
        for path in sorted(WEB.glob("**/locale/de/LC_MESSAGES/django.mo"))
    }


def _messages() -> list[tuple[str, str]]:
    return [pair for texts in messages_by_part().values() for pair in texts.items()]


def _read(path: Path) -> dict[str, str]:
    """English to German; of several numbers the singular."""
    with path.open("rb") as file:
        catalog: dict[object, str] = GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    found = {}
    for said, german in catalog.items():
        text, number = said if isinstance(said, tuple) else (str(said), 0)
        if text and number == 0:
            found[text] = german
    return found


def _speaks(said: str) -> bool:
    """Whether there is a word besides the places that are filled."""
    return re.search(r"[A-Za-z]{2}", PLACE.sub("", said)) is not None


def _as_shown(said: str) -> str:
    """Its places filled with anything."""
    return ".+".join(re.escape(part) for part in PLACE.split(_folded(said)))


def _folded(text: str) -> str:
    return " ".join(text.split())
