"""The form in which an entity can be signed (RFC 8551 §3.1): canonical and safe on every way.

A signature lives as long as nobody changes a byte. Servers on the way change 8-bit leaves, blanks
at line ends, lines that begin with "From ", bare line feeds and long lines; so these are encoded
away before signing. What is safe already is not touched.
"""

import os
from collections.abc import Sequence

from siegel.base.buffers import Buffer, Random
from siegel.mime import build, transfer
from siegel.mime.ascii_header import Unsayable, ascii_fields
from siegel.mime.lines import canonical, is_canonical, is_mail_safe, without_trailing_blanks
from siegel.mime.message import CONTENT_TRANSFER_ENCODING, CONTENT_TYPE, Part
from siegel.mime.parse import parse_entity

__all__ = ["canonical", "is_canonical", "is_mail_safe", "is_signable", "signable"]

_SEALED = frozenset(
    {
        "multipart/signed",
        "multipart/encrypted",
        "application/pkcs7-mime",
        "application/x-pkcs7-mime",
        "application/pkcs7-signature",
        "application/x-pkcs7-signature",
        "message/partial",
    }
)
_WIDE = frozenset({"8bit", "binary"})
_IDENTITY = _WIDE | {"7bit"}
_READABLE_SIZE = 1024 * 1024  # octets; a larger text is no longer read in its encoded form
_PRINTABLE = bytes((9, 10, 13, *range(32, 61), *range(62, 127)))


def signable(entity: Part, *, rng: Random = os.urandom) -> bytes:
    """``entity`` as it can be signed; its own bytes when nothing needs to change.

    Every leaf becomes 7-bit-safe with its content unchanged (text: with canonical line ends);
    multiparts and embedded messages are 7bit around them, structure and safe header fields stay
    byte-exact. Preambles and epilogues that are not safe are dropped: they say nothing (RFC 2046
    §5.1.1). An embedded message whose header needs UTF-8 becomes message/global in base64.

    Parts that are signed or encrypted already (multipart/signed, pkcs7, OpenPGP) and
    message/partial are never changed, safe or not; nor is a field of the entity's own header that
    cannot be said in ASCII, as an address with an umlaut.
    """
    if _is_fine(entity):
        return _exact(entity)
    return _rewritten(entity, rng, exact=True)


def is_signable(part: Part, entity: Sequence[Buffer]) -> bool:
    """Whether ``signable`` would keep the octets of ``entity``, and they are canonical.

    ``entity`` comes in pieces that end with a line end (but the last); its structure is that of
    ``part``, which may have more header fields, as the message it is the content of.
    """
    if _is_sealed(part):
        return all(map(is_canonical, entity))
    return not _declares_wide(part) and all(map(is_mail_safe, entity))


def _is_fine(part: Part) -> bool:
    return _is_sealed(part) or (not _declares_wide(part) and is_mail_safe(part.exact))


def _is_sealed(part: Part) -> bool:
    return part.media in _SEALED


def _declares_wide(part: Part) -> bool:
    """A server without 8BITMIME encodes what says 8bit, even if it is not (RFC 6152 §3)."""
    if _is_sealed(part):
        return False
    return part.transfer_encoding in _WIDE or any(map(_declares_wide, part.children))


def _exact(part: Part) -> bytes:
    whole = isinstance(part.buffer, bytes) and len(part.exact) == len(part.buffer)
    return part.buffer if whole and isinstance(part.buffer, bytes) else bytes(part.exact)


def _signable(part: Part, rng: Random, *, exact: bool = True) -> bytes:
    return _exact(part) if _is_fine(part) else _rewritten(part, rng, exact=exact)


def _rewritten(part: Part, rng: Random, *, exact: bool) -> bytes:
    if part.is_multipart:
        return _multipart(part, rng, exact=exact)
    if part.children:
        return _embedding(part, rng, exact=exact)
    return _leaf(part, exact=exact)


def _multipart(part: Part, rng: Random, *, exact: bool) -> bytes:
    if not part.children:
        return _without_parts(part, rng, exact=exact)
    opening = _between(part, part.body_start + len(part.preamble), part.children[0].start)
    keep = is_mail_safe(part.preamble)
    chunks = [bytes(part.preamble), opening] if keep else [opening.lstrip(b"\r\n")]
    starts = [child.start for child in part.children[1:]] + [part.end - len(part.epilogue)]
    for child, after in zip(part.children, starts, strict=True):
        chunks += [_signable(child, rng), _between(part, child.end, after)]
    chunks.append(bytes(part.epilogue) if is_mail_safe(part.epilogue) else b"")
    return _around(part, b"".join(chunks), exact=exact)


