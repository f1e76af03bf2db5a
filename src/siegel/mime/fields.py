"""What header fields of a message say: addresses, the From of a message, its Message-ID.

Reading is strict where something is decided upon (addresses) and generous where something is only
shown (``decode_words``, display names).
"""

import re

from siegel.base.address import EmailAddress
from siegel.mime.content_type import ContentType, parse_content_type
from siegel.mime.mailboxes import Mailbox, parse_mailboxes, shows_another_address
from siegel.mime.message import Field, Message, Part
from siegel.mime.words import decode_words

__all__ = [
    "ContentType",
    "Mailbox",
    "addresses",
    "decode_words",
    "from_addresses",
    "message_id",
    "parse_content_type",
    "shows_another_address",
]

_MESSAGE_ID = re.compile(r"<[^<>\s]+>")
_HIDDEN_FROM = re.compile(rb"\r[ \t]*from[ \t]*:", re.IGNORECASE)
_ALMOST_FROM = re.compile(rb"[^!-~]*from", re.IGNORECASE)


def addresses(entity: Part | Message, name: str) -> tuple[Mailbox, ...]:
    """All entries of all fields called ``name``, in order."""
    found: list[Mailbox] = []
    for field in entity.get_all(name):
        found += _mailboxes(field)
    return tuple(found)


def from_addresses(message: Message | Part) -> tuple[EmailAddress, ...]:
    """All addresses of all From fields; () if any of them is in doubt or there is none.

    In doubt is also a header in which another program may see one From more: hidden behind a bare
    CR, or in a line that is no field, but begins like it.
    """
    mailboxes = addresses(message, "from")
    found = tuple(mailbox.address for mailbox in mailboxes if mailbox.address is not None)
    doubtful = len(found) < len(mailboxes) or _may_hide_from(message.fields)
    return () if doubtful else found


def message_id(message: Message | Part) -> str | None:
    """The Message-ID with its angle brackets; None if there is none."""
    field = message.get("message-id")
    found = _MESSAGE_ID.search(field.value) if field else None
    return found[0] if found else None


def _mailboxes(field: Field) -> tuple[Mailbox, ...]:
    """An empty field is one entry without an address, so that it is never overlooked."""
    return parse_mailboxes(field.value, only_ascii=not _is_utf8(field.raw)) or (
        Mailbox("", None, ""),
    )


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _may_hide_from(fields: tuple[Field, ...]) -> bool:
    first_line_is_mbox = bool(fields) and fields[0].raw.startswith(b"From ")
    broken = fields[first_line_is_mbox:]
    return any(
        _HIDDEN_FROM.search(field.raw) or (not field.name and _ALMOST_FROM.match(field.raw))
        for field in broken
    )
