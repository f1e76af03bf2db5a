"""Header sections that every mail server passes on unchanged: 7-bit, short lines, no loose blanks.

A field that is fine stays byte-exact. The others are written anew with the same meaning: encoded
words (RFC 2047) for text and display names, RFC 2231 for parameters. What cannot be said in ASCII
– an address with a local part above ASCII, an identifier – is ``Unsayable``.
"""

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from siegel.base.errors import MalformedMessage
from siegel.mime import build
from siegel.mime.content_type import parse_content_type, without_comments
from siegel.mime.lines import LONGEST, is_mail_safe, without_trailing_blanks
from siegel.mime.mailboxes import Mailbox, parse_mailboxes
from siegel.mime.message import (
    CONTENT_DISPOSITION,
    CONTENT_TRANSFER_ENCODING,
    CONTENT_TYPE,
    Field,
    transfer_encoding,
)

_ADDRESS_FIELDS = frozenset(
    prefix + name
    for prefix in ("", "resent-")
    for name in ("from", "sender", "to", "cc", "bcc", "reply-to")
) | {"disposition-notification-to", "return-path"}
_IDENTIFIERS = frozenset(
    {"message-id", "in-reply-to", "references", "resent-message-id", "content-id"}
)
_PARAMETERS = frozenset({CONTENT_TYPE, CONTENT_DISPOSITION})
_UNKNOWN_DISPOSITION = "attachment"  # RFC 2183 §2.8; also where none is named
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]+")
_UNWRITABLE = re.compile(r"[^!-~]+")
_NONE: Mapping[str, bytes] = MappingProxyType({})


class Unsayable(MalformedMessage):
    """A field cannot be said in ASCII; never leaves this package."""


def ascii_fields(
    fields: Iterable[Field], *, replacing: Mapping[str, bytes] = _NONE, exact: bool = False
) -> bytes:
    """The fields, each unchanged if it is safe.

    ``replacing`` (lower-case name → whole field) takes the place of the first field of that name,
    drops its repetitions, and is appended when there is none. ``exact``: what cannot be said in
    ASCII stays as it is instead of raising ``Unsayable``.
    """
    left = dict(replacing)
    written: list[bytes] = []
    for field in fields:
        if field.lower in left:
            written.append(left.pop(field.lower))
        elif field.lower not in replacing:
            written.append(_safe_or_exact(field, exact))
    return b"".join([*written, *left.values()])


def _safe_or_exact(field: Field, exact: bool) -> bytes:
    try:
        return _safe(field)
    except Unsayable:
        if exact:
            return field.raw
        raise


def _safe(field: Field) -> bytes:
    if is_mail_safe(field.raw) and field.raw.endswith(b"\n"):
        return field.raw
    clean = _without_blank_lines(field)
    if is_mail_safe(clean):
        return clean
    if not 0 < len(field.name) <= build.WIDTH:
        return b""  # a broken line, and nothing that has a meaning in another form
    return _written_anew(field)


def _without_blank_lines(field: Field) -> bytes:
    """The field as it was folded, without the blanks that servers take away."""
    lines = without_trailing_blanks(field.raw).split(b"\r\n")
    if field.name:
        lines[0] = field.name.encode("ascii") + b":" + lines[0].partition(b":")[2]
    return b"".join(line + b"\r\n" for line in lines if line)


def _written_anew(field: Field) -> bytes:
    name, value = field.name, field.value
    if field.lower in _PARAMETERS:
        return _with_parameters(field)
    if field.lower == CONTENT_TRANSFER_ENCODING:
        return build.field(name, transfer_encoding((field,)))
    if field.lower in _ADDRESS_FIELDS:
        return build.fold(f"{name}: ".encode("ascii") + _mailbox_list(value))
    if field.lower in _IDENTIFIERS:
        return _folded_ascii(name, value)
    return build.field(name, value)


def _with_parameters(field: Field) -> bytes:
    parsed = parse_content_type(field.value)
    if field.lower == CONTENT_TYPE:
        return build.parameters(field.name, parsed.media, parsed.params)
    first = _UNWRITABLE.sub("", without_comments(field.value).partition(";")[0])
    fits = 0 < len(first) <= build.WIDTH
    return build.parameters(field.name, first if fits else _UNKNOWN_DISPOSITION, parsed.params)


def _mailbox_list(value: str) -> bytes:
    return b", ".join(_mailbox(mailbox) for mailbox in parse_mailboxes(value))


def _mailbox(mailbox: Mailbox) -> bytes:
    if mailbox.address is None or not mailbox.address.spelling.isascii():
        raise Unsayable("address")
    spelling = mailbox.address.spelling.encode("ascii")
    return build.phrase(mailbox.display) + b" <" + spelling + b">" if mailbox.display else spelling


def _folded_ascii(name: str, value: str) -> bytes:
    if not value.isascii():
        raise Unsayable(name)
    folded = build.fold(f"{name}: {_CONTROL.sub('', value)}".encode("ascii"))
    if max(map(len, folded.split(b"\r\n"))) > LONGEST:
        raise Unsayable(name)
    return folded
