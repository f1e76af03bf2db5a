"""The messages that are measured: a text part and a PDF-like attachment in base64, CRLF."""

from hashlib import shake_256
from typing import Final

from siegel.base import b64
from siegel.base.buffers import joined

SIZES: Final = {"10 KB": 9_600, "1 MB": 1_000_000, "25 MB": 25_000_000}
TINY: Final = {"2 KB": 2_000}
"""For looking whether the harness still runs."""

_BOUNDARY: Final = "=_bench_271828"
_HEADER: Final = """\
From: Alice Adler <{sender}>
To: {recipient}
Subject: Unterlagen {number}
Date: Sat, 21 Nov 2026 12:00:00 +0000
Message-ID: <{number}@office.example>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="{boundary}"

--{boundary}
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 7bit

{text}
--{boundary}
Content-Type: application/pdf; name="unterlagen.pdf"
Content-Disposition: attachment; filename="unterlagen.pdf"
Content-Transfer-Encoding: base64

"""
_TEXT: Final = "Guten Tag, anbei die Unterlagen zum Vorgang, wie am Telefon besprochen.\n" * 10


def message(
    size: int,
    *,
    sender: str = "alice@office.example",
    recipient: str = "huber@school.example",
    number: int = 1,
) -> bytes:
    """A message of about ``size`` octets, always the same one for the same arguments."""
    values = {"sender": sender, "recipient": recipient, "number": number}
    text = _HEADER.format(boundary=_BOUNDARY, text=_TEXT, **values).replace("\n", "\r\n")
    end = f"--{_BOUNDARY}--\r\n"
    lines = max(size - len(text) - len(end), 78) // 78
    pdf = b"%PDF-1.7\n" + shake_256(b"pdf").digest(lines * 57 - 9)
    return joined((text.encode(), *b64.encode_lines([pdf]), end.encode()))
