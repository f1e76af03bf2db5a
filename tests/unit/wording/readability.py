"""The fourth Vienna readability formula (Bamberger and Vanecek 1984), for German texts.

``0.2656 · SL + 0.2744 · MS − 1.693``: SL is words per sentence, MS the per cent of words with three
or more syllables. The result is about the school year in which a text can be read.
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


def fourth_vienna_formula(text: str) -> float:
    words = words_of(text)
    sentences = len(_SENTENCE.findall(text)) or 1
    long_words = sum(syllables(word) >= 3 for word in words)
    return 0.2656 * len(words) / sentences + 0.2744 * 100 * long_words / len(words) - 1.693
