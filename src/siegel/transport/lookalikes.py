"""What a text looks like: the skeleton that two texts share when a person may confuse them.

After the idea of Unicode TS #39, reduced to what can imitate a short bracketed word: compatibility
forms, combining marks and invisible characters disappear, letters of other scripts that look Latin
become Latin. It compares marks of ours with a subject; it is no general detector of spoofing.
"""

import unicodedata
from functools import lru_cache

_SAME = {
    # letter of the skeleton: what looks like it after compatibility and case folding
    "a": "аαɑᴀ",
    "b": "вʙ",
    "c": "сϲᴄ",
    "d": "ԁɗᴅ",
    "e": "еєεᴇ",
    "f": "ғϝꜰ",
    "g": "ɡցɢ",
    "h": "һнհʜ",
    "i": "іιıɪӏl1|ǀјj",
    "k": "кκᴋ",
    "m": "мᴍ",
    "n": "пηոɴν",
    "o": "оοօσ0ᴏ",
    "p": "рρᴘ",
    "q": "ԛզ",
    "r": "гʀ",
    "s": "ѕꜱʂ",
    "t": "тτᴛ",
    "u": "υսᴜц",
    "v": "ѵᴠ",
    "w": "ԝшωᴡ",
    "x": "хχ",
    "y": "уүγʏ",
    "z": "ᴢʐ",
    "[": "【〔〖〘〚⟦⟨⁅❲⦗｢「『﹝",
    "]": "】〕〗〙〛⟧⟩⁆❳⦘｣」』﹞",
}
_SKELETON = {ord(like): letter for letter, likes in _SAME.items() for like in likes}
# Drawn as nothing, though Unicode calls some of them letters or symbols.
_INVISIBLE = frozenset("\u115f\u1160\u3164\uffa0\u2800\u034f\u180e\u17b4\u17b5")


def skeleton(text: str) -> str:
    """What is left for the eye, without blanks."""
    return "".join(map(skeleton_of, text))


@lru_cache(maxsize=4096)  # a subject of many thousand characters has few different ones
def skeleton_of(character: str) -> str:
    """The skeleton of one character: nothing, or one or several letters."""
    seen = unicodedata.normalize("NFKD", character).casefold()
    # Folding may compose or decompose once more (U+0130), so marks are taken out afterwards.
    seen = unicodedata.normalize("NFKD", seen)
    return "".join(c for c in seen if not _is_invisible(c)).translate(_SKELETON)


def _is_invisible(character: str) -> bool:
    kind = unicodedata.category(character)
    return kind[0] in "ZMC" or character in _INVISIBLE
