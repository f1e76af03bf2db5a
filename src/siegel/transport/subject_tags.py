"""Subject tags: ours put in front of a subject, anything that looks like one taken out.

Tags are whole words in brackets such as ``[entschlüsselt]``; the words come from the caller.
A subject without anything that looks like a tag keeps every octet (RFC 2047 words included).
"""

import base64
import binascii
import codecs
import quopri
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate

from siegel.transport.header_fields import name_of, value_of
from siegel.transport.lookalikes import skeleton, skeleton_of

MAX_ROUNDS = 50  # a tag may appear when another one is taken out; nobody nests deeper in earnest

_WORD = re.compile(r"=\?([^?\s*]*)(?:\*[^?\s]*)?\?([bBqQ])\?([^?]*)\?=")
_BETWEEN_WORDS = re.compile(r"(\?=)\s+(?==\?[^?\s]*\?[bBqQ]\?)")
# Python's codecs that are no charsets of mail.
_NO_CHARSETS = frozenset(
    {
        "unicode_escape",
        "raw_unicode_escape",
        "unicode-escape",
        "raw-unicode-escape",
        "idna",
        "punycode",
        "undefined",
    }
)
_LINE_ROOM = 45  # octets of UTF-8 in one encoded word: at most 75 characters (RFC 2047 §2)


def without_tags(field: bytes, tags: Sequence[str]) -> bytes:
    """The Subject field without anything that a reader could take for one of the tags."""
    subject = decoded(value_of(field))
    shorter = _without(subject, [skeleton(tag) for tag in tags if skeleton(tag)])
    if shorter == subject:
        return field
    name = field.partition(b":")[0]
    return name + b": " + encoded(" ".join(shorter.split())) + b"\r\n"


def with_tag(fields: Sequence[bytes], tag: str) -> tuple[bytes, ...]:
    """The header with the tag in front of its subject; the octets of the subject stay."""
    if not any(name_of(field) == "subject" for field in fields):
        return (b"Subject: " + encoded(tag) + b"\r\n", *fields)
    return tuple(_tagged(field, tag) if name_of(field) == "subject" else field for field in fields)


def decoded(value: str) -> str:
    """Encoded words as a generous reader decodes them, also where RFC 2047 forbids them."""
    return _WORD.sub(_decoded_word, _BETWEEN_WORDS.sub(r"\1", value))


def encoded(text: str) -> bytes:
    """Text as a header value: as it is, or as encoded words, one a line."""
    if text.isascii() and text.isprintable() and "=?" not in text and len(text) < 900:
        return text.encode("ascii")
    return b"\r\n ".join(b"=?utf-8?B?" + base64.b64encode(piece) + b"?=" for piece in _pieces(text))


def _without(subject: str, tags: Sequence[str]) -> str:
    """Search in the skeleton, cut in the subject."""
    shapes = [skeleton_of(character) for character in subject]
    for _ in range(MAX_ROUNDS):
        found = _place(shapes, tags)
        if found is None:
            return subject
        subject = subject[: found.start] + subject[found.stop :]
        del shapes[found.start : found.stop]
    # Whoever nests tags so deeply wants to deceive: nothing in brackets stays.
    return re.sub(r"[^\w\s]", "", subject)


def _place(shapes: Sequence[str], tags: Sequence[str]) -> slice | None:
    """The characters that make up the first tag found."""
    seen = "".join(shapes)
    for tag in tags:
        at = seen.find(tag)
        if at >= 0:
            ends = list(accumulate(map(len, shapes)))
            return slice(bisect_right(ends, at), bisect_left(ends, at + len(tag)) + 1)
    return None


def _tagged(field: bytes, tag: str) -> bytes:
    name, _, value = field.partition(b":")
    mark = encoded(tag)
    # Blanks between two encoded words are not shown (RFC 2047 §6.2): the blank goes inside.
    if mark.startswith(b"=?") and value.lstrip().startswith(b"=?"):
        mark = encoded(tag + " ")
    gap = b"" if value.startswith((b" ", b"\t", b"\r", b"\n")) else b" "
    fold = b"\r\n" if _is_long(value, mark) and value.startswith((b" ", b"\t")) else b""
    return name + b": " + mark + fold + gap + value


def _is_long(value: bytes, mark: bytes) -> bool:
    first = value.partition(b"\r\n")[0]
    return bool(first.strip()) and len(b"Subject: ") + len(mark) + len(first) > 78


def _decoded_word(found: "re.Match[str]") -> str:
    charset, encoding, text = found.groups()
    try:
        if codecs.lookup(charset).name in _NO_CHARSETS:
            return found[0]
        octets = _octets(encoding.lower(), text.encode("utf-8"))
        return octets.decode(charset, "replace")
    except (LookupError, ValueError, binascii.Error):
        return found[0]


def _octets(encoding: str, text: bytes) -> bytes:
    if encoding == "q":
        return quopri.decodestring(text, header=True)
    return base64.b64decode(text + b"=" * (-len(text) % 4))


def _pieces(text: str) -> Iterator[bytes]:
    """UTF-8 in pieces of whole characters (RFC 2047 §5)."""
    piece = b""
    for octets in (character.encode("utf-8", "replace") for character in text):
        if len(piece) + len(octets) > _LINE_ROOM:
            yield piece
            piece = b""
        piece += octets
    yield piece
