"""What is delivered of an encrypted message: its payload, and from inside nothing else.

The outer header fields stay octet for octet; only fields that header protection (RFC 9788) covers
are taken from inside, by allow-list, and those that steer answers only from somebody whose
signature counts. Content that nobody vouches for loses every outward reference.
"""

from collections.abc import Callable, Iterator

from siegel.base import b64
from siegel.base.buffers import Buffer, joined
from siegel.flows.html import as_it_is_written, without_outward_references
from siegel.flows.site import Site
from siegel.mime.build import field as header_field
from siegel.mime.canonical import canonical, signable
from siegel.mime.message import CONTENT_TYPE, Field, Part, as_text
from siegel.mime.parse import parse_entity
from siegel.mime.words import decode_charset
from siegel.smime.layers import OpenedMessage

_DESCRIBING = frozenset({"subject", "keywords", "comments"})
_STEERING = frozenset({"date", "to", "cc", "reply-to", "in-reply-to", "references"})
MAX_HTML_PARTS = 20  # of one message, reducing one may take a second; mail has two or three
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
    payload = opened.payload
    if not authenticated:
        many = sum(map(_is_html, _leaves(payload))) > MAX_HTML_PARTS
        reduced = _rewritten(payload, as_it_is_written if many else without_outward_references)
        payload = parse_entity(reduced, limits=site.limits)
    entity = parse_entity(canonical(joined([payload.exact])), limits=site.limits)
    safe = parse_entity(signable(entity, rng=site.rng), limits=site.limits)
    header = b"".join(f.raw for f in safe.fields if f.lower.startswith("content-"))
    return [b"MIME-Version: 1.0\r\n", header, b"\r\n", safe.body]


def _made(name: str, value: str) -> Field:
    return Field(name=name, raw=header_field(name, value))


def _leaves(part: Part) -> Iterator[Part]:
    if not part.children:
        yield part
    for child in part.children:
        yield from _leaves(child)


def _rewritten(part: Part, reduce: Callable[[str], str]) -> bytes:
    """``part`` with every HTML leaf reduced; all other octets as they are."""
    if _is_html(part):
        return _reduced(part, reduce)
    pieces: list[Buffer] = []
    position = part.start
    for child in part.children:
        if child.buffer is not part.buffer:
            continue  # an attached message in a transfer encoding of its own: a document apart
        pieces += [memoryview(part.buffer)[position : child.start], _rewritten(child, reduce)]
        position = child.end
    pieces.append(memoryview(part.buffer)[position : part.end])
    return joined(pieces)


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
    return (
        b"Content-Type: text/html; charset=utf-8\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\n" + joined(b64.encode_lines([body]))
    )
