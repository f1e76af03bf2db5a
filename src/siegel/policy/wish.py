"""What the writer asked for in a mail program that knows nothing of us.

Three ways: the header field ``X-Siegel-Protect: encrypt`` or ``sign``, a word in the subject that
the organisation has chosen, or Outlook's ``Sensitivity: Company-Confidential``. A wish is a *must*
and is taken out before signing. Whether it can be fulfilled is not decided here.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from siegel.mime.fields import decode_words

PROTECT_FIELD = "X-Siegel-Protect"
SENSITIVITY_FIELD = "Sensitivity"  # RFC 4021 §2.1.55
CONFIDENTIAL = "company-confidential"


class Wish(StrEnum):
    """The least that the writer accepts; more protection is never against a wish."""

    NONE = "none"
    SIGN = "sign"
    ENCRYPT = "encrypt"


@dataclass(frozen=True, slots=True, kw_only=True)
class WishSeen:
    """The wish; header fields (lower case) to take out; the subject to write instead, if any."""

    wish: Wish
    taken_out: frozenset[str] = frozenset()
    subject: str | None = None


def wish_of_the_writer(fields: Iterable[tuple[str, str]], subject_word: str | None) -> WishSeen:
    """The strongest wish in these header fields (name, unfolded value).

    „Der Absender aktiviert die Verschlüsselung über die Zustelloptionen.“
    """
    wishes: set[Wish] = set()
    taken_out: set[str] = set()
    subject: str | None = None
    for name, value in fields:
        lower = name.lower()
        wish, rest = _read(lower, value, subject_word)
        wishes.add(wish)
        if rest is not None:
            subject = rest
        elif wish is not Wish.NONE:
            taken_out.add(lower)
    strongest = max(wishes, key=list(Wish).index, default=Wish.NONE)
    return WishSeen(wish=strongest, taken_out=frozenset(taken_out), subject=subject)


def _read(name: str, value: str, word: str | None) -> tuple[Wish, str | None]:
    if name == PROTECT_FIELD.lower():
        return _asked(value), None
    if name == SENSITIVITY_FIELD.lower() and value.strip().lower() == CONFIDENTIAL:
        return Wish.ENCRYPT, None
    if name == "subject" and word:
        rest = _without(word, decode_words(value))
        return (Wish.NONE, None) if rest is None else (Wish.ENCRYPT, rest)
    return Wish.NONE, None


def _asked(value: str) -> Wish:
    """A misspelt wish is read as the strongest: the mail is refused sooner than sent in clear."""
    return Wish.SIGN if value.strip().lower() == Wish.SIGN else Wish.ENCRYPT


def _without(word: str, subject: str) -> str | None:
    """The subject without the word, wherever it stands by itself; None if it does not."""
    pattern = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)", re.IGNORECASE)
    rest, found = pattern.subn(" ", subject)
    return " ".join(rest.split()) if found else None
