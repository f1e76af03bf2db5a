"""A list of recipients as people have it: addresses one below the other, or a table (CSV).

Pure. The file comes from anywhere: any of the usual encodings and separators, broken, too big,
with formulas in it. What cannot be written to is named with its line before anything is sent.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from siegel.base.address import EmailAddress
from siegel.base.errors import LimitExceeded, MalformedAddress, MalformedMessage
from siegel.transport.envelope import fits_in_a_path

MOST_ROWS = 100_000  # recipients of one job
MOST_COLUMNS = 40
LONGEST_CELL = 1000  # characters; a paragraph
LARGEST_LIST = 32 * 1024 * 1024  # octets
LOOKED_AT = 64 * 1024  # characters by which the separator is found
SEPARATORS = (";", ",", "\t")
_ADDRESS_NAMES = frozenset(
    {"e-mail", "email", "mail", "e-mailadresse", "e-mail-adresse", "emailadresse", "adresse",
     "mailadresse", "e-mail address", "email address", "address", "empfänger", "recipient"}
)  # fmt: skip


class LeftOut(StrEnum):
    """Why a line of the list gets no message."""

    NO_ADDRESS = "no_address"
    BAD_ADDRESS = "bad_address"
    DUPLICATE = "duplicate"
    TOO_LONG = "too_long"


@dataclass(frozen=True, slots=True)
class Omission:
    """``line``: as an editor counts them; ``text``: what stood there, cut."""

    line: int
    why: LeftOut
    text: str


@dataclass(frozen=True, slots=True)
class ListRow:
    """``values`` are those of ``RecipientList.fields``, in their order."""

    line: int
    address: EmailAddress
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientList:
    fields: tuple[str, ...]
    rows: tuple[ListRow, ...]
    left_out: tuple[Omission, ...]


def read_list(octets: bytes) -> RecipientList:
    """Raises ``MalformedMessage`` for what is no list and ``LimitExceeded`` for too much."""
    if len(octets) > LARGEST_LIST:
        raise LimitExceeded(f"a list of more than {LARGEST_LIST} octets")
    lines = _lines(_decoded(octets))
    first = next(lines, None)
    if first is None:
        return RecipientList(fields=(), rows=(), left_out=())
    has_header = not any(_address(cell) for cell in first[1])
    names = _names(first[1]) if has_header else _numbered(len(first[1]))
    rest = lines if has_header else _with(first, lines)
    return _read(names, rest, has_header=has_header)


def _read(
    names: tuple[str, ...], lines: Iterator[tuple[int, list[str]]], *, has_header: bool
) -> RecipientList:
    rows: list[ListRow] = []
    left_out: list[Omission] = []
    seen: set[EmailAddress] = set()
    column: int | None = _column_by_name(names) if has_header else None
    for line, cells in lines:
        if not any(cells):
            continue
        if column is None:
            column = next((n for n, cell in enumerate(cells) if _address(cell)), None)
        text = cells[column] if column is not None and column < len(cells) else ""
        found = _row(line, cells, text, names, seen)
        if isinstance(found, Omission):
            left_out.append(found)
            continue
        seen.add(found.address)
        rows.append(found)
        if len(rows) > MOST_ROWS:
            raise LimitExceeded(f"a list of more than {MOST_ROWS} recipients")
    return RecipientList(fields=names, rows=tuple(rows), left_out=tuple(left_out))


def _row(
    line: int, cells: Sequence[str], text: str, names: tuple[str, ...], seen: set[EmailAddress]
) -> ListRow | Omission:
    if not text:
        return Omission(line, LeftOut.NO_ADDRESS, "")
    address = _address(text)
    if address is None:
        return Omission(line, LeftOut.BAD_ADDRESS, text[:100])
    if address in seen:
        return Omission(line, LeftOut.DUPLICATE, text[:100])
    if any(len(cell) > LONGEST_CELL for cell in cells):
        return Omission(line, LeftOut.TOO_LONG, text[:100])
    filled = (*cells[: len(names)], *[""] * (len(names) - len(cells)))
    return ListRow(line, address, filled)


def _decoded(octets: bytes) -> str:
    """UTF-8, with its mark or without, UTF-16 by its mark, else Windows-1252, as Excel saves."""
    if octets.startswith((b"\xff\xfe", b"\xfe\xff")):
        return octets.decode("utf-16", "replace")
    try:
        return octets.decode("utf-8-sig")
    except UnicodeDecodeError:
        return octets.decode("cp1252", "replace")


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line it begins in; a quoted cell may have several."""
    source = io.StringIO(text.replace("\0", " "), newline=None)
    reader = csv.reader(source, delimiter=_separator(text))
    before = 0
    try:
        for cells in reader:
            begin, before = before + 1, reader.line_num
            if len(cells) > MOST_COLUMNS:
                raise LimitExceeded(f"a list of more than {MOST_COLUMNS} columns")
            yield begin, [" ".join(cell.split()) for cell in cells]
    except csv.Error as error:
        raise MalformedMessage(f"line {before + 1} of the list cannot be read") from error


def _separator(text: str) -> str:
    """The one that stands most often in the first line, outside quotes."""
    first = text[:LOOKED_AT].lstrip("\r\n").partition("\n")[0]
    outside = "".join(first.split('"')[::2])
    return max(SEPARATORS, key=lambda each: (outside.count(each), each == ";"))


def _names(cells: Sequence[str]) -> tuple[str, ...]:
    """Each name once; a column without a name is called by its number."""
    names: list[str] = []
    for number, cell in enumerate(cells, 1):
        name = cell[:60].replace("{", "").replace("}", "").replace("|", "") or str(number)
        names.append(name if name.casefold() not in map(str.casefold, names) else str(number))
    return tuple(names)


def _numbered(count: int) -> tuple[str, ...]:
    return tuple(str(number) for number in range(1, count + 1))


def _column_by_name(names: Sequence[str]) -> int | None:
    return next((n for n, name in enumerate(names) if name.casefold() in _ADDRESS_NAMES), None)


def _address(cell: str) -> EmailAddress | None:
    """An address, or the one in „Name <address>“."""
    text = cell[cell.rfind("<") + 1 : -1] if cell.endswith(">") else cell
    if "@" not in text or not fits_in_a_path(text):
        return None
    try:
        return EmailAddress.parse(text)
    except MalformedAddress:
        return None


def _with(
    first: tuple[int, list[str]], rest: Iterator[tuple[int, list[str]]]
) -> Iterator[tuple[int, list[str]]]:
    yield first
    yield from rest
