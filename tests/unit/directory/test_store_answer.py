"""A store that is asked over HTTP: its URL, and what counts as an answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siegel.base.address import EmailAddress
from siegel.base.errors import SiegelError
from siegel.directory.store_answer import MAX_ANSWER, certificates_of
from siegel.pki.certificate import parse_certificate
from siegel.transport.http_store_client import checked_base, question
from tests.world import WORLD

BOB, DANA = (WORLD.person(name).certificate_der for name in ("bob", "dana"))
SEVERAL = (
    b"--x\r\nContent-Type: application/pkix-cert\r\n\r\n" + BOB + b"\r\n"
    b"--x\r\nContent-Type: text/plain\r\n\r\nhello\r\n"
    b"--x\r\nContent-Type: application/pkix-cert\r\n\r\n" + DANA + b"\r\n--x--\r\n"
)


@pytest.mark.parametrize(
    ("address", "value"),
    [
        ("a+b@example.org", "a%2Bb%40example.org"),
        ('"a b&uri=c"@example.org', "%22a%20b%26uri%3Dc%22%40example.org"),
        ("müller@example.org", "m%C3%BCller%40example.org"),
    ],
)
def test_the_address_is_one_value_of_the_query(address: str, value: str) -> None:
    asked = question("https://certs.example/search.cgi", EmailAddress.parse(address))
    assert asked == f"https://certs.example/search.cgi?email={value}"


@pytest.mark.parametrize(
    "base", ["", "ldap://x", "https://", "https://a@b/", "https://x/?y=1", "https://x/#y", "h t"]
)
def test_what_is_no_address_of_a_store_is_refused(base: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        checked_base(base)


def test_one_certificate() -> None:
    assert certificates_of("application/pkix-cert", BOB) == (parse_certificate(BOB),)


def test_several_certificates() -> None:
    found = certificates_of("multipart/mixed; boundary=x", SEVERAL)
    assert found == (parse_certificate(BOB), parse_certificate(DANA))


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("text/html", BOB),
        ("text/html; charset=utf-8", b"<html>not found</html>"),
        ("", BOB),
        ("application/pkix-cert", b"<html>not found</html>"),
        ("application/pkix-cert", b""),
        ("multipart/mixed", SEVERAL),
        ("multipart/mixed; boundary=y", SEVERAL),
        ("application/pkix-cert", BOB + b"\0" * MAX_ANSWER),
    ],
)
def test_anything_else_is_no_certificate(kind: str, body: bytes) -> None:
    with pytest.raises(SiegelError):
        certificates_of(kind, body)


@given(st.text(max_size=80), st.binary(max_size=300))
def test_any_answer_is_an_error_and_not_a_crash(kind: str, body: bytes) -> None:
    with pytest.raises(SiegelError):
        certificates_of(kind, body)
