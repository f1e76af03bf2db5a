"""The chapters as they are written: one Markdown file each and language, with a head of four lines.

The same file name in every language, so that links between chapters, which name the file, lead
to the same place in each. Headings carry their anchor: ``## Title {#anchor}``.
"""

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources

from siegel.wording.words import Language

_FILE = re.compile(r"---\n(?P<head>.*?)\n---\n(?P<body>.*)", re.S)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """``name`` is that of the file without its ending: a number for the order, and a word."""

    name: str
    language: Language
    title: str
    lead: str
    created: date
    updated: date
    body: str

    @property
    def number(self) -> int:
        return int(self.name.partition("-")[0])

    @property
    def slug(self) -> str:
        return self.name.partition("-")[2]


@cache
def chapters(language: Language) -> tuple[Chapter, ...]:
    """All chapters in their order."""
    folder = resources.files("siegel.web.help") / "text" / language.value
    files = sorted((file.name, file) for file in folder.iterdir() if file.name.endswith(".md"))
    return tuple(
        _read(name.removesuffix(".md"), language, file.read_text("utf-8")) for name, file in files
    )


def _read(name: str, language: Language, text: str) -> Chapter:
    found = _FILE.fullmatch(text)
    if found is None:
        raise ValueError(f"{language}/{name}: no head")
    head = dict(line.split(": ", 1) for line in found["head"].splitlines())
    return Chapter(
        name=name,
        language=language,
        title=head["title"],
        lead=head["lead"],
        created=date.fromisoformat(head["created"]),
        updated=date.fromisoformat(head["updated"]),
        body=found["body"],
    )
