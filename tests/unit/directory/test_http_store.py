"""The HTTP store (RFC 4387): what may be asked, what is found by it, how several are answered."""

import base64
import hashlib
from email import message_from_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siegel.base.errors import MalformedMessage
from siegel.directory import http_store
from siegel.directory.http_store import Attribute, Query
from siegel.directory.store_answer import certificates_of
from siegel.pki.certificate import parse_certificate
from tests.world import WORLD

ALICE = parse_certificate(WORLD.person("alice").certificate_der)
BOB = parse_certificate(WORLD.person("bob").certificate_der)
KEY = base64.b64encode(hashlib.sha1(ALICE.der, usedforsecurity=False).digest()).decode().rstrip("=")


def test_a_search_key_has_27_characters_and_no_padding() -> None:
    assert http_store.search_key(ALICE.der) == KEY
    assert len(KEY) == 27


@pytest.mark.requirement("B23")
def test_a_certificate_is_found_by_every_attribute_of_the_rfc() -> None:
    found = {key.partition("=")[0] for key in http_store.keys_of(ALICE)}
    assert found == set(Attribute) - {Attribute.URI, Attribute.EMAIL}
    index = http_store.index([ALICE, BOB])
    assert index[f"certHash={KEY}"] == {ALICE.fingerprint}
    assert index[f"iHash={http_store.search_key(ALICE.issuer_der)}"] == {
        ALICE.fingerprint,
        BOB.fingerprint,
    }


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("uri=alice@office.example", "alice@office.example"),
        ("email=ALICE%40office.example", "alice@office.example"),
        ("email=alice+tag@office.example", "alice+tag@office.example"),
        ("email=alice%2Btag%40office.example", "alice+tag@office.example"),
        ("uri=mailto:alice@office.example", "alice@office.example"),
        ("email=b%C3%BCro@xn--bro-hoa.example", "büro@xn--bro-hoa.example"),
        ("email=buero@b%C3%BCro.example", "buero@xn--bro-hoa.example"),
    ],
)
def test_an_address_is_read_however_it_is_written(text: str, address: str) -> None:
    assert str(http_store.read_query(text).address()) == address


def test_a_plus_is_a_plus_in_a_search_key_and_a_space_in_a_name() -> None:
    with_plus = "+" * 27
    assert http_store.read_query(f"certHash={with_plus}").value == with_plus
    assert http_store.read_query("name=Alice+Adler").value == "Alice Adler"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "certHash",
        "certHash=",
        "certHash=" + "A" * 26,
        "certHash=" + "A" * 27 + "=",
        "certHash=" + "A" * 26 + "-",
        "certHash=" + "A" * 26 + "%0A",
        "certHash=" + "A" * 27 + "&name=x",
        "CERTHASH=" + "A" * 27,
        "mail=alice@office.example",
        "email=a%00@office.example",
        "email=a%0d%0aX-Evil:1@office.example",
        "email=%ff@office.example",
        "email=" + "a" * http_store.MAX_QUERY,
    ],
)
def test_everything_else_is_refused(text: str) -> None:
    with pytest.raises(MalformedMessage):
        http_store.read_query(text)


@pytest.mark.parametrize("value", ["*", "*@office.example", "alice@*", "(mail=*)", "a@b@c"])
def test_a_pattern_is_no_address(value: str) -> None:
    assert http_store.read_query(f"email={value}").address() is None or "*" in value
    query = http_store.read_query(f"email={value}")
    assert query.key not in http_store.index([ALICE, BOB])


@given(st.text(max_size=200))
def test_any_text_is_a_query_or_refused(text: str) -> None:
    try:
        query = http_store.read_query(text)
    except MalformedMessage:
        return
    assert isinstance(query, Query)
    assert query.value.isprintable()


def test_one_is_answered_as_a_certificate_and_several_as_parts() -> None:
    assert http_store.answer((ALICE.der,), http_store.CERTIFICATE) == (
        "application/pkix-cert",
        ALICE.der,
    )
    kind, body = http_store.answer((ALICE.der, BOB.der), http_store.CERTIFICATE)
    read = message_from_bytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body)
    kinds = [part.get_content_type() for part in read.walk()]
    assert kinds == ["multipart/mixed", "application/pkix-cert", "application/pkix-cert"]
    assert ALICE.der in body
    assert BOB.der in body


def test_our_own_client_reads_what_we_answer() -> None:
    for parts in ((ALICE.der,), (ALICE.der, BOB.der)):
        kind, body = http_store.answer(parts, http_store.CERTIFICATE)
        assert [each.der for each in certificates_of(kind, body)] == list(parts)


def test_the_list_of_an_authority_is_found_by_its_name() -> None:
    root = parse_certificate(WORLD.root.der)
    assert f"iHash={http_store.search_key(root.subject_der)}" in http_store.list_keys_of(root)
