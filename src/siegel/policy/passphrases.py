"""How good a passphrase for an exported key has to be: whoever has the file can try for ever.

Length counts more than signs; what is repeated or begins like the best known ones does not count.
No list of words is asked, and nothing is sent anywhere.
"""

import unicodedata
from enum import StrEnum

from siegel.base.buffers import Random
from siegel.base.secret import Secret

SHORTEST = 12  # characters; with 600,000 rounds of PBKDF2 a thief needs years for random ones
LONG_ENOUGH = 20  # characters from which on several words of small letters are enough
LONGEST = 256  # characters; some programs cut what is longer
_DIFFERENT = 6  # characters that have to differ from each other
_KINDS = 3  # of small, capital, digit, other, below LONG_ENOUGH
_KNOWN = ("passwor", "kennwor", "geheim", "qwert", "12345", "abcde", "siegel")


class Weakness(StrEnum):
    """Why a passphrase is not taken."""

    EMPTY = "empty"
    SHORT = "short"
    LONG = "long"
    MONOTONOUS = "monotonous"
    WELL_KNOWN = "well_known"
    DIFFERS = "differs"


def weakness_of(passphrase: Secret, repeated: Secret) -> Weakness | None:
    """The first thing to mend; None = good enough."""
    text = _text(passphrase)
    if not text:
        return Weakness.EMPTY
    if text != _text(repeated):
        return Weakness.DIFFERS
    if len(text) < SHORTEST:
        return Weakness.SHORT
    if len(text) > LONGEST:
        return Weakness.LONG
    if any(text.casefold().startswith(word) for word in _KNOWN) and len(text) < LONG_ENOUGH:
        return Weakness.WELL_KNOWN
    return Weakness.MONOTONOUS if _is_monotonous(text) else None


def _is_monotonous(text: str) -> bool:
    if len(set(text)) < _DIFFERENT:
        return True
    return len(text) < LONG_ENOUGH and len({_kind(each) for each in text}) < _KINDS


def _kind(character: str) -> str:
    if character.isdigit():
        return "digit"
    if character.isalpha():
        return "capital" if character.isupper() else "small"
    return "other"


def _text(secret: Secret) -> str:
    return unicodedata.normalize("NFC", secret.reveal().decode("utf-8", "replace"))


ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # without signs that are taken for each other
_GROUPS, _GROUP = 5, 4  # 99 bits, in groups that can be read out on the telephone
_FAIR = 256 - 256 % len(ALPHABET)


def generated(rng: Random) -> Secret:
    """A new passphrase in ASCII, which every program takes; every one is equally likely."""
    signs: list[str] = []
    while len(signs) < _GROUPS * _GROUP:
        drawn = [octet for octet in rng(_GROUPS * _GROUP) if octet < _FAIR]
        signs += [ALPHABET[octet % len(ALPHABET)] for octet in drawn]
    groups = ("".join(signs[i * _GROUP : (i + 1) * _GROUP]) for i in range(_GROUPS))
    return Secret("-".join(groups))
