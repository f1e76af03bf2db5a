"""A complete guide as plain text, for the mail that carries it."""

from collections.abc import Iterable, Iterator
from textwrap import fill

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
    Style,
    Typed,
)
from siegel.wording.guides.spelled import in_groups
from siegel.wording.words import Language

LINE = 76  # characters; longer lines are broken by mail programs, and badly
_QUOTED = {Language.DE: "„{}“", Language.EN: "“{}”"}


def in_plain_text(guide: Guide, *, whole: bool = False) -> str:
    """The steps that are done once; ``whole``: every chapter."""
    steps = [s for s in guide.steps if whole or guide.audience is Audience.STAFF or s.kind in ONCE]
    parts = []
    for number, step in enumerate(steps, 1):
        parts.append(f"{number}. {step.title}")
        parts += _blocks(step.blocks, guide.language)
    return "\n\n".join(parts) + "\n"


def _blocks(blocks: Iterable[Block], language: Language) -> Iterator[str]:
    for block in blocks:
        match block:
            case Links(title, links):
                listed = [f"  {one.title}:\n  {one.url}" for one in links]
                yield "\n".join([f"{title}:", *listed] if title else listed)
            case Fingerprints(title, prints):
                yield "\n".join([title, *(_print(one.name, one.fingerprint) for one in prints)])
            case _:
                yield _written(block, language)


def _written(block: Paragraph | Note | Acts | Typed | Place, language: Language) -> str:
    match block:
        case Paragraph(spans):
            return fill(
                _said(spans, language), LINE, break_long_words=False, break_on_hyphens=False
            )
        case Note(spans):
            return _listed("!", _said(spans, language))
        case Acts(acts):
            return "\n".join(_listed("–", _said(act, language)) for act in acts)
        case Typed(lines):
            return "\n".join(f"    {line}" for line in lines)
        case Place(fact):
            raise ValueError(f"the guide has an open place: {fact}")


def _print(name: str, fingerprint: str) -> str:
    groups = in_groups(fingerprint)
    half = len(groups) // 2
    return f"  {name}\n    {' '.join(groups[:half])}\n    {' '.join(groups[half:])}"


def _listed(mark: str, text: str) -> str:
    return fill(
        text, LINE, initial_indent=f"  {mark} ", subsequent_indent="    ", break_long_words=False,
        break_on_hyphens=False,
    )  # fmt: skip


def _said(spans: Spans, language: Language) -> str:
    """Names of buttons in quotes, as people write them."""
    quoted = _QUOTED[language]
    return "".join(
        quoted.format(span.text) if span.style is Style.STRONG else span.text for span in spans
    )
