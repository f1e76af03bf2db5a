"""The mail that carries a guide to a partner."""

from textwrap import fill

from siegel.wording.guides.model import Guide
from siegel.wording.guides.phrases import PHRASES
from siegel.wording.guides.plain import LINE, in_plain_text
from siegel.wording.letters import Letter


def guide_letter(guide: Guide, *, sender: str, organisation: str) -> Letter:
    """``guide`` is complete."""
    said = PHRASES[guide.language]
    end = f"{organisation}\n{sender}\n" if organisation else f"{sender}\n"
    parts = [
        said["greeting"],
        _lines(said["mail_lead"].replace("{name}", guide.name)),
        in_plain_text(guide).rstrip(),
        _lines(f"{said['tested']}: {guide.tested}"),
        _lines(said["mail_answer"]),
        end,
    ]
    return Letter(said["mail_subject"].replace("{name}", guide.name), "\n\n".join(parts))


def _lines(text: str) -> str:
    return fill(text, LINE, break_long_words=False, break_on_hyphens=False)
