"""What people write to the office of the demo: text, HTML, files and an invitation.

All of it is made up, and says so where it could be taken for real.
"""

import struct
import zlib
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from typing import Final

from siegel.serve.demonstration.cast import NAMES, OFFICE

POLICY: Final = SMTP.clone(cte_type="7bit")


def letter(
    sender: str, subject: str, text: str, at: datetime, *, to: str = OFFICE, answers: str = ""
) -> EmailMessage:
    """``answers``: the Message-ID it replies to."""
    message = EmailMessage(policy=POLICY)
    message["From"] = f"{NAMES[sender]} <{sender}>"
    message["To"] = f"{NAMES[to]} <{to}>"
    message["Subject"] = subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = make_msgid(domain=sender.partition("@")[2])
    if answers:
        message["In-Reply-To"] = message["References"] = answers
    message.set_content(f"{text}\n", cte="quoted-printable")
    return message


def programme(sender: str, at: datetime) -> EmailMessage:
    """HTML with a picture that comes along and one that would be fetched from outside."""
    message = letter(sender, "Unser Herbstprogramm", _PROGRAMME_TEXT, at)
    message.add_alternative(_PROGRAMME, subtype="html", cte="quoted-printable")
    for body in message.iter_parts():
        if isinstance(body, EmailMessage) and body.get_content_type() == "text/html":
            body.add_related(_picture(), "image", "png", cid="<blatt>", filename="blatt.png")
    return message


def registration(sender: str, at: datetime) -> EmailMessage:
    """Files of several kinds."""
    text = "Guten Tag,\n\nanbei die Anmeldung und die Liste der Teilnehmer.\n\nNils Neu"
    message = letter(sender, "Anmeldung zum Sprachkurs", text, at)
    form = b"%PDF-1.4\n% a made-up registration form\n%%EOF\n"
    message.add_attachment(form, "application", "pdf", filename="Anmeldung.pdf")
    table = "Name;Kurs\r\nMaria Muster;Spanisch\r\nJan Jung;Italienisch\r\n"
    message.add_attachment(table, subtype="csv", filename="Teilnehmer.csv")
    card = (
        "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Nils Neu\r\nN:Neu;Nils;;;\r\nORG:Sportverein\r\n"
        f"EMAIL:{sender}\r\nEND:VCARD\r\n"
    )
    message.add_attachment(card, subtype="vcard", filename="Nils Neu.vcf")
    message.add_attachment(_picture(), "image", "png", filename="Lageplan.png")
    return message


def invitation(sender: str, at: datetime) -> EmailMessage:
    text = "Dear colleagues,\n\nplease join us to plan the exchange in spring.\n\nEmma Clarke"
    message = letter(sender, "Planning the student exchange", text, at)
    begin = (at + timedelta(days=7)).replace(hour=13, minute=0)
    calendar = (
        "BEGIN:VCALENDAR\r\nPRODID:-//College//Demo//EN\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\n"
        f"BEGIN:VEVENT\r\nUID:exchange@college.example\r\nDTSTAMP:{at:%Y%m%dT%H%M%SZ}\r\n"
        f"DTSTART:{begin:%Y%m%dT%H%M00Z}\r\nDTEND:{begin + timedelta(hours=1):%Y%m%dT%H%M00Z}\r\n"
        "SUMMARY:Planning the student exchange\r\nLOCATION:Room 3\r\n"
        f"ORGANIZER;CN=Emma Clarke:mailto:{sender}\r\n"
        f"ATTENDEE;CN=Office:mailto:{OFFICE}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    message.add_alternative(calendar, subtype="calendar", params={"method": "REQUEST"})
    return message


_PROGRAMME_TEXT: Final = (
    "Unser Herbstprogramm:\n\nOktober: Italienisch für die Reise\n"
    "November: Geschäftsbriefe auf Englisch"
)
_PROGRAMME: Final = """\
<html><head><style>h2 { color: #1f5f3f } td { padding: 4px 12px }</style></head><body>
<h2>Unser Herbstprogramm</h2>
<p><img src="cid:blatt" alt="Herbstblatt" width="96" height="64">
<img src="https://bilder.verlag.example/banner.png" alt="Banner" width="240" height="60"></p>
<table><tr><td><b>Oktober</b></td><td>Italienisch für die Reise</td></tr>
<tr><td><b>November</b></td><td>Geschäftsbriefe auf Englisch</td></tr></table>
<p>Mehr auf <a href="https://www.verlag.example/programm">unseren Seiten</a>.</p>
</body></html>
"""


def _picture() -> bytes:
    """A plain coloured area (PNG, RFC 2083)."""
    width, height = 96, 64

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    rows = (b"\0" + b"\xc0\x70\x30" * width) * height
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )
