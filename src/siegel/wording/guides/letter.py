"""The mail that carries a guide to a partner."""

from siegel.wording.guides.model import Guide
from siegel.wording.guides.phrases import PHRASES
from siegel.wording.guides.plain import in_plain_text
from siegel.wording.letters import Letter


def guide_letter(guide: Guide, *, sender: str, organisation: str) -> Letter:
    """``guide`` is complete."""
    said = PHRASES[guide.language]
    end = f"{organisation}\n{sender}\n" if organisation else f"{sender}\n"
    parts = [
        said["greeting"],
        said["mail_lead"].replace("{name}", guide.name),
        in_plain_text(guide).rstrip(),
        f"{said['tested']}: {guide.tested}",
        said["mail_answer"],
        end,
    ]
    return Letter(said["mail_subject"].replace("{name}", guide.name), "\n\n".join(parts))
