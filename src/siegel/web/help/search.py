"""Search in the help: every word of the question, at the beginning of or inside words, folded.

„schluessel“, „schlussel“ and „Schlüssel“ find the same. Only the texts of the help are searched.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from siegel.web.help.chapters import Chapter, chapters
from siegel.web.help.expanding import Lists, expanded
from siegel.web.help.rendering import Section, sections_of
from siegel.wording.words import Language

MAX_QUESTION = 100  # characters; more is no question of a person
MAX_WORDS = 8
MAX_FOUND = 20
AROUND = 12  # words of the excerpt before the first hit, and twice as many after it
INSIDE = 4  # letters from which on a hit inside a longer word counts

_WORD = re.compile(r"\w[\w.-]*\w|\w")
_SHAPES = (("ß", "ss"), ("ä", "a"), ("ö", "o"), ("ü", "u"), ("ae", "a"), ("oe", "o"), ("ue", "u"))
_IN_TITLE = 10  # what a hit in a heading weighs against one in the text


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    text: str
    hit: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One section; ``pieces`` are its excerpt, cut where hits begin and end."""

    chapter: Chapter
    section: Section
    pieces: tuple[Piece, ...]
    weight: int


def search(question: str, language: Language, lists: Lists) -> tuple[Found, ...]:
    """The best first; nothing for a question without a word."""
    asked = _asked(question)
    if not asked:
        return ()
    found = [
        hit
        for chapter in chapters(language)
        for section in sections_of(expanded(chapter, lists))
        if (hit := _judged(chapter, section, asked)) is not None
    ]
    return tuple(sorted(found, key=lambda hit: -hit.weight)[:MAX_FOUND])


def folded(text: str) -> str:
    text = text.lower()
    for shape, plain in _SHAPES:
        text = text.replace(shape, plain)
    return text


def _asked(question: str) -> tuple[str, ...]:
    words = _WORD.findall(question[:MAX_QUESTION])[:MAX_WORDS]
    return tuple(dict.fromkeys(folded(word) for word in words))


def _judged(chapter: Chapter, section: Section, asked: Sequence[str]) -> Found | None:
    """None unless every word of the question is in the section."""
    title = section.title or f"{chapter.title} {chapter.lead}"
    in_title = [folded(word) for word in _WORD.findall(title)]
    in_text = [folded(word) for word in _WORD.findall(section.text)]
    weight = 0
    for word in asked:
        here = sum(_is_hit(each, word) for each in in_text)
        above = sum(_is_hit(each, word) for each in in_title)
        if not here + above:
            return None
        weight += here + _IN_TITLE * above
    pieces = tuple(_excerpt(section.text, asked))
    return Found(chapter=chapter, section=section, pieces=pieces, weight=weight)


def _is_hit(word: str, asked: str) -> bool:
    return word.startswith(asked) or (len(asked) >= INSIDE and asked in word)


def _excerpt(text: str, asked: Sequence[str]) -> Iterator[Piece]:
    words = text.split()
    hits = [_is_any(word, asked) for word in words]
    first = hits.index(True) if True in hits else 0
    start, end = max(0, first - AROUND), first + 2 * AROUND
    if start:
        yield Piece(text="… ", hit=False)
    for place, word in enumerate(words[start:end], start):
        yield Piece(text=word, hit=hits[place])
        yield Piece(text=" ", hit=False)
    if end < len(words):
        yield Piece(text="…", hit=False)


def _is_any(word: str, asked: Sequence[str]) -> bool:
    parts = [folded(part) for part in _WORD.findall(word)]
    return any(_is_hit(part, one) for part in parts for one in asked)
