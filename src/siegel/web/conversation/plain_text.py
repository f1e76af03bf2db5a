"""Plain text as paragraphs; what is quoted stands apart, and addresses can be followed."""

import re
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

LONGEST_QUOTE = 8  # lines; a longer one folds
SHOWN = 100_000  # characters; the original has everything
MOST_LINKS = 500
_GAP = re.compile(r"\n[ \t]*\n\s*")
_LINK = re.compile(r"https?://[^\s<>\"'()\[\]{}]{1,1500}", re.IGNORECASE)
_TRAILING = ".,;:!?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """``folded``: a quotation so long that it opens on a click."""

    html: SafeString
    quoted: bool
    folded: bool = False


def paragraphs(text: str, *, links: bool) -> tuple[Paragraph, ...]:
    """Paragraphs of the same kind that follow each other are one."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").strip("\n")[:SHOWN]
    found: list[tuple[str, bool]] = []
    for block in _GAP.split(plain):
        quoted = all(line.lstrip().startswith(">") for line in block.split("\n"))
        if found and quoted and found[-1][1]:
            found[-1] = (f"{found[-1][0]}\n\n{block}", True)
        else:
            found.append((block, quoted))
    return tuple(
        Paragraph(
            html=_linked(block) if links else escape(block),
            quoted=quoted,
            folded=quoted and block.count("\n") >= LONGEST_QUOTE,
        )
        for block, quoted in found
        if block.strip()
    )


def _linked(text: str) -> SafeString:
    """Addresses of the web become links that tell nobody where the reader came from."""
    pieces: list[str] = []
    position = 0
    for count, match in enumerate(_LINK.finditer(text)):
        if count == MOST_LINKS:
            break
        address = match[0].rstrip(_TRAILING)
        pieces.append(escape(text[position : match.start()]))
        pieces.append(
            f'<a href="{escape(address)}" target="_blank" '
            f'rel="noopener noreferrer nofollow">{escape(address)}</a>'
        )
        position = match.start() + len(address)
    pieces.append(escape(text[position:]))
    return mark_safe("".join(pieces))  # noqa: S308 - every piece is escaped
