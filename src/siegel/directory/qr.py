"""QR codes (ISO/IEC 18004) as the path of a drawing, so that a page may colour and size them."""

from dataclasses import dataclass

import segno

QUIET = 4  # modules of white around it, which readers need (ISO/IEC 18004 §6.3.8)


@dataclass(frozen=True, slots=True)
class Drawing:
    """``size``: modules in a row with the quiet zone. ``path``: every dark run as one rectangle."""

    size: int
    path: str


def draw(text: str) -> Drawing:
    """Error correction M: a printed page may lose some of it."""
    code = segno.make_qr(text, error="m", boost_error=False)
    rows = [bytes(row) for row in code.matrix]
    runs = (run for y, row in enumerate(rows) for run in _runs(row, y))
    return Drawing(size=len(rows) + 2 * QUIET, path="".join(runs))


def _runs(row: bytes, y: int) -> list[str]:
    found, x = [], 0
    while x < len(row):
        length = 0
        while x + length < len(row) and row[x + length]:
            length += 1
        if length:
            found.append(f"M{x + QUIET} {y + QUIET}h{length}v1h-{length}z")
        x += length or 1
    return found
