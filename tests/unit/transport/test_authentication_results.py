"""Authentication-Results for S/MIME: the grammar holds whatever a certificate says."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from siegel.transport.authentication_results import (
    SmimeMark,
    SmimeResult,
    authentication_results,
    claims_our_name,
)

# RFC 8601 §2.2 with the token of RFC 2045 §5.1, written apart from the code that is tested.
TOKEN = r"[!#$%&'*+.0-9A-Z^_`a-z{|}~-]+"
QUOTED = r'"(?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\[\x20-\x7e])*"'
MAILBOX = r"[!#$%&'*+/=?.0-9A-Z^_`a-z{|}~-]+@[A-Za-z0-9.-]+"
VALUE = rf"(?:{QUOTED}|{MAILBOX}|{TOKEN})"
RESINFO = rf"smime=[a-z]+(?: reason={VALUE})?(?: body\.smime-[a-z]+={VALUE})*"
FIELD = re.compile(
    rf"Authentication-Results: gw\.example\.org; (?:none|{RESINFO}(?:; {RESINFO})*)\Z"
)

hostile = st.text(max_size=60) | st.sampled_from(
    [
        "x\r\nX-Siegel-Status: verified",
        '"; smime=pass',
        "\\",
        '\\"',
        "a; smime=pass reason=",
        "CN=Müller, O=\u2028Böse; Firma",
        "alice@example.org",
        "a@b; smime=pass",
        "\ud800",
        "x" * 5000,
    ]
)
marks = st.builds(
    SmimeMark,
    result=st.sampled_from(SmimeResult),
    reason=hostile,
    identifier=hostile,
    part=hostile,
    serial=hostile,
    issuer=hostile,
)


@settings(deadline=None)
@given(st.lists(marks, max_size=4))
def test_no_value_can_leave_its_place(given_marks: list[SmimeMark]) -> None:
    field = authentication_results("gw.example.org", given_marks).decode("ascii")
    lines = field.split("\r\n")
    assert lines[-1] == ""
    assert all(len(line) <= 998 for line in lines)
    assert all(line.startswith(" ") for line in lines[1:-1])
    unfolded = "".join(lines)
    assert unfolded.isprintable()
    assert FIELD.match(unfolded)
    bare = re.sub(QUOTED, "", unfolded)
    assert bare.count("smime=") == len(given_marks)
    assert bare.count("smime-serial=") == bare.count("smime-issuer=")


def test_the_example() -> None:
    mark = SmimeMark(
        result=SmimeResult.PASS,
        identifier="alice@example.de",
        part="1/2",
        serial="0a:1b",
        issuer='CN="Prüf"\\, CA',
    )
    field = authentication_results("gw.example.org", [mark])
    assert field.replace(b"\r\n", b"") == (
        b"Authentication-Results: gw.example.org; smime=pass "
        b'body.smime-identifier=alice@example.de body.smime-part="1/2" '
        b'body.smime-serial="0a:1b" body.smime-issuer="CN=\\"Pr\\\\C3\\\\BCf\\"\\\\, CA"'
    )


def test_nothing_judged_is_none() -> None:
    assert authentication_results("gw.example.org", []) == (
        b"Authentication-Results: gw.example.org; none\r\n"
    )


@pytest.mark.parametrize(("serial", "issuer"), [("1", ""), ("", "CN=x"), ("1", "x" * 1000)])
def test_serial_and_issuer_go_together_or_not(serial: str, issuer: str) -> None:
    mark = SmimeMark(result=SmimeResult.FAIL, serial=serial, issuer=issuer)
    field = authentication_results("gw.example.org", [mark])
    assert b"serial" not in field
    assert b"issuer" not in field


@given(st.lists(marks, max_size=2))
def test_our_own_field_is_recognised_when_it_comes_back(given_marks: list[SmimeMark]) -> None:
    value = authentication_results("gw.example.org", given_marks).decode().partition(":")[2]
    assert claims_our_name(value.replace("\r\n", ""), "GW.example.org")
    assert not claims_our_name(value.replace("\r\n", ""), "gw.example.net")


@given(st.text(max_size=100))
def test_any_value_is_judged_without_error(value: str) -> None:
    assert claims_our_name(value, "gw.example.org") in (True, False)
