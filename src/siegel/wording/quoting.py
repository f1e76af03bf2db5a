"""The few words that go out with an answer: whom it quotes, and how its subject begins."""

from datetime import datetime

from siegel.wording.letters import in_words
from siegel.wording.words import Language

REPLY = {Language.DE: "AW:", Language.EN: "Re:"}
FORWARD = {Language.DE: "WG:", Language.EN: "Fwd:"}
FORWARDED = {
    Language.DE: "-------- Weitergeleitete Nachricht --------",
    Language.EN: "-------- Forwarded message --------",
}


def attribution(language: Language, name: str, at: datetime | None) -> str:
    """The line above a quote."""
    if at is None:
        return f"{name} schrieb:" if language is Language.DE else f"{name} wrote:"
    day = in_words(at, language)
    return f"Am {day} schrieb {name}:" if language is Language.DE else f"On {day}, {name} wrote:"


def is_attribution(line: str) -> bool:
    """Whether a line looks like the one above a quote, in either language."""
    text = line.strip()
    return text.endswith((" wrote:", " schrieb:")) or (
        text.startswith("Am ") and " schrieb " in text and text.endswith(":")
    )


def forwarded_header(
    language: Language, *, sender: str, to: str, subject: str, at: datetime | None
) -> str:
    """Who wrote what is forwarded, to whom and when."""
    day = in_words(at, language) if at is not None else ""
    if language is Language.DE:
        lines = (("Von", sender), ("An", to), ("Datum", day), ("Betreff", subject))
    else:
        lines = (("From", sender), ("To", to), ("Date", day), ("Subject", subject))
    said = [f"{name}: {value}" for name, value in lines if value]
    return "\n".join((FORWARDED[language], *said))
