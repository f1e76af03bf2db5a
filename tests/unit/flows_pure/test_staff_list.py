"""Tables of people: as spreadsheets write them, and as nobody should."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siegel.base.errors import LimitExceeded, MalformedMessage, SiegelError
from siegel.ca.names import PersonName
from siegel.flows.staff_list import MAX_LINES, MAX_SIZE, StaffMember, read_staff_list


def members(data: bytes) -> list[StaffMember | None]:
    return [line.member for line in read_staff_list(data)]


def faults(data: bytes) -> list[tuple[int, str]]:
    return [(line.number, line.fault) for line in read_staff_list(data) if line.fault]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_spreadsheets_of_all_kinds_are_read(delimiter: str, encoding: str) -> None:
    lines = [["E-Mail", "Vorname", "Nachname"], ["j@office.example", "Jürgen", "Groß"]]
    data = "\r\n".join(delimiter.join(line) for line in lines).encode(encoding)
    (found,) = members(data)
    assert found is not None
    assert found.person == PersonName(given_name="Jürgen", surname="Groß")
    assert found.name == "Jürgen Groß"


def test_the_spelling_of_an_address_is_kept() -> None:
    (found,) = members(b"address\nEva.Ernst@Office.example\n")
    assert found is not None
    assert found.address.spelling == "Eva.Ernst@Office.example"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("nobody,,,", "not an e-mail address"),
        (",,,", None),
        ("a@office.example,Eva,,", "given name and surname"),
        ("a@office.example,,,maybe", "yes or no"),
        ("a@office.example,Eva,Ernst,yes", "names nobody"),
        ("a@office.example,Eva", "2 cells instead of 4"),
    ],
)
def test_a_wrong_line_says_what_is_wrong_and_where(line: str, said: str | None) -> None:
    data = f"address,given_name,surname,shared\ngood@office.example,,,\n{line}\n".encode()
    found = faults(data)
    if said is None:
        assert found == []
    else:
        ((number, fault),) = found
        assert number == 3
        assert said in fault


def test_the_same_address_twice_is_said() -> None:
    ((number, fault),) = faults(b"address\na@office.example\nA@office.example\n")
    assert (number, fault) == (3, "a@office.example stands in line 2 already")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "must name the column address"),
        (b"a@office.example\n", "names a column"),
        (b"given_name,surname\n", "must name the column address"),
        (b"address,e-mail\n", "each column once"),
        (b"PK\x03\x04\x00\x00xlsx", "save the sheet as CSV"),
        (b'address\n"never closed\n', "no CSV"),
    ],
)
def test_what_is_no_table_is_refused_with_a_reason(data: bytes, said: str) -> None:
    with pytest.raises(MalformedMessage, match=said):
        read_staff_list(data)


def test_a_table_without_end_is_refused() -> None:
    with pytest.raises(LimitExceeded):
        read_staff_list(b"a" * (MAX_SIZE + 1))
    lines = b"".join(b"p%d@office.example\n" % number for number in range(MAX_LINES + 1))
    with pytest.raises(LimitExceeded, match="lines"):
        read_staff_list(b"address\n" + lines)


@given(st.binary(max_size=300))
def test_nothing_but_errors_of_ours(data: bytes) -> None:
    with contextlib.suppress(SiegelError):
        read_staff_list(b"address;name\n" + data)
