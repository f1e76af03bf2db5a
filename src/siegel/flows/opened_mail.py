"""What is delivered of an encrypted message: its payload, and from inside nothing else.

The outer header fields stay octet for octet; only fields that header protection (RFC 9788) covers
are taken from inside, by allow-list, and those that steer answers only from somebody whose
signature counts. Content that nobody vouches for loses every outward reference.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from siegel.base import b64
from siegel.base.buffers import Buffer, joined
from siegel.flows.html import as_it_is_written, without_outward_references
from siegel.flows.site import Site
from siegel.mime.build import field as header_field
from siegel.mime.canonical import canonical, is_canonical, signable
from siegel.mime.message import CONTENT_TRANSFER_ENCODING, CONTENT_TYPE, Field, Part, as_text
from siegel.mime.parse import parse_entity
from siegel.mime.words import decode_charset
from siegel.smime.layers import OpenedMessage

_DESCRIBING = frozenset({"subject", "keywords", "comments"})
_STEERING = frozenset({"date", "to", "cc", "reply-to", "in-reply-to", "references"})
GROWTH = 4  # times: binary parts are written in base64, HTML comes out longer than it was
MAX_HTML_PARTS = 20  # of one message, reducing one may take a second; mail has two or three
_NESTING = frozenset({"message/rfc822", "message/global", "message/external-body"})
_BASE64 = b"Content-Transfer-Encoding: base64\r\n"
_PLAIN_TEXT = b"Content-Type: text/plain; charset=utf-8\r\n" + _BASE64 + b"\r\n"
_REDUCED_HTML = b"Content-Type: text/html; charset=utf-8\r\n" + _BASE64 + b"\r\n"
_BARE_CR = re.compile(rb"\r(?!\n)")
_HTML = frozenset({"text/html", "application/xhtml+xml"})


def opened_fields(opened: OpenedMessage, *, authenticated: bool) -> tuple[Field, ...]:
    """The header fields outside, with the protected ones in their places."""
    allowed = _DESCRIBING | (_STEERING if authenticated else frozenset())
    inside = {n.lower(): (n, v) for n, v in opened.protected_fields if n.lower() in allowed}
    fields: list[Field] = []
    for outer in opened.message.fields:
        if outer.lower.startswith("content-") or outer.lower == "mime-version":
            continue
        name = outer.lower
        fields.append(_made(*inside.pop(name)) if name in inside else outer)
    return (*fields, *(_made(name, value) for name, value in inside.values()))


def opened_content(opened: OpenedMessage, site: Site, *, authenticated: bool) -> list[Buffer]:
    """``Content-*`` and body of the payload, in a form that every mail server leaves alone."""
    limits = replace(site.limits, message_size=GROWTH * site.limits.message_size)
    payload = parse_entity(_rewritten(opened.payload, _as_base64), limits=limits)
    if not authenticated:
        many = sum(map(_is_html, _leaves(payload))) > MAX_HTML_PARTS
        reduce = as_it_is_written if many else without_outward_references
        payload = parse_entity(_rewritten(payload, partial(_as_harmless, reduce)), limits=limits)
    entity = parse_entity(canonical(joined([payload.exact])), limits=limits)
    safe = parse_entity(signable(entity, rng=site.rng), limits=limits)
    header = b"".join(f.raw for f in safe.fields if f.lower.startswith("content-"))
    return [b"MIME-Version: 1.0\r\n", _sendable(header), b"\r\n", _sendable(safe.body)]


def _made(name: str, value: str) -> Field:
    return Field(name=name, raw=header_field(name, value))


def _leaves(part: Part) -> Iterator[Part]:
    if not part.children:
        yield part
    for child in part.children:
        yield from _leaves(child)


def _rewritten(part: Part, change: Callable[[Part], bytes | None]) -> bytes:
    """``part`` with what ``change`` makes of some parts; all other octets as they are."""
    changed = change(part)
    if changed is not None:
        return changed
    pieces: list[Buffer] = []
    position = part.start
    for child in part.children:
        if child.buffer is not part.buffer:
            continue  # an attached message in a transfer encoding of its own: a document apart
        pieces += [memoryview(part.buffer)[position : child.start], _rewritten(child, change)]
        position = child.end
    pieces.append(memoryview(part.buffer)[position : part.end])
    return joined(pieces)


def _as_base64(part: Part) -> bytes | None:
    """Inside encryption a leaf may be binary (RFC 8551 §3.1.3); its octets are no lines."""
    is_leaf = not part.children and not part.is_multipart
    if not is_leaf or part.transfer_encoding != "binary" or is_canonical(part.body):
        return None
    fields = [f.raw for f in part.fields if f.lower != CONTENT_TRANSFER_ENCODING]
    return joined([*fields, _BASE64, b"\r\n", *b64.encode_lines([part.body])])


def _sendable(text: Buffer) -> Buffer:
    """Parts that others sealed stay as they are, but SMTP carries no bare CR or LF (RFC 5321
    §2.3.8), and what cannot be said at all would come back to its sender days later."""
    if is_canonical(text):
        return text
    return canonical(_BARE_CR.sub(b" ", bytes(text)))


def _as_harmless(reduce: Callable[[str], str], part: Part) -> bytes | None:
    """HTML reduced; what we cannot look into, but some program might, as text."""
    if _is_html(part):
        return _reduced(part, reduce)
    if not part.header and part.start:
        return b"\r\n" + bytes(part.body)  # its first lines are text for everybody
    if part.children or not (part.is_multipart or part.media in _NESTING):
        return None
    return joined([_PLAIN_TEXT, *b64.encode_lines([part.body])])


def _is_html(part: Part) -> bool:
    """Also what some program may take for HTML: a broken type, or the second of two."""
    if part.content_type.media in _HTML:
        return True
    doubtful = part.ambiguous or not part.children
    return doubtful and any(b"html" in f.raw.lower() for f in part.get_all(CONTENT_TYPE))


def _reduced(part: Part, reduce: Callable[[str], str]) -> bytes:
    charset = part.content_type.params.get("charset", "utf-8")
    octets = part.decoded()
    text = decode_charset(octets, charset) or as_text(octets)
    body = reduce(text).encode("utf-8")
    return joined([_REDUCED_HTML, *b64.encode_lines([body])])
