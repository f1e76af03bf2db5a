"""What goes between slapd and us."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siegel.base.address import EmailAddress
from siegel.base.errors import MalformedMessage
from siegel.directory.back_sock import Code, Entry, answer, read

SEARCH = (
    b"SEARCH\nmsgid: 3\npeername: IP=192.0.2.7:4711\nsuffix: o=x\nbase: o=x\nscope: 2\nderef: 0\n"
    b"sizelimit: 5\ntimelimit: 10\nfilter: (mail=a: b)\nattrsonly: 0\nattrs: all\n"
)


def test_a_search_is_read() -> None:
    asked = read(SEARCH)
    assert asked is not None
    assert (asked.filter, asked.size_limit, asked.peer) == ("(mail=a: b)", 5, "192.0.2.7")


def test_a_peer_may_have_an_ipv6_address() -> None:
    asked = read(SEARCH.replace(b"192.0.2.7", b"[2001:db8::1]"))
    assert asked is not None
    assert asked.peer == "2001:db8::1"


@pytest.mark.parametrize("verb", [b"BIND", b"ADD", b"MODIFY", b"EXTENDED", b"UNBIND", b""])
def test_nothing_but_searches_is_answered(verb: bytes) -> None:
    assert read(verb + b"\nmsgid: 1\n") is None


def test_a_search_without_filter_is_malformed() -> None:
    with pytest.raises(MalformedMessage):
        read(b"SEARCH\nmsgid: 1\n")


@given(st.text(max_size=40))
def test_no_name_begins_a_line_of_its_own(name: str) -> None:
    name = name.encode("utf-8", "ignore").decode()
    address = EmailAddress.parse('"a,b=c\\\\ d"@office.example')
    entry = Entry(address=address, name=name, certificate=b"1", bundle=b"2")
    written, end = answer([entry], "o=x", Code.SUCCESS).decode("ascii").split("RESULT\n")
    for line in filter(None, written.split("\n")):
        label, _, value = line.partition(":: ")
        base64.b64decode(value, validate=True)
        assert label in {
            "dn", "objectClass", "mail", "cn", "sn", "displayName", "userCertificate;binary",
            "userSMIMECertificate",
        }  # fmt: skip
    assert end == "code: 0\n"
