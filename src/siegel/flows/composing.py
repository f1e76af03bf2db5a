"""From what somebody wrote to one message (RFC 5322): plain text, files, the writer's wish.

Plain text is the way of this product: what is signed is what is read. Quoted-printable and CRLF
keep the text as it is on every way (RFC 8551 §3.1.2); no field of the form can begin a header
field of its own. Blind recipients are no part of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from siegel.base.address import EmailAddress
from siegel.base.buffers import Buffer, joined
from siegel.flows.drafts import Upload
from siegel.flows.site import Site
from siegel.mime import build
from siegel.mime.content_type import parse_content_type
from siegel.mime.transfer import encode_base64, encode_quoted_printable
from siegel.policy.wish import PROTECT_FIELD, Wish

MOST_REFERENCES = 40  # Message-IDs of one answer; older ones are left out (RFC 5322 §3.6.4)
_UNKNOWN_TYPE = "application/octet-stream"
_NEVER_ATTACHED = ("multipart/", "message/")  # as a file, so that no part of it is read as ours


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Somebody in From, To or Cc."""

    address: EmailAddress
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A message before it is one. ``references``: Message-IDs, the one it answers last."""

    sender: Named
    to: Sequence[Named]
    cc: Sequence[Named] = ()
    subject: str = ""
    text: str = ""
    references: Sequence[str] = ()
    files: Sequence[Upload] = ()
    wish: Wish = Wish.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    raw: bytes
    message_id: str


def compose(text: Text, site: Site, *, at: datetime) -> Composed:
    """A complete message with a Message-ID of our own domain."""
    message_id = f"<{site.rng(16).hex()}@{text.sender.address.domain}>"
    header = b"".join(_header(text, message_id, at))
    body = _text_part(text.text)
    if not text.files:
        return Composed(raw=joined([header, *body]), message_id=message_id)
    parts = [body, *map(_file_part, text.files)]
    boundary = build.boundary(site.rng)
    whole = build.multipart("mixed", parts, boundary=boundary)
    return Composed(raw=joined([header, *whole]), message_id=message_id)


def _header(text: Text, message_id: str, at: datetime) -> list[bytes]:
    fields = [
        _mailboxes("From", [text.sender]),
        *([_mailboxes("To", text.to)] if text.to else []),
        *([_mailboxes("Cc", text.cc)] if text.cc else []),
        build.field("Subject", text.subject),
        build.field("Date", format_datetime(at)),
        build.field("Message-ID", message_id),
    ]
    if not (text.to or text.cc):
        fields.append(build.field("To", "undisclosed-recipients:;"))
    if text.references:
        known = text.references[-MOST_REFERENCES:]
        fields.append(build.field("In-Reply-To", known[-1]))
        fields.append(build.field("References", " ".join(known)))
    if text.wish is not Wish.NONE:
        fields.append(build.field(PROTECT_FIELD, text.wish.value))
    return [*fields, build.field("MIME-Version", "1.0")]


def _mailboxes(name: str, people: Sequence[Named]) -> bytes:
    shown = b", ".join(map(_mailbox, people))
    return build.fold(name.encode("ascii") + b": " + shown)


def _mailbox(person: Named) -> bytes:
    """A name beside the address; an international address as RFC 6532 writes it."""
    address = f"<{person.address}>".encode()
    name = " ".join(person.name.split())
    return build.phrase(name) + b" " + address if name else address


def _text_part(text: str) -> list[Buffer]:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    octets = "\r\n".join([*lines, ""] if lines[-1] else lines).encode("utf-8", "replace")
    return [
        build.parameters("Content-Type", "text/plain", {"charset": "utf-8"}),
        build.field("Content-Transfer-Encoding", "quoted-printable"),
        b"\r\n",
        encode_quoted_printable(octets),
    ]


def _file_part(file: Upload) -> list[Buffer]:
    name = " ".join(file.name.split())
    return [
        build.parameters("Content-Type", media_type_of(file.media_type), {"name": name}),
        build.parameters("Content-Disposition", "attachment", {"filename": name}),
        build.field("Content-Transfer-Encoding", "base64"),
        b"\r\n",
        encode_base64(file.octets),
    ]


def media_type_of(given: str) -> str:
    """The type a browser said, if it is one; else what every program takes for a file."""
    found = parse_content_type(given).media if given else ""
    return found if found and not found.startswith(_NEVER_ATTACHED) else _UNKNOWN_TYPE
