"""Encoded words (RFC 2047 with RFC 2231 §5): from header text to what a person reads.

Only for showing: an encoded word never becomes part of an address or of anything decided upon.
"""

import binascii
import re
from itertools import groupby

from siegel.mime.transfer import decode_base64

_WORD = re.compile(r"=\?([^?*\s]+)(?:\*[^?\s]*)?\?([BbQq])\?([^?\s]*)\?=")
_RUN = re.compile(rf"{_WORD.pattern}(?:[ \t]+{_WORD.pattern})*")
_NO_CHARSETS = frozenset(
    {"idna", "punycode", "raw_unicode_escape", "undefined", "unicode_escape"}
)  # codecs of Python that are no charsets of mail
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
