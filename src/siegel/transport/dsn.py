"""Delivery status notifications of ours (RFC 3461, 3464, 6533): headers only, and never a loop.

A report says which recipients a message did not reach after others were served, so that the client
can be answered 250. It returns the header section and never the body. It goes out with the null
sender; it is not written about a message that came with the null sender or was sent automatically
(RFC 3834 §2), nor to a sender who did not want one.
"""

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from siegel.base.buffers import Buffer, Random
from siegel.transport.commands import from_xtext
from siegel.transport.envelope import Envelope, Notify
from siegel.transport.header_fields import (
    name_of,
    split_fields,
    to_value,
    value_of,
    without_comments,
)

MAX_HEADER = 32 * 1024  # octets of the header returned; it is there to recognise the message

INTRODUCTION = (
    "Your message could not be delivered to the recipients named below.\r\n"
    "It is not tried again for them. The other recipients are not affected.\r\n"
)

_UNSAFE = re.compile(r"[^\x21-\x7e]+")
_NOT_RETURNED = frozenset({"bcc", "resent-bcc"})


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedRecipient:
    """``text`` is for the reader and becomes the diagnostic code; one line."""

    address: str
    enhanced: str
    text: str


def may_be_reported(envelope: Envelope, header: Buffer) -> bool:
    """Whether a report is allowed at all: otherwise two machines could answer each other."""
    if not envelope.sender:
        return False
    said = (value_of(f) for f in split_fields(header) if name_of(f) == "auto-submitted")
    return all(without_comments(value).strip().lower() in ("no", "") for value in said)


def failure_report(
    envelope: Envelope,
    failures: Sequence[FailedRecipient],
    header: Buffer,
    *,
    hostname: str,
    at: datetime,
    rng: Random,
    subject: str = "Undelivered Mail Returned to Sender",
    introduction: str = INTRODUCTION,
) -> bytes | None:
    """The message to submit with the null sender to ``envelope.sender`` (7-bit, CRLF).

    None if nobody may or wants to hear of it; nothing is owed to the sender then (RFC 3461 §4.1).
    """
    wanted = [failure for failure in failures if _wants_report(envelope, failure.address)]
    if not wanted or not may_be_reported(envelope, header):
        return None
    unique = rng(16).hex()
    parts = [
        _text_part(introduction, wanted),
        _status_part(envelope, wanted, hostname),
        _header_part(header),
    ]
    delimiter = f"--{unique}\r\n".encode()
    body = b"".join(delimiter + part + b"\r\n" for part in parts) + f"--{unique}--\r\n".encode()
    return _report_header(envelope, hostname, at, unique, subject) + b"\r\n" + body


def _wants_report(envelope: Envelope, recipient: str) -> bool:
    options = envelope.recipient_options.get(recipient)
    return options is None or not options.notify or Notify.FAILURE in options.notify


def _report_header(
    envelope: Envelope, hostname: str, at: datetime, unique: str, subject: str
) -> bytes:
    return (
        f"From: Mail Delivery System <MAILER-DAEMON@{hostname}>\r\n"
        f"To: {to_value(envelope.sender)}\r\n"
        f"Subject: {_words(subject)}\r\n"
        f"Date: {format_datetime(at)}\r\n"
        f"Message-ID: <{unique}@{hostname}>\r\n"
        "Auto-Submitted: auto-replied\r\n"
        "MIME-Version: 1.0\r\n"
        "Content-Type: multipart/report; report-type=delivery-status;\r\n"
        f' boundary="{unique}"\r\n'
    ).encode("ascii")


def _words(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    return "=?utf-8?B?" + base64.b64encode(text.encode()).decode("ascii") + "?="


def _text_part(introduction: str, failures: Sequence[FailedRecipient]) -> bytes:
    lines = [f"{failure.address}: {' '.join(failure.text.split())}" for failure in failures]
    text = introduction + "\r\n" + "\r\n".join(lines) + "\r\n"
    return b"Content-Type: text/plain; charset=utf-8\r\n" + _seven_bit(text.encode())


def _status_part(envelope: Envelope, failures: Sequence[FailedRecipient], hostname: str) -> bytes:
    about = [f"Reporting-MTA: dns; {hostname}"]
    if envelope.options.envid:
        about.append(f"Original-Envelope-Id: {_line(from_xtext(envelope.options.envid))}")
    groups = [about, *(_recipient_fields(envelope, failure) for failure in failures)]
    text = "\r\n".join("".join(f"{line}\r\n" for line in group) for group in groups)
    return b"Content-Type: message/delivery-status\r\n\r\n" + text.encode("ascii")


def _recipient_fields(envelope: Envelope, failure: FailedRecipient) -> list[str]:
    options = envelope.recipient_options.get(failure.address)
    fields = []
    if options is not None and options.orcpt:
        kind, _, address = options.orcpt.partition(";")
        original = address if kind.lower() == "utf-8" else _line(from_xtext(address))
        fields.append(f"Original-Recipient: {_line(kind)}; {_international(original)}")
    kind = "rfc822" if failure.address.isascii() else "utf-8"
    fields += [
        f"Final-Recipient: {kind}; {_international(failure.address)}",
        "Action: failed",
        f"Status: {_line(failure.enhanced)}",
        f"Diagnostic-Code: X-Siegel; {_line(failure.text)[:900]}",
    ]
    return fields


def _international(address: str) -> str:
    """utf-8-addr-xtext (RFC 6533 §3): characters outside ASCII as ``\\x{HEX}``."""
    return "".join(c if c.isascii() else f"\\x{{{ord(c):X}}}" for c in address)


def _line(text: str) -> str:
    return _UNSAFE.sub(" ", text).strip()


def _header_part(header: Buffer) -> bytes:
    kept, size = [], 0
    for field in split_fields(header):
        size += len(field)
        if not field.strip(b"\r\n") or field.startswith((b"\r", b"\n")) or size > MAX_HEADER:
            break
        if name_of(field) not in _NOT_RETURNED:
            kept.append(field)
    return b"Content-Type: text/rfc822-headers\r\n" + _seven_bit(b"".join(kept))


def _seven_bit(body: bytes) -> bytes:
    """Transfer-encoded only where it must be (RFC 2045 §2.7)."""
    lines = body.split(b"\r\n")
    if body.isascii() and all(len(line) <= 998 and _is_plain(line) for line in lines):
        return b"\r\n" + body
    return b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(body).replace(
        b"\n", b"\r\n"
    )


def _is_plain(line: bytes) -> bool:
    return not any(octet in line for octet in (b"\r", b"\n", b"\0"))
