"""A complete guide as plain values: what templates of pages and of paper read, and JSON carries."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from siegel.wording.guides.drawings import drawn, printed, said
from siegel.wording.guides.model import (
    ONCE,
    Acts,
    Audience,
    Block,
    Fingerprints,
    Guide,
    Links,
    Note,
    Paragraph,
    Place,
    Spans,
    Step,
    Typed,
)
from siegel.wording.guides.phrases import PHRASES

Values = Mapping[str, object]
GROUP = 4  # characters of a fingerprint that people compare at once


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """``number``: of the steps that are done once, 0 for the others. ``picture``: SVG for a page;
    ``paper``: the same for paper, ``alt`` its sentence."""

    name: str
    number: int
    title: str
    counted: str
    picture: str
    paper: str
    alt: str
    blocks: tuple[Values, ...]


def title_of(guide: Guide) -> str:
    phrase = "title" if guide.audience is Audience.PARTNER else "title_staff"
    return PHRASES[guide.language][phrase].replace("{name}", guide.name)


def chapters_of(guide: Guide) -> tuple[Chapter, ...]:
    numbers = _numbers(guide)
    return tuple(
        _chapter(step, guide, numbers.get(step.kind, 0), len(numbers), place)
        for place, step in enumerate(guide.steps)
    )


def _numbers(guide: Guide) -> Mapping[str, int]:
    """Staff guides are short: all of their chapters are steps."""
    kinds = [step.kind for step in guide.steps]
    if guide.audience is Audience.PARTNER:
        kinds = [kind for kind in kinds if kind in ONCE]
    return {kind: number for number, kind in enumerate(kinds, 1)}


def _chapter(step: Step, guide: Guide, number: int, of: int, place: int) -> Chapter:
    drawing, language = step.drawing, guide.language
    counted = PHRASES[language]["step"].format(n=number, all=of) if number else ""
    return Chapter(
        name=step.kind.value.replace("_", "-"),
        number=number,
        title=step.title,
        counted=counted,
        picture=drawn(drawing, language, number=place) if drawing else "",
        paper=printed(drawing) if drawing else "",
        alt=said(drawing, language) if drawing else "",
        blocks=tuple(spelled(step.blocks)),
    )


def spelled(blocks: Iterable[Block]) -> Iterable[Values]:
    return [_spelled(block) for block in blocks]


def _spelled(block: Block) -> Values:
    match block:
        case Paragraph(spans):
            return {"kind": "paragraph", "spans": _spans(spans)}
        case Note(spans):
            return {"kind": "note", "spans": _spans(spans)}
        case Acts(acts):
            return {"kind": "acts", "acts": [_spans(act) for act in acts]}
        case Typed(lines):
            return {"kind": "typed", "lines": list(lines)}
        case Links(title, links):
            listed = [{"title": one.title, "url": one.url, "note": one.note} for one in links]
            return {"kind": "links", "title": title, "links": listed}
        case Fingerprints(title, prints):
            shown = [{"name": one.name, "groups": in_groups(one.fingerprint)} for one in prints]
            return {"kind": "fingerprints", "title": title, "prints": shown}
        case Place(fact):
            raise ValueError(f"the guide has an open place: {fact}")


def in_groups(fingerprint: str) -> list[str]:
    """As people compare it: groups of four, capitals."""
    hexadecimal = fingerprint.upper()
    return [hexadecimal[n : n + GROUP] for n in range(0, len(hexadecimal), GROUP)]


def _spans(spans: Spans) -> list[dict[str, str]]:
    return [{"style": span.style.value, "text": span.text} for span in spans]
