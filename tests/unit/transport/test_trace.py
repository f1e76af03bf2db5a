"""Received, the loop guard, and what is stripped on the way in."""

import datetime
import email
import email.policy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siegel.transport.envelope import Envelope, MailOptions, Role
from siegel.transport.header_fields import (
    name_of,
    split_fields,
    value_of,
    without_comments,
)
from siegel.transport.trace import MAX_HOPS, has_looped, hop_count, received_field, strip_inbound

AT = datetime.datetime(2026, 11, 21, 12, 0, tzinfo=datetime.UTC)
HOST = "gw.example.org"
TAGS = ("[entschlüsselt]", "[decrypted]")


def received(*, helo: str = "mta.example.org", client: str = "192.0.2.7", tls: bool = False) -> str:
    envelope = Envelope(
        role=Role.INBOUND,
        sender="",
        recipients=("bcc@example.org",),
        helo=helo,
        client=client,
        tls=tls,
        options=MailOptions(smtputf8=tls),
    )
    return received_field(envelope, hostname=HOST, identifier="J-17", at=AT).decode("ascii")


def strip(header: bytes) -> bytes:
    return b"".join(strip_inbound(split_fields(header), authserv_id=HOST, tags=TAGS))


def test_received_says_who_from_by_whom_and_when() -> None:
    field = received(tls=True)
    assert field == (
        "Received: from mta.example.org ([192.0.2.7]) by gw.example.org with UTF8SMTPS\r\n"
        " id J-17; Sat, 21 Nov 2026 12:00:00 +0000\r\n"
    )


@given(st.text(max_size=300), st.text(max_size=60))
def test_a_client_cannot_write_into_received(helo: str, client: str) -> None:
    field = received(helo=helo, client=client)
    assert "bcc@" not in field
    assert field.count("\r\n ") + 1 == field.count("\r\n") == field.count("\n")
    assert all(len(line) <= 998 for line in field.split("\r\n"))
    assert field.count(";") == 1
    parsed = email.message_from_string(field + "\r\n", policy=email.policy.SMTP)
    assert parsed.keys() == ["Received"]


# The loop guard


@pytest.mark.parametrize(("hops", "looped"), [(0, False), (MAX_HOPS, False), (MAX_HOPS + 1, True)])
def test_too_many_hops_are_a_loop(hops: int, looped: bool) -> None:
    fields = split_fields(b"RECEIVED : by mx.example.net\r\n" * hops + b"Subject: x\r\n\r\n")
    assert hop_count(fields) == hops
    assert has_looped(fields, HOST) is looped


@pytest.mark.parametrize(
    ("line", "counts"),
    [
        (b"from x by gw.example.org with ESMTP; now", True),
        (b"from x\r\n by GW.example.ORG (comment) with ESMTP; now", True),
        (b"from x by gw.example.org; now", True),
        (b"from x (by gw.example.org) by mx.example.net; now", False),
        (b"from gw.example.org by mx.example.net; now", False),
        (b"from x by gw.example.org.evil.example; now", False),
    ],
    ids=repr,
)
def test_the_fourth_time_through_this_host_is_a_loop(line: bytes, counts: bool) -> None:
    assert not has_looped(split_fields(b"Received: " + line + b"\r\n") * 3, HOST)
    assert has_looped(split_fields(b"Received: " + line + b"\r\n") * 4, HOST) is counts


# Splitting


@given(
    st.lists(
        st.sampled_from([b"A: b", b"\r\n", b"\n", b"\r", b" ", b"\t", b"x", b":", b"\xff"]),
        max_size=30,
    )
)
def test_splitting_loses_no_octet(pieces: list[bytes]) -> None:
    header = b"".join(pieces)
    assert b"".join(split_fields(header)) == header


def test_fields_are_split_at_every_kind_of_line_end() -> None:
    header = b"A: 1\r\n more\r\nB: 2\nC: 3\rD: 4\r\n\r\nbody: 5\r\n"
    assert split_fields(header) == (
        b"A: 1\r\n more\r\n",
        b"B: 2\n",
        b"C: 3\r",
        b"D: 4\r\n",
        b"\r\nbody: 5\r\n",
    )


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a (b) c", "a  c"),
        ("a (b (c) d) e", "a  e"),
        (r"a (b \) c) d", "a  d"),
        ('"a (b) c" d', '"a (b) c" d'),
        (r'"a \" (b" (c)d', r'"a \" (b" d'),
        ('a (") b', "a  b"),
        ("a ) b", "a ) b"),
    ],
)
def test_comments_are_taken_out(value: str, expected: str) -> None:
    assert without_comments(value) == expected


