"""New header fields and multiparts (RFC 5322 §2.2.3, RFC 2046 §5.1, RFC 2047, RFC 2231).

Only what Siegel writes itself goes through here; parts that exist are put in as the slices they
are. No refolding, no re-encoding of anything that came from outside.
"""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from siegel.base.buffers import Buffer, Random
from siegel.mime.words import encoded_words

WIDTH = 76  # RFC 2047 §2: lines with encoded words; RFC 5322 §2.1.1 asks for at most 78
_LONGEST_WORD = 900  # what must not become a line of more than 998, RFC 5322 §2.1.1
_NONE: Mapping[str, str] = MappingProxyType({})
_PIECE = re.compile(rb"[ \t]*[^ \t]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]*\Z")
_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`{|}~-]+\Z")
_NO_ATTRIBUTE = re.compile(rb"[^A-Za-z0-9!#$&+.^_`{|}~-]")  # RFC 2231 §7: attribute-char
_SEGMENT = 50  # characters of one parameter segment; with name and number it fits a line


def boundary(rng: Random = os.urandom) -> str:
    """A boundary that no base64 or quoted-printable body can contain (RFC 2045 §6.7: "=_")."""
    return f"=_{rng(16).hex()}"


def field(name: str, value: str) -> bytes:
    """A whole header field with its line end; ``value`` is unstructured text.

    Words above ASCII become encoded words; encoded words that are there stay. Control characters,
    line ends among them, become blanks: no value can begin a field of its own.
    """
    plain = _CONTROL.sub(" ", value).strip()
    return fold(f"{name}: ".encode("ascii") + _unstructured(plain, len(name) + 2))


def encode_word(text: str, *, used: int = 0) -> bytes:
    """``text`` as encoded words in UTF-8, split by blanks; ``used`` columns stand before it."""
    return " ".join(encoded_words(text, WIDTH, used)).encode("ascii")


def phrase(text: str) -> bytes:
    """A display name (RFC 5322 §3.2.5): as it is, quoted, or as encoded words."""
    plain = _CONTROL.sub(" ", text).strip()
    if not plain.isascii() or len(plain) > _LONGEST_WORD:
        return encode_word(plain)
    return plain.encode("ascii") if _ATOMS.match(plain) else _quoted(plain)


def fold(line: bytes) -> bytes:
    """``line`` (a field without line end) in lines of at most 76 characters where blanks allow it.

    Nothing but line ends before blanks is added; blanks at the end are dropped.
    """
    lines = [b""]
    for piece in _PIECE.findall(line):
        if lines[-1] and len(lines[-1]) + len(piece) > WIDTH:
            lines.append(piece)
        else:
            lines[-1] += piece
    return b"\r\n".join(lines) + b"\r\n"


def parameters(name: str, value: str, params: Mapping[str, str]) -> bytes:
    """A field such as Content-Type: ``value`` and its parameters, encoded as RFC 2231 where needed.

    Parameters stand on lines of their own where one line is too short, never broken inside.
    """
    lines = [f"{name}: {value}".encode("ascii")]
    for key, text in params.items():
        for item in _parameter(key, _CONTROL.sub(" ", text)):
            lines[-1] += b";"
            if len(lines[-1]) + 1 + len(item) < WIDTH:
                lines[-1] += b" " + item
            else:
                lines.append(b" " + item)
    return b"\r\n".join(lines) + b"\r\n"


def multipart(
    subtype: str,
    parts: Sequence[Sequence[Buffer]],
    *,
    boundary: str,
    params: Mapping[str, str] = _NONE,
    fields: bytes = b"",
) -> list[Buffer]:
    """An entity multipart/``subtype`` around the given entities, each a sequence of raw slices.

    Empty preamble and epilogue. ``params`` go before the boundary, ``fields`` (whole header
    fields) after Content-Type. ``boundary`` must not occur in the parts: see ``boundary()``.
    """
    content_type = parameters(
        "Content-Type", f"multipart/{subtype}", {**params, "boundary": boundary}
    )
    delimiter = f"--{boundary}".encode("ascii")
    chunks: list[Buffer] = [content_type + fields]
    for part in parts:
        chunks += [b"\r\n" + delimiter + b"\r\n", *part]
    chunks.append(b"\r\n" + delimiter + b"--\r\n")
    return chunks


def _unstructured(text: str, used: int) -> bytes:
    """Words that need it, and the blanks between such neighbours, as encoded words."""
    pieces: list[str] = []
    run: list[str] = []
    for word in text.split(" "):
        if word.isascii() and len(word) <= _LONGEST_WORD:
            pieces += [*_encoded(run, used), word]
            run, used = [], 0
        else:
            run.append(word)
    return " ".join(pieces + _encoded(run, used)).encode("ascii")


def _encoded(run: list[str], used: int) -> list[str]:
    return list(encoded_words(" ".join(run), WIDTH, used)) if run else []


def _parameter(name: str, text: str) -> Iterator[bytes]:
    if text.isascii() and len(text) <= _SEGMENT + 20:
        quoted = text.encode("ascii") if _TOKEN.match(text) else _quoted(text)
        yield name.encode("ascii") + b"=" + quoted
        return
    segments = list(_percent_encoded(text))
    for number, segment in enumerate(segments):
        section = f"*{number}" if len(segments) > 1 else ""
        charset = "" if number else "utf-8''"
        yield f"{name}{section}*={charset}{segment}".encode("ascii")


def _percent_encoded(text: str) -> Iterator[str]:
    segment = ""
    for character in text:
        octets = character.encode("utf-8", "replace")
        escaped = _NO_ATTRIBUTE.sub(lambda found: b"%%%02X" % ord(found[0]), octets).decode("ascii")
        if len(segment) + len(escaped) > _SEGMENT:
            yield segment
            segment = ""
        segment += escaped
    yield segment


def _quoted(text: str) -> bytes:
    return b'"' + re.sub(rb'(["\\])', rb"\\\1", text.encode("ascii")) + b'"'
