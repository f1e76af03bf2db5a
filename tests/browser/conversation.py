"""A conversation for the pictures: every state in one thread, and each kind of content."""

from base64 import b64encode
from typing import Final

from siegel.base.address import EmailAddress
from siegel.flows import accounts, filing
from siegel.flows.filing import Arrival
from siegel.policy.access import Capacity, Standing
from siegel.store.mail_rows import Flags
from siegel.store.queries import mail_folders, mail_items
from siegel.store.queries.mail_folders import FolderRole
from tests.flows.office import ALICE, DANA, HUBER, Office, encrypted_bytes, signed_by, signed_bytes
from tests.world import WORLD, WORLD_NOW, Person

ALICES: Final = EmailAddress.parse(ALICE.address)
PNG: Final = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360f8cf500f0003860180 5a34716d0000000049454e44ae426082".replace(" ", "")
)
_SUBJECT: Final = "Kursabrechnung 2026/11 – Rückfrage zu drei Teilnehmenden"


def a_conversation(office: Office) -> dict[str, str]:
    """Numbers of the conversation and of one message in it."""
    folder = mail_folders.ensure(ALICES, "INBOX", role=FolderRole.INBOX)
    items = []
    for number, raw in enumerate(_letters()):
        office.later(minutes=20)
        arrival = Arrival(
            account=ALICES,
            folder=folder.id,
            raw=raw,
            received_at=office.at,
            flags=Flags(seen=number == 0),
        )
        items.append(filing.file(arrival, office.site, at=office.at))
    first = mail_items.get(items[0])
    return {
        "conversation": str(first.conversation),
        "letter": str(items[1]),
        "inbox": str(folder.id),
    }


def admit_reader(email: str) -> None:
    standing = Standing(capacity=Capacity.MEMBER, since=WORLD_NOW, until=None)
    accounts.admit(ALICES, EmailAddress.parse(email), standing, by="test", at=WORLD_NOW)


def _letters() -> list[bytes]:
    first = written(
        HUBER,
        "Dr. Hans Huber",
        text="Guten Tag Frau Adler,\r\n\r\nvielen Dank für die vollständigen Unterlagen. Zu drei "
        "Personen fehlt uns noch der Nachweis über die Unterrichtsstunden im September.\r\n\r\n"
        "Die Liste steht unter https://school.example/listen.\r\n\r\nMit freundlichen Grüßen\r\n"
        "Hans Huber\r\n\r\n> Sehr geehrter Herr Huber,\r\n> anbei die Abrechnung.\r\n> Alice Adler",
        number=1,
    )
    return [
        encrypted_bytes(signed_by(HUBER, first), ALICE, HUBER),
        encrypted_bytes(signed_by(HUBER, with_files(HUBER, "Dr. Hans Huber", 2)), ALICE, HUBER),
        signed_bytes(DANA, html_letter(DANA, "Dana Demir", 3)),
        signed_bytes(
            WORLD.person("mallory"),
            written(HUBER, "Dr. Hans Huber", text="Bitte überweisen Sie heute.", number=4),
        ),
        encrypted_bytes(
            signed_by(HUBER, written(HUBER, "Dr. Hans Huber", text="Alt", number=5)), DANA
        ),
        written(
            WORLD.person("emil"),
            "Emil Ernst",
            text="Ich schicke Ihnen die Liste heute Nachmittag.",
            number=6,
        ),
    ]


def head(sender: Person, name: str, number: int) -> str:
    answers = "References: <kurs1@test.example>\r\n" if number > 1 else ""
    subject = b64encode(_SUBJECT.encode()).decode()
    return (
        f"From: {name} <{sender.address}>\r\nTo: Kursverwaltung <{ALICE.address}>\r\n"
        f"Subject: =?utf-8?B?{subject}?=\r\nMessage-ID: <kurs{number}@test.example>\r\n{answers}"
        "MIME-Version: 1.0\r\n"
    )


def written(sender: Person, name: str, *, text: str, number: int) -> bytes:
    kind = "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n"
    return f"{head(sender, name, number)}{kind}\r\n{text}\r\n".encode()


def html_letter(sender: Person, name: str, number: int) -> bytes:
    html = (
        '<table width="100%" bgcolor="#eef3ee"><tr><td style="padding:20px">'
        '<h1 style="color:#14532d">'
        "Fortbildung im Dezember</h1><p>Liebe Frau Adler, die Stunden vom <b>8. bis 12. September"
        '</b> sind erfasst.</p><p><a href="https://evil.example/login">www.school.example</a></p>'
        '<p><img src="cid:bild@x" alt="Siegel" width="40" height="40"> '
        '<img src="https://tracker.example/p.gif" alt="Foto"></p></td></tr></table>'
    )
    return (
        f'{head(sender, name, number)}Content-Type: multipart/related; boundary="rel"\r\n\r\n'
        f"--rel\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n"
        f"\r\n{html}\r\n--rel\r\nContent-Type: image/png\r\nContent-ID: <bild@x>\r\n"
        f"Content-Transfer-Encoding: base64\r\n\r\n{b64encode(PNG).decode()}\r\n--rel--\r\n"
    ).encode()


def with_files(sender: Person, name: str, number: int) -> bytes:
    calendar = (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\n"
        "UID:1@x\r\nDTSTAMP:20261120T100000Z\r\nDTSTART:20261201T083000Z\r\n"
        "DTEND:20261201T093000Z\r\nSUMMARY:Besprechung Kursabrechnung\r\nLOCATION:Raum 3\r\n"
        f"ORGANIZER;CN=Hans Huber:mailto:{HUBER.address}\r\n"
        f"ATTENDEE;CN=Alice Adler:mailto:{ALICE.address}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    return (
        f'{head(sender, name, number)}Content-Type: multipart/mixed; boundary="mix"\r\n\r\n'
        "--mix\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n"
        "\r\nIm Anhang die Rückfrage und ein Termin.\r\n"
        f"--mix\r\nContent-Type: text/calendar; method=REQUEST; charset=utf-8\r\n\r\n{calendar}\r\n"
        '--mix\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename="'
        'Rueckfrage_2026-11.pdf"\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBERi0xLjQK\r\n'
        "--mix\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; "
        'filename="setup.exe"\r\nContent-Transfer-Encoding: base64\r\n\r\nTVqQAAMAAAA=\r\n'
        f"--mix\r\nContent-Type: message/rfc822\r\n\r\nFrom: <{DANA.address}>\r\nTo: <a@b.example>"
        "\r\nSubject: Alte Anfrage\r\nMessage-ID: <alt@x>\r\n\r\nGuten Tag\r\n\r\n--mix--\r\n"
    ).encode()
