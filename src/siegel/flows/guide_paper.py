"""A guide as PDF, tagged for readers who do not see it (PDF/UA-1); same text, same octets.

Words reach the paper as JSON that the template reads as values; nothing of them is markup. The
fonts are those inside typst, so paper looks the same on every machine; what they cannot show is
shown as a replacement character, because a PDF/UA with letters that nobody can see is refused.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from importlib import resources
from io import BytesIO

import segno
import typst

from siegel.base.errors import LimitExceeded
from siegel.wording.guides.facts import GuideFacts
from siegel.wording.guides.model import Audience, Guide
from siegel.wording.guides.phrases import PHRASES
from siegel.wording.guides.spelled import chapters_of, title_of
from siegel.wording.letters import in_words

LONGEST = 500_000  # characters of all words and drawings; the longest guide has a fifth of it
KEPT = 64  # papers in memory, of about 150 kB each: all programs in both languages, and some more
_SHOWN = (
    (0x20, 0x7E), (0xA1, 0x24F), (0x391, 0x3A1), (0x3A3, 0x3C9), (0x400, 0x45F),
    (0x1E00, 0x1EFF), (0x2010, 0x2027), (0x20AC, 0x20AC), (0x2192, 0x2192), (0xFFFD, 0xFFFD),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What stands around the guide: ``url`` of its page, ``lead`` below the title, ``end`` at the
    end (disclaimer, legal note)."""

    url: str
    lead: str
    end: tuple[str, ...] = ()


def paper(guide: Guide, facts: GuideFacts, around: Around, *, at: datetime) -> bytes:
    """``guide`` is complete. Raises ``LimitExceeded``."""
    text = json.dumps(_shown(_values(guide, facts, around, at)), ensure_ascii=False)
    if len(text) > LONGEST:
        raise LimitExceeded(f"a guide of {len(text)} characters is not printed")
    return _made(text, at.replace(hour=0, minute=0, second=0, microsecond=0))


def qr_svg(text: str) -> str:
    """Black on white, with the margin that readers need."""
    made = BytesIO()
    segno.make(text, error="m", micro=False).save(made, kind="svg", light="#fff", border=2)
    return made.getvalue().decode("ascii")


@lru_cache(maxsize=KEPT)
def _made(text: str, day: datetime) -> bytes:
    template = (resources.files("siegel.flows") / "paper" / "page.typ").read_bytes()
    made = typst.compile(
        template,
        format="pdf",
        font_paths=_fonts(),
        pdf_standards=["ua-1"],
        sys_inputs={"guide": text},
        timestamp=int(day.timestamp()),
    )
    return bytes(made)


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False)


def _values(guide: Guide, facts: GuideFacts, around: Around, at: datetime) -> dict[str, object]:
    said, partners = PHRASES[guide.language], guide.audience is Audience.PARTNER
    return {
        "lang": guide.language.value,
        "title": title_of(guide),
        "office": facts.office or "Siegel",
        "lead": around.lead,
        "made": said["made"].format(date=in_words(at, guide.language)),
        "page": said["page"],
        "url": around.url,
        "qr": qr_svg(around.url) if around.url else "",
        "qr_alt": f"{said['page']} {around.url}",
        "tested_title": said["tested"],
        "tested": guide.tested,
        "limits_title": said["limits" if partners else "good_to_know"],
        "limits": guide.limits,
        "end": list(around.end),
        "steps": [
            {
                "title": chapter.title,
                "counted": chapter.counted,
                "picture": chapter.paper,
                "alt": chapter.alt,
                "blocks": list(chapter.blocks),
            }
            for chapter in chapters_of(guide)
        ],
    }


def _shown(value: object) -> object:
    if isinstance(value, str):
        return "".join(letter if _has_glyph(letter) else _instead(letter) for letter in value)
    if isinstance(value, dict):
        return {key: _shown(each) for key, each in value.items()}
    return [_shown(each) for each in value] if isinstance(value, list) else value


def _has_glyph(letter: str) -> bool:
    return any(first <= ord(letter) <= last for first, last in _SHOWN)


def _instead(letter: str) -> str:
    return " " if letter.isspace() else "\ufffd"
