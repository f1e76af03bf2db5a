"""Mail in the demo: written as a mail program would, handed in by SMTP, found in its folder."""

import smtplib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from pathlib import Path

from siegel.base.address import EmailAddress
from siegel.mime.message import Message
from siegel.mime.parse import parse_message
from siegel.serve.demonstration.cast import NAMES
from siegel.transport.maildir import folder_name

SECONDS = 60  # for one transaction; it takes a few hundred milliseconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A message before any protection. ``octets`` are complete and end their lines with CRLF."""

    sender: str
    recipients: tuple[str, ...]
    subject: str
    text: str
    message_id: str
    octets: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What the gateway said to the final dot."""

    code: int
    text: str

    @property
    def lines(self) -> tuple[str, ...]:
        first, *rest = self.text.splitlines() or [""]
        return (f"{self.code} {first}", *rest)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """One message in a mailbox, as it lies there."""

    file: Path
    octets: bytes
    message: Message

    def value(self, name: str) -> str:
        field = self.message.get(name)
        return field.value.strip() if field else ""


def write(
    sender: str,
    recipients: Sequence[str],
    subject: str,
    text: str,
    at: datetime,
    *,
    wish: str = "",
) -> Draft:
    """``wish`` is what X-Siegel-Protect asks for."""
    message = EmailMessage(policy=SMTP)
    message["From"] = f"{NAMES[sender]} <{sender}>"
    message["To"] = ", ".join(f"{NAMES[each]} <{each}>" for each in recipients)
    message["Subject"] = subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = make_msgid(domain=sender.partition("@")[2])
    if wish:
        message["X-Siegel-Protect"] = wish
    message.set_content(text, cte="quoted-printable")
    return Draft(
        sender=sender,
        recipients=tuple(recipients),
        subject=subject,
        text=text.strip(),
        message_id=str(message["Message-ID"]),
        octets=message.as_bytes(),
    )


def hand_in(draft: Draft, octets: bytes, host: str, port: int) -> Answer:
    """One real SMTP transaction; the answer is the gateway's, whatever it is."""
    with smtplib.SMTP(host, port, timeout=SECONDS) as client:
        client.ehlo()
        client.mail(draft.sender)
        for recipient in draft.recipients:
            client.rcpt(recipient)
        code, text = client.data(octets)
    return Answer(code, text.decode("ascii", "replace"))


def delivered(folder: Path, recipient: str, message_id: str) -> tuple[Delivered, ...]:
    """The messages of that Message-ID in the mailbox of ``recipient`` below ``folder``."""
    mailbox = folder / folder_name(EmailAddress.parse(recipient))
    found = []
    for file in sorted((*mailbox.glob("new/*"), *mailbox.glob("cur/*"))):
        octets = file.read_bytes()
        one = Delivered(file=file, octets=octets, message=parse_message(octets))
        if one.value("Message-ID") == message_id:
            found.append(one)
    return tuple(found)
