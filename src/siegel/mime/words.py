"""Encoded words (RFC 2047 with RFC 2231 §5): from header text to what a person reads.

Only for showing: an encoded word never becomes part of an address or of anything decided upon.
"""

import binascii
import re
from collections.abc import Iterator
from itertools import groupby

from siegel.mime.transfer import decode_base64

_WORD = re.compile(r"=\?([^?*\s]+)(?:\*[^?\s]*)?\?([BbQq])\?([^?\s]*)\?=")
_RUN = re.compile(rf"{_WORD.pattern}(?:[ \t]+{_WORD.pattern})*")
_NO_CHARSETS = frozenset(
    {"idna", "punycode", "raw_unicode_escape", "undefined", "unicode_escape"}
)  # codecs of Python that are no charsets of mail
_LONGEST = 75  # characters of one encoded word, RFC 2047 §2
_SHORTEST = 24  # holds one character of four octets in either encoding
_NOT_Q = re.compile(rb"[^A-Za-z0-9!*+/ -]")  # RFC 2047 §5 (3), the set for phrases
_CONTROL = dict.fromkeys((*range(0x20), 0x7F, 0x85, 0x2028, 0x2029), " ")


def decode_words(text: str) -> str:
    """``text`` with all encoded words decoded and every control character made a blank.

    Blanks between two encoded words vanish (RFC 2047 §6.2). Neighbours of one charset are decoded
    together, because some senders split a character between two words. A word of an unknown
    charset stays as it is.
    """
    return _RUN.sub(_decoded_run, text).translate(_CONTROL)


def decode_charset(raw: bytes, charset: str) -> str | None:
    """``raw`` in ``charset`` with replacement characters; None if there is no such charset."""
    if charset.lower().replace("-", "_") in _NO_CHARSETS:
        return None
    try:
        text = raw.decode(charset, "replace")
    except (LookupError, ValueError):
        return None
    return text.encode("utf-8", "replace").decode("utf-8")


def _decoded_run(run: re.Match[str]) -> str:
    words = _WORD.finditer(run[0])
    return "".join(_decoded(list(same)) for _, same in groupby(words, lambda word: word[1].lower()))


def _decoded(words: list[re.Match[str]]) -> str:
    text = decode_charset(b"".join(_octets(word[2], word[3]) for word in words), words[0][1])
    return " ".join(word[0] for word in words) if text is None else text


def _octets(encoding: str, payload: str) -> bytes:
    raw = payload.encode("utf-8", "replace")
    return decode_base64(raw) if encoding in "Bb" else binascii.a2b_qp(raw, header=True)


def encoded_words(text: str, width: int, used: int = 0) -> Iterator[str]:
    """``text`` as encoded words in UTF-8, none longer than 75 characters (RFC 2047 §2).

    The first leaves room for ``used`` columns before it on a line of ``width``. No character is
    split between two words (RFC 2047 §5 (3)).
    """
    encode = min((_q_encoded, _b_encoded), key=lambda kind: len(kind(text)))
    room = max(width - used, _SHORTEST)
    word = ""
    for character in text:
        if word and len(encode(word + character)) > min(room, _LONGEST):
            yield encode(word)
            word, room = "", width - 1
        word += character
    yield encode(word)


def _q_encoded(text: str) -> str:
    octets = _NOT_Q.sub(lambda found: b"=%02X" % ord(found[0]), text.encode("utf-8", "replace"))
    return f"=?utf-8?q?{octets.replace(b' ', b'_').decode('ascii')}?="


def _b_encoded(text: str) -> str:
    octets = binascii.b2a_base64(text.encode("utf-8", "replace"), newline=False)
    return f"=?utf-8?b?{octets.decode('ascii')}?="
