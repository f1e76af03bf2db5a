"""Guides as they are written: one text file for each program and language.

A head (``name: …``), then chapters: ``## chain`` and lines. ``title:`` and ``picture:`` (template,
then its words, divided by ``|``), ``- `` an act, ``> `` a note, ``$ `` a line to type, ``@files``
a place for facts, ``@common`` what ``common.txt`` says in this chapter; anything else is a
paragraph. ``**strong**`` and ```code``` inside. A chapter that a program does not have comes from
``common.txt``. Text is never HTML or Typst: what writes a page escapes it like any other text.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

from siegel.wording.guides.model import (
    Acts,
    Audience,
    Block,
    Drawing,
    Fact,
    Guide,
    Kind,
    Note,
    Paragraph,
    Place,
    Span,
    Spans,
    Step,
    Style,
    Typed,
)
from siegel.wording.words import Language

PARTNER_GUIDES = (
    "outlook",
    "new-outlook",
    "thunderbird",
    "apple-mail",
    "iphone",
    "android",
    "gmail",
    "gnupg",
)
STAFF_GUIDES = ("office-outlook", "office-own-program")
_COMMON = "common"
_SPANS = re.compile(r"\*\*(?P<strong>.+?)\*\*|`(?P<code>.+?)`")


@dataclass(slots=True)
class _Chapter:
    title: str = ""
    picture: str = ""
    lines: list[str] = field(default_factory=list)


@cache
def all_guides(audience: Audience, language: Language) -> tuple[Guide, ...]:
    """In the order of the list."""
    slugs = PARTNER_GUIDES if audience is Audience.PARTNER else STAFF_GUIDES
    return tuple(_read(slug, audience, language) for slug in slugs)


def guide_of(slug: str, language: Language) -> Guide | None:
    for audience in Audience:
        for guide in all_guides(audience, language):
            if guide.slug == slug:
                return guide
    return None


def _read(slug: str, audience: Audience, language: Language) -> Guide:
    head, chapters = _file(slug, language)
    common = _file(_COMMON, language)[1] if audience is Audience.PARTNER else {}
    kinds = Kind if audience is Audience.PARTNER else chapters
    return Guide(
        slug=slug,
        audience=audience,
        language=language,
        name=head["name"],
        systems=head["systems"],
        tested=head["tested"],
        limits=head.get("limits", ""),
        steps=tuple(_step(kind, chapters.get(kind), common.get(kind)) for kind in kinds),
    )


def _step(kind: Kind, own: _Chapter | None, common: _Chapter | None) -> Step:
    chapter = own or common
    if chapter is None or not chapter.title:
        raise ValueError(f"the chapter {kind} is not written")
    lines = list(_with_common(chapter.lines, common))
    return Step(
        kind=kind,
        title=chapter.title,
        drawing=_drawing(chapter.picture),
        blocks=tuple(_blocks(lines)),
    )


def _with_common(lines: Iterable[str], common: _Chapter | None) -> Iterator[str]:
    for line in lines:
        if line == "@common" and common is not None:
            yield from common.lines
        else:
            yield line


def _file(name: str, language: Language) -> tuple[Mapping[str, str], Mapping[Kind, _Chapter]]:
    folder = resources.files("siegel.wording.guides") / "text" / language.value
    head: dict[str, str] = {}
    chapters: dict[Kind, _Chapter] = {}
    here: _Chapter | None = None
    for line in (folder / f"{name}.txt").read_text("utf-8").splitlines():
        if line.startswith("## "):
            here = chapters[Kind(line[3:])] = _Chapter()
        elif here is None:
            _into_head(head, line)
        else:
            _into_chapter(here, line.strip())
    return head, chapters


def _into_head(head: dict[str, str], line: str) -> None:
    if line:
        key, _, value = line.partition(": ")
        head[key] = value


def _into_chapter(chapter: _Chapter, line: str) -> None:
    if line.startswith("title: "):
        chapter.title = line[7:]
    elif line.startswith("picture: "):
        chapter.picture = line[9:]
    elif line:
        chapter.lines.append(line)


def _drawing(text: str) -> Drawing | None:
    if not text:
        return None
    template, *labels = [word.strip() for word in text.split("|")]
    return Drawing(template, tuple(labels))


def _blocks(lines: Iterable[str]) -> Iterator[Block]:
    acts: list[Spans] = []
    typed: list[str] = []
    for line in lines:
        if acts and not line.startswith("- "):
            yield Acts(tuple(acts))
            acts = []
        if typed and not line.startswith("$ "):
            yield Typed(tuple(typed))
            typed = []
        if line.startswith("- "):
            acts.append(spans_of(line[2:]))
        elif line.startswith("$ "):
            typed.append(line[2:])
        else:
            yield _single(line)
    if acts:
        yield Acts(tuple(acts))
    if typed:
        yield Typed(tuple(typed))


def _single(line: str) -> Block:
    if line.startswith("@"):
        return Place(Fact(line[1:]))
    if line.startswith("> "):
        return Note(spans_of(line[2:]))
    return Paragraph(spans_of(line))


def spans_of(text: str) -> Spans:
    found: list[Span] = []
    end = 0
    for match in _SPANS.finditer(text):
        if match.start() > end:
            found.append(Span(Style.PLAIN, text[end : match.start()]))
        style = Style.STRONG if match["strong"] else Style.CODE
        found.append(Span(style, match["strong"] or match["code"]))
        end = match.end()
    if end < len(text):
        found.append(Span(Style.PLAIN, text[end:]))
    return tuple(found)
