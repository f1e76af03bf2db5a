"""One text for many: ``{{Vorname}}`` becomes what stands in that column for the recipient.

Pure. ``{{Vorname|Guten Tag}}`` says what to write where the column is empty. Values are text,
never a template: what they contain is not looked into again.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from email.utils import format_datetime

from siegel.base.address import EmailAddress
from siegel.mime.build import field, phrase
from siegel.mime.transfer import encode_quoted_printable
from siegel.policy.bulk import MARKER_FIELD
from siegel.transport.header_fields import to_value

_FIELD = re.compile(r"\{\{\s*([^{}|\r\n]{1,60}?)\s*(?:\|([^{}\r\n]{0,200}))?\}\}")


def fields_of(*texts: str) -> tuple[str, ...]:
    """The names of all fields, each once."""
    found = (match[1] for text in texts for match in _FIELD.finditer(text))
    return tuple(dict.fromkeys(found))


def unknown_fields(names: tuple[str, ...], known: tuple[str, ...]) -> tuple[str, ...]:
    """Those that no column has; upper and lower case do not matter."""
    columns = {each.casefold() for each in known}
    return tuple(name for name in names if name.casefold() not in columns)


def merged(text: str, values: Mapping[str, str]) -> str:
    """``values`` by folded name."""

    def value(match: re.Match[str]) -> str:
        return values.get(match[1].casefold(), "") or (match[2] or "")

    return _FIELD.sub(value, text)


def missing(text: str, values: Mapping[str, str]) -> tuple[str, ...]:
    """Fields that are empty for this recipient, and for which the text has nothing else."""
    found = _FIELD.finditer(text)
    empty = (m[1] for m in found if not (values.get(m[1].casefold(), "") or m[2]))
    return tuple(dict.fromkeys(empty))


def message(
    *,
    sender: EmailAddress,
    name: str,
    to: EmailAddress,
    subject: str,
    text: str,
    message_id: str,
    unsubscribe: str,
    at: datetime,
) -> bytes:
    """The message for one recipient, marked as bulk mail. The same facts give the same octets."""
    display = phrase(name).decode("ascii") if name else ""
    lines = "\r\n".join([*text.splitlines(), ""])
    header = [
        field("From", f"{display} <{sender}>" if display else to_value(str(sender))),
        field("To", to_value(str(to))),
        field("Subject", subject),
        field("Date", format_datetime(at)),
        field("Message-ID", message_id),
        field(MARKER_FIELD, "yes"),
        *([field("List-Unsubscribe", f"<{unsubscribe}>")] if unsubscribe else []),
        field("MIME-Version", "1.0"),
        field("Content-Type", "text/plain; charset=utf-8"),
        field("Content-Transfer-Encoding", "quoted-printable"),
    ]
    return b"".join([*header, b"\r\n", encode_quoted_printable(lines.encode("utf-8", "replace"))])
