"""Mail for pictures: what an office really gets, put together part by part."""

from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final

from tests.browser.samples import CALENDAR, CARD, PICTURE, TABLE

_OUTER: Final = frozenset({"from", "to", "cc", "subject", "date", "message-id", "in-reply-to"})


def letter(
    sender: str,
    to: str,
    subject: str,
    text: str,
    *,
    at: datetime,
    key: str,
    answers: str = "",
) -> EmailMessage:
    """``sender`` and ``to`` are whole field values, ``key`` and ``answers`` name Message-IDs."""
    made = EmailMessage(policy=SMTP)
    made["From"] = sender
    made["To"] = to
    made["Subject"] = subject
    made["Date"] = format_datetime(at)
    made["Message-ID"] = f"<{key}@mail.example>"
    if answers:
        made["In-Reply-To"] = made["References"] = f"<{answers}@mail.example>"
    made.set_content(text)
    return made


def with_html(made: EmailMessage, html: str) -> EmailMessage:
    """The same text as HTML beside it, with a picture that came along (``cid:bild``)."""
    made.add_alternative(html, subtype="html")
    body = made.get_payload(1)
    assert isinstance(body, EmailMessage)
    body.add_related(PICTURE, "image", "png", cid="<bild>", filename="wappen.png")
    return made


def with_files(made: EmailMessage) -> EmailMessage:
    """A document, a picture, a table and somebody's card."""
    document = b"%PDF-1.4\n% Elternbrief\n%%EOF\n"
    made.add_attachment(
        document, maintype="application", subtype="pdf", filename="Elternbrief – März.pdf"
    )
    made.add_attachment(PICTURE, maintype="image", subtype="png", filename="Lageplan.png")
    made.add_attachment(TABLE, subtype="csv", filename="Klassenliste.csv")
    made.add_attachment(CARD, subtype="vcard", filename="Dana Dorn.vcf")
    return made


def with_invitation(made: EmailMessage, calendar: str = CALENDAR) -> EmailMessage:
    made.add_alternative(calendar, subtype="calendar", params={"method": "REQUEST"})
    return made


def octets(made: EmailMessage) -> bytes:
    """As it travels; boundaries are fixed, so that pictures do not change."""
    for number, part in enumerate(made.walk()):
        if part.is_multipart():
            part.set_boundary(f"=_part_{number}")
    return made.as_bytes()


def outer(made: EmailMessage) -> bytes:
    """The header section without the fields of the content."""
    fields = [(name, value) for name, value in made.items() if name.lower() in _OUTER]
    plain = EmailMessage(policy=SMTP)
    for name, value in fields:
        plain[name] = value
    return plain.as_bytes().rstrip(b"\r\n") + b"\r\n"
