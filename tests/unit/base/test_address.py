"""Addresses: what is one, what is not, and which are the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siegel.base.address import EmailAddress
from siegel.base.errors import MalformedAddress


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("anna@office.example", "anna@office.example"),
        ("Anna.Alt+x@Office.Example", "anna.alt+x@office.example"),
        ("jörg@office.example", "jörg@office.example"),
        ("a@bücher.example", "a@xn--bcher-kva.example"),
        ('"a b"@office.example', '"a b"@office.example'),
        ('"anna"@office.example', "anna@office.example"),
        ("!#$%&'*+-/=?^_`{|}~@office.example", "!#$%&'*+-/=?^_`{|}~@office.example"),
        ("\U0001f600@office.example", "\U0001f600@office.example"),
    ],
)
def test_an_address_is_folded(text: str, folded: str) -> None:
    assert str(EmailAddress.parse(text)) == folded


@pytest.mark.parametrize(
    "text",
    [
        "", "@", "anna", "@office.example", "anna@", "a b@office.example", "a..b@office.example",
        ".a@office.example", "a.@office.example", "a@b@office.example", "a@[127.0.0.1]",
        "a(comment)@office.example", "a\x00@office.example", "a\n@office.example",
        "a\x7f@office.example", "\ud800@office.example", "a\udfffb@office.example",
        "a@office..example", f"{'a' * 65}@office.example", f"{'ä' * 33}@office.example",
    ],
    ids=repr,
)  # fmt: skip
def test_everything_else_is_refused(text: str) -> None:
    with pytest.raises(MalformedAddress):
        EmailAddress.parse(text)


@given(st.text(max_size=20))
def test_only_atoms_of_the_standard_stand_bare(local: str) -> None:
    """RFC 5322 §3.2.3 and RFC 6531 §3.3, letter by letter."""
    special = set('"(),:;<>@[\\] ') | set(map(chr, range(32))) | {"\x7f"}
    good = all(part and not special & set(part) for part in local.split("."))
    surrogate = any("\ud800" <= c <= "\udfff" for c in local)
    expected = good and not surrogate and len(local.encode("utf-8", "replace")) <= 64
    try:
        parsed = EmailAddress.parse(f"{local}@office.example")
    except MalformedAddress:
        assert not expected
    else:
        assert expected
        assert EmailAddress.parse(str(parsed)) == parsed