# Stripping

FOREIGN = [
    b"Authentication-Results: mx.example.net; spf=pass\r\n",
    b"Authentication-Results: gw.example.org.evil.example; dkim=pass\r\n",
    b"ARC-Authentication-Results: i=1; gw.example.org; smime=pass\r\n",
    b"DKIM-Signature: v=1; d=example.net; h=from:subject; b=abc\r\n",
    b"X-Siege: not ours\r\n",
    b"X-Other: X-Siegel-Status: verified\r\n X-Siegel-Status: verified\r\n",
    b"Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe_[wichtig]?=\r\n",
    b"Received: by gw.example.org; now\r\n",
    b"no colon at all\r\n",
    b"Odd :  kept \r\n\t folded \r\n",
    b"Raw: \xe4\xff\0\r\n",
]
OURS = [
    b"Authentication-Results: gw.example.org; smime=pass\r\n",
    b"authentication-RESULTS:gw.example.org;smime=pass\r\n",
    b"Authentication-Results : GW.Example.Org 1; smime=pass\r\n",
    b"Authentication-Results:\r\n gw.example.org;\r\n smime=pass\r\n",
    b"Authentication-Results: (a (nested) \\) comment) gw.example.org; smime=pass\r\n",
    b'Authentication-Results: "gw.example.org"; smime=pass\r\n',
    b'Authentication-Results: "gw.\\example.org" 1; smime=pass\r\n',
    b"Authentication-Results: gw.example.org.; smime=pass\r\n",
    b"Authentication-Results: gw.example.org/1; smime=pass\r\n",
    b"Authentication-Results: gw.example.org\r\n",
    "Authentication-Results: ｇｗ.example.org; smime=pass\r\n".encode(),
    b'Authentication-Results: "unended gw.example.org; smime=pass\r\n',
    b"X-Siegel-Status: verified\r\n",
    b"x-sIEGEL-anything:\r\n folded\r\n",
    b"X-Siegel-Status : verified\r\n",
    b"X-SIEGEL-\xff: x\r\n",
]


@pytest.mark.parametrize("field", OURS, ids=repr)
def test_what_only_we_may_say_is_taken_out(field: bytes) -> None:
    assert strip(b"A: 1\r\n" + field + b"B: 2\r\n\r\n") == b"A: 1\r\nB: 2\r\n\r\n"


@pytest.mark.parametrize("field", FOREIGN, ids=repr)
def test_what_others_say_stays(field: bytes) -> None:
    header = b"A: 1\r\n" + field + b"B: 2\r\n\r\nbody"
    assert strip(header) == header


@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\n"], ids=repr)
def test_no_line_end_hides_a_field(end: bytes) -> None:
    """Within encryption any line end may stand, and some mail program ends a line there."""
    assert strip(b"A: 1" + end + b"X-Siegel-Status: good" + end + b"B: 2" + end) == (
        b"A: 1" + end + b"B: 2" + end
    )


@given(st.lists(st.sampled_from([*FOREIGN, *OURS]), max_size=20))
def test_every_other_field_keeps_every_octet(fields: list[bytes]) -> None:
    # A line without a colon belongs to nothing and hides nothing.
    expected = b"".join(field for field in fields if field in FOREIGN)
    assert strip(b"".join(fields) + b"\r\n") == expected + b"\r\n"


@given(st.binary(max_size=300))
def test_any_header_is_stripped_without_error_and_once_is_enough(header: bytes) -> None:
    once = strip(header)
    assert strip(once) == once


def test_names_and_values() -> None:
    assert name_of(b"Subject \t: x\r\n") == "subject"
    assert value_of(b"A:  x\r\n\t y \xc3\xbc\r\n") == "x\t y ü"
    assert value_of(b"A: \xfc\r\n") == "ü"
