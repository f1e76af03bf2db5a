"""The first and fourth Vienna readability formulas (Bamberger and Vanecek 1984), for German texts.

First: ``0.1935 · MS + 0.1672 · SL + 0.1297 · IW − 0.0327 · ES − 0.875``; fourth:
``0.2656 · SL + 0.2744 · MS − 1.693``. SL is words per sentence; of the words, MS is the per cent
with three or more syllables, IW with more than six letters, ES with one syllable. The result is
about the school year in which a text can be read.
"""

import re

_WORD = re.compile(r"[A-Za-zÄÖÜäöüß]+")
_SENTENCE = re.compile(r"[.!?]+(?:\s|$)")
# one sound each; y counts as a vowel, and so does every vowel that begins a new syllable
_VOWELS = re.compile(r"eie|aue|eue|äue|ie|ei|ai|au|eu|äu|ey|ay|aa|ee|oo|[aeiouyäöü]", re.IGNORECASE)
_TWO_SOUNDS = {"eie": 2, "aue": 2, "eue": 2, "äue": 2}


def words_of(text: str) -> list[str]:
    return _WORD.findall(text)


def syllables(word: str) -> int:
    sounds = [found.group().lower() for found in _VOWELS.finditer(word)]
    return max(1, sum(_TWO_SOUNDS.get(sound, 1) for sound in sounds))


def first_vienna_formula(text: str) -> float:
    words = words_of(text)

    def per_cent(counted: int) -> float:
        return 100 * counted / len(words)

    return (
        0.1935 * per_cent(sum(syllables(word) >= 3 for word in words))
        + 0.1672 * len(words) / (len(_SENTENCE.findall(text)) or 1)
        + 0.1297 * per_cent(sum(len(word) > 6 for word in words))
        - 0.0327 * per_cent(sum(syllables(word) == 1 for word in words))
        - 0.875
    )


def fourth_vienna_formula(text: str) -> float:
    words = words_of(text)
    sentences = len(_SENTENCE.findall(text)) or 1
    long_words = sum(syllables(word) >= 3 for word in words)
    return 0.2656 * len(words) / sentences + 0.2744 * 100 * long_words / len(words) - 1.693
