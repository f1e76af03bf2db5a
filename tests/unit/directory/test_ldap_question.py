"""What strangers ask our directory: filters are read with limits, and judged as RFC 4511 says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siegel.base.errors import SiegelError
from siegel.directory.ldap_filter import escaped
from siegel.directory.ldap_question import (
    Comparison,
    begins_a_name,
    matches,
    named_addresses,
    read,
)

ALICE = {
    "objectclass": ("top", "inetOrgPerson"),
    "mail": ("alice@office.example",),
    "cn": ("Alice Ädler",),
}


@pytest.mark.parametrize(
    "text",
    [
        "(mail=alice@office.example)",
        "(MAIL=ALICE@Office.Example)",
        "(mail;binary=alice@office.example)",
        "(&(objectClass=inetOrgPerson)(mail=alice@office.example))",
        "(|(mail=x)(cn=ali*))",
        "(cn=*)",
        "(cn=a*c*ä*r)",
        "(cn=*\\c3\\a4d*)",
        "(!(cn=bob))",
        "(&)",
        "(|(?=undefined)(mail=alice@office.example))",
    ],
)
def test_it_matches(text: str) -> None:
    assert matches(read(text), ALICE)


@pytest.mark.parametrize(
    "text",
    [
        "(mail=bob@office.example)",
        "(cn=lice*)",
        "(cn=a*a*a*a)",
        "(cn=alice ädlerin*)",
        "(|)",
        "(?=undefined)",
        "(!(?=undefined))",
        "(&(mail=alice@office.example)(?=error))",
        "(mail>=a)",
        "(foo=*)",
        "(mail=\\2a)",
    ],
)
def test_it_does_not_match(text: str) -> None:
    assert not matches(read(text), ALICE)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "mail=x",
        "(mail=x",
        "(mail=x))",
        "((mail=x))x",
        "(&(mail=x)",
        "()(",
        "(" * 50 + ")" * 50,
        "(" + "&(mail=x)" * 20000 + ")",
        "(|" + "(mail=x)" * 200 + ")",
    ],
)
def test_what_is_no_filter_or_too_long_is_refused(text: str) -> None:
    with pytest.raises(SiegelError):
        read(text)


def test_only_what_is_not_denied_names_an_address() -> None:
    asked = read("(|(mail=a@x)(!(mail=b@x))(mail=c*)(cn=d@x)(mail=a@x))")
    assert named_addresses(asked) == ("a@x",)


@pytest.mark.parametrize(("text", "begins"), [("ali*", True), ("al*", False), ("*lice", False)])
def test_a_name_begins_with_three_letters(text: str, begins: bool) -> None:
    assert begins_a_name(read(f"(cn={text})")) is begins


@given(st.text(max_size=40))
def test_whatever_was_escaped_is_read_as_it_was(text: str) -> None:
    value = text.encode("utf-8", "ignore").decode()
    assert read(f"(mail={escaped(value)})") == Comparison("mail", (value,))


@given(st.text(alphabet="()&|!=*\\2aémail", max_size=60))
def test_any_text_is_a_filter_or_refused(text: str) -> None:
    try:
        matches(read(text), ALICE)
    except SiegelError:
        return
