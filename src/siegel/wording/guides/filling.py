"""The words of the office put into a guide: names and addresses where the text has a place.

Only text is put into text, after the marks of the guide were read: a name that looks like a mark
stays a name. Lines to type into a terminal have places for names of files only (a test looks), and
those are plain letters.
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from siegel.wording.guides.model import (
    Acts,
    Block,
    Drawing,
    Guide,
    Note,
    Paragraph,
    Span,
    Spans,
    Step,
    Typed,
)

PLACES = frozenset({"office", "address", "site", "file", "root_file"})
_PLACE = re.compile(r"\{(" + "|".join(sorted(PLACES)) + r")\}")
LONGEST_LABEL = 30  # characters that fit into a drawing


def filled(guide: Guide, values: Mapping[str, str]) -> Guide:
    """``values`` has a value for each of ``PLACES``."""
    steps = tuple(_step(step, values) for step in guide.steps)
    return replace(
        guide, steps=steps, tested=_text(guide.tested, values), limits=_text(guide.limits, values)
    )


def _step(step: Step, values: Mapping[str, str]) -> Step:
    drawing = step.drawing
    if drawing is not None:
        labels = tuple(_cut(_text(label, values)) for label in drawing.labels)
        drawing = Drawing(drawing.template, labels)
    return replace(
        step,
        title=_text(step.title, values),
        drawing=drawing,
        blocks=tuple(_block(block, values) for block in step.blocks),
    )


def _block(block: Block, values: Mapping[str, str]) -> Block:
    match block:
        case Paragraph(spans):
            return Paragraph(_spans(spans, values))
        case Note(spans):
            return Note(_spans(spans, values))
        case Acts(acts):
            return Acts(tuple(_spans(act, values) for act in acts))
        case Typed(lines):
            return Typed(tuple(_text(line, values) for line in lines))
        case _:
            return block


def _spans(spans: Spans, values: Mapping[str, str]) -> Spans:
    return tuple(Span(span.style, _text(span.text, values)) for span in spans)


def _text(text: str, values: Mapping[str, str]) -> str:
    return _PLACE.sub(lambda place: values[place[1]], text)


def _cut(label: str) -> str:
    return label if len(label) <= LONGEST_LABEL else f"{label[: LONGEST_LABEL - 1]}…"
