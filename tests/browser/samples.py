"""Small things that come with mail: a picture, a table, a card, an invitation."""

import struct
import zlib
from typing import Final


def _png(width: int, height: int, colour: bytes) -> bytes:
    """One colour (RGB) and nothing else."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = (b"\0" + colour * width) * height
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


PICTURE: Final = _png(96, 64, b"\x2f\x6f\x8f")

TABLE: Final = "Name;Klasse;Sprache\r\nMaria Muster;7b;Französisch\r\nJan Jung;7b;Spanisch\r\n"

CARD: Final = (
    "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Dana Dorn\r\nN:Dorn;Dana;;;\r\nORG:Partner GmbH\r\n"
    "EMAIL:dana@partner.example\r\nTEL:+49 221 5550\r\nEND:VCARD\r\n"
)

CALENDAR: Final = (
    "BEGIN:VCALENDAR\r\nPRODID:-//Partner GmbH//Termine//DE\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\n"
    "BEGIN:VEVENT\r\nUID:konferenz-7@partner.example\r\nDTSTAMP:20261116T090000Z\r\n"
    "DTSTART:20261124T130000Z\r\nDTEND:20261124T143000Z\r\nSUMMARY:Lehrerkonferenz\r\n"
    "LOCATION:Raum 12\\, Markt 3\r\nORGANIZER;CN=Hans Huber:mailto:huber@school.example\r\n"
    "ATTENDEE;CN=Verwaltung:mailto:verwaltung@office.example\r\n"
    "DESCRIPTION:Tagesordnung folgt.\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
