"""A table of people (CSV) that certificates are wanted for: read here, judged line by line.

Spreadsheets write it with commas, semicolons or tabs, in UTF-8, UTF-16 or the code page of Windows.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from siegel.base.address import EmailAddress
from siegel.base.errors import LimitExceeded, MalformedAddress, MalformedMessage
from siegel.ca.names import PersonName
from siegel.policy.enrolling import LineFault

MAX_SIZE = 4 * 1024 * 1024  # octets of the file; 10,000 lines take 800,000
MAX_LINES = 10_000  # people; each costs the making of a key

_COLUMNS = {
    "address": "address",
    "adresse": "address",
    "e-mail": "address",
    "email": "address",
    "mail": "address",
    "given_name": "given_name",
    "given name": "given_name",
    "first name": "given_name",
    "vorname": "given_name",
    "surname": "surname",
    "last name": "surname",
    "nachname": "surname",
    "name": "name",
    "shared": "shared",
    "funktionspostfach": "shared",
}
_YES = frozenset({"1", "x", "yes", "ja", "true", "y", "j"})
_NO = frozenset({"", "0", "no", "nein", "false", "n"})


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffMember:
    """``name``: of the account, as people see it. ``shared``: a mailbox of several people."""

    address: EmailAddress
    person: PersonName | None = None
    name: str = ""
    shared: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffLine:
    """A line of the table: somebody, or what is wrong with it (``fault`` for the command line)."""

    number: int
    member: StaffMember | None = None
    fault: str = ""
    why: LineFault | None = None


def read_staff_list(data: bytes) -> tuple[StaffLine, ...]:
    """Every line with an entry, in order. Raises ``MalformedMessage`` (``why``: "sheet", "csv" with
    ``line``, "column" with ``name``, "columns") for what is no such table, ``LimitExceeded`` above
    the limits; a line that is wrong spoils no other."""
    if len(data) > MAX_SIZE:
        raise LimitExceeded(f"a table longer than {MAX_SIZE} octets", limit="file_size")
    text = _text(data)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        columns = _header(next(rows, []))
        return tuple(_lines(rows, columns))
    except csv.Error as error:
        number = rows.line_num
        said = f"line {number}: no CSV ({error})"
        raise MalformedMessage(said, why="csv", line=number) from error


def _text(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    if b"\0" in data:
        raise MalformedMessage("no table of text: save the sheet as CSV", why="sheet")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _delimiter(text: str) -> str:
    first = text.partition("\n")[0]
    return max((";", "\t", ","), key=first.count)


def _header(row: list[str]) -> list[str]:
    names = [cell.strip().lower() for cell in row]
    unknown = [name for name in names if name not in _COLUMNS]
    if unknown:
        known = ", ".join(sorted(set(_COLUMNS.values())))
        said = f"the first line names a column {unknown[0]!r:.60}; known: {known}"
        raise MalformedMessage(said, why="column", name=unknown[0][:60])
    columns = [_COLUMNS[name] for name in names]
    if "address" not in columns or len(set(columns)) != len(columns):
        said = "the first line must name the column address, and each column once"
        raise MalformedMessage(said, why="columns")
    return columns


def _lines(rows: Iterator[list[str]], columns: list[str]) -> Iterator[StaffLine]:
    seen: dict[EmailAddress, int] = {}
    for number, row in enumerate(rows, 2):
        if number > MAX_LINES + 1:
            raise LimitExceeded(f"more than {MAX_LINES} lines", limit="lines")
        if not any(cell.strip() for cell in row):
            continue
        line = _line(number, row, columns)
        if line.member is not None and line.member.address in seen:
            fault = f"{line.member.address} stands in line {seen[line.member.address]} already"
            line = StaffLine(number=number, fault=fault, why=LineFault.TWICE)
        elif line.member is not None:
            seen[line.member.address] = number
        yield line


def _line(number: int, row: list[str], columns: list[str]) -> StaffLine:
    if len(row) != len(columns):
        return _faulty(number, LineFault.CELLS, f"{len(row)} cells instead of {len(columns)}")
    cells = {name: cell.strip() for name, cell in zip(columns, row, strict=True)}
    given, surname = cells.get("given_name", ""), cells.get("surname", "")
    shared = cells.get("shared", "").lower()
    try:
        address = EmailAddress.parse(cells["address"])
    except MalformedAddress as error:
        return _faulty(number, LineFault.BAD_ADDRESS, str(error))
    if bool(given) != bool(surname):
        return _faulty(number, LineFault.HALF_NAME, "a person has given name and surname")
    if shared not in _YES | _NO:
        said = f"shared is yes or no, not {shared[:20]!r}"
        return _faulty(number, LineFault.SHARED_UNCLEAR, said)
    if shared in _YES and surname:
        return _faulty(number, LineFault.SHARED_NAMED, "a shared mailbox names nobody")
    person = PersonName(given_name=given, surname=surname) if surname else None
    name = cells.get("name", "") or (str(person) if person else "")
    member = StaffMember(address=address, person=person, name=name, shared=shared in _YES)
    return StaffLine(number=number, member=member)


def _faulty(number: int, why: LineFault, fault: str) -> StaffLine:
    return StaffLine(number=number, fault=fault, why=why)
