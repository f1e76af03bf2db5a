"""Numbers, sizes and moments as people read them in each language."""

from datetime import datetime

from siegel.wording.words import Language

MONTHS = {
    Language.DE: (
        "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September",
        "Oktober", "November", "Dezember",
    ),
    Language.EN: (
        "January", "February", "March", "April", "May", "June", "July", "August", "September",
        "October", "November", "December",
    ),
}  # fmt: skip
_UNITS = ("B", "KB", "MB", "GB", "TB")
_STEP = 1024


def grouped(number: int, language: Language) -> str:
    """1.234 in German, 1,234 in English."""
    text = f"{number:,}"
    return text.replace(",", ".") if language is Language.DE else text


def day_in_words(moment: datetime, language: Language) -> str:
    """4. Mai 2028, 4 May 2028."""
    dot = "." if language is Language.DE else ""
    return f"{moment.day}{dot} {MONTHS[language][moment.month - 1]} {moment.year}"


def moment_in_words(moment: datetime, language: Language) -> str:
    """4. Mai 2028, 14:05 (UTC)."""
    return f"{day_in_words(moment, language)}, {moment:%H:%M} (UTC)"


def size_in_words(octets: int, language: Language) -> str:
    """1,4 GB in German, 1.4 GB in English; steps of 1024."""
    size, unit = float(octets), 0
    while size >= _STEP and unit < len(_UNITS) - 1:
        size, unit = size / _STEP, unit + 1
    text = f"{size:.0f}" if size >= 10 or not unit else f"{size:.1f}"
    return f"{text.replace('.', ',') if language is Language.DE else text} {_UNITS[unit]}"