def _without_parts(part: Part, rng: Random, *, exact: bool) -> bytes:
    """A multipart that nobody can split: its text becomes its one part."""
    if is_mail_safe(part.body):
        return _around(part, bytes(part.body), exact=exact)
    boundary = build.boundary(rng)
    params = {**part.content_type.params, "boundary": boundary}
    encoding, text = _encoded(bytes(canonical(part.body)), readable=True)
    inner = [_encoding_field(encoding), b"\r\n", text]
    header, *body = build.multipart(part.content_type.subtype, [inner], boundary=boundary)
    del header
    replacing = {
        CONTENT_TYPE: build.parameters("Content-Type", part.media, params),
        CONTENT_TRANSFER_ENCODING: _encoding_field("7bit"),
    }
    return b"".join([ascii_fields(part.fields, replacing=replacing, exact=exact), *body])


def _embedding(part: Part, rng: Random, *, exact: bool) -> bytes:
    try:
        return _around(part, _signable(part.children[0], rng, exact=False), exact=exact)
    except Unsayable:
        return _as_global(part)


def _as_global(part: Part) -> bytes:
    """RFC 6532 §3.7: a message with UTF-8 in its header, which may be encoded as a whole."""
    replacing = {
        CONTENT_TYPE: build.parameters("Content-Type", "message/global", part.content_type.params),
        CONTENT_TRANSFER_ENCODING: _encoding_field("base64"),
    }
    header = ascii_fields(part.fields, replacing=replacing, exact=True)
    return header + b"\r\n" + transfer.encode_base64(bytes(part.body))


def _leaf(part: Part, *, exact: bool) -> bytes:
    encoding = part.transfer_encoding
    if is_mail_safe(part.body):
        encoding = "7bit" if encoding in _WIDE else encoding
        return _header(part, encoding, exact=exact) + bytes(part.body)
    if encoding.startswith("x-"):
        return _header(part, encoding, exact=exact) + bytes(canonical(part.body))
    if part.content_type.type == "message" and encoding in _IDENTITY:
        return _around(part, _groups_of_fields(bytes(canonical(part.body))), exact=exact)
    content = transfer.decode(part.body, encoding)
    readable = _is_lines(part, content)
    encoding, body = _encoded(bytes(canonical(content)) if readable else content, readable=readable)
    return _header(part, encoding, exact=exact) + body


def _is_lines(part: Part, content: bytes) -> bool:
    """Whether line ends are line ends, and not two octets like any others."""
    return (
        part.content_type.type == "text"
        and part.transfer_encoding != "base64"
        and b"\0" not in content
        and not part.content_type.params.get("charset", "").lower().startswith(("utf-16", "utf-32"))
    )


def _encoded(content: bytes, *, readable: bool) -> tuple[str, bytes]:
    """(encoding, body): quoted-printable for text of which few octets are escaped."""
    escapes = len(content.translate(None, _PRINTABLE))
    if readable and len(content) <= _READABLE_SIZE and escapes * 6 <= len(content):
        return "quoted-printable", transfer.encode_quoted_printable(content)
    return "base64", transfer.encode_base64(content)


def _groups_of_fields(body: bytes) -> bytes:
    """message/delivery-status and its like (RFC 3464 §2.1, RFC 8098 §3.1), never encoded."""
    return b"\r\n\r\n".join(_group(group) for group in body.split(b"\r\n\r\n"))


def _group(raw: bytes) -> bytes:
    fields = parse_entity(raw + b"\r\n\r\n").fields
    if not fields:
        return without_trailing_blanks(raw)
    written = ascii_fields(fields, exact=True)
    return written if raw.endswith(b"\r\n") else written.removesuffix(b"\r\n")


def _between(part: Part, start: int, stop: int) -> bytes:
    """A delimiter line with the line ends around it."""
    delimiter = bytes(memoryview(part.buffer)[start:stop])
    return delimiter if is_mail_safe(delimiter) else without_trailing_blanks(delimiter)


def _around(part: Part, body: bytes, *, exact: bool) -> bytes:
    """A composite has no encoding of its own (RFC 2045 §6.4): 8bit only if a sealed part is."""
    return _header(part, "7bit" if body.isascii() else "8bit", exact=exact) + body


def _header(part: Part, encoding: str, *, exact: bool) -> bytes:
    replacing = {}
    if encoding != part.transfer_encoding:
        replacing[CONTENT_TRANSFER_ENCODING] = _encoding_field(encoding)
    fields = ascii_fields(part.fields, replacing=replacing, exact=exact)
    had_blank_line = len(part.header) > sum(len(field.raw) for field in part.fields)
    separated = had_blank_line or (fields and len(part.body))
    return fields + b"\r\n" if separated else fields


def _encoding_field(encoding: str) -> bytes:
    return f"Content-Transfer-Encoding: {encoding}\r\n".encode("ascii")
