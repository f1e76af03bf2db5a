"""Certification requests: ours, and hostile ones."""

from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import example, given
from hypothesis import strategies as st

from siegel.base.errors import MalformedMessage, SiegelError, UnsupportedAlgorithm
from siegel.ca import names
from siegel.ca.authority import create_root
from siegel.ca.names import Organisation
from siegel.pki.issuer_keys import issuer_key
from siegel.pki.key_generation import KeyChoice, generate
from siegel.pki.request import MAX_SIZE, answering, build_request, parse_request, pem_of
from siegel.pki.softkeys import spki_sha256
from tests.authority.house import ADDRESS, key_of

SUBJECT = names.mailbox_name(ADDRESS)
WANTED = ((names.alternative_names([ADDRESS]), False),)
GOOD = build_request(key_of(KeyChoice.P_256), SUBJECT, WANTED)


@pytest.mark.parametrize("choice", [one for one in KeyChoice if one.can_sign])
def test_a_request_for_every_kind_of_key_that_signs(choice: KeyChoice) -> None:
    key = key_of(choice)
    found = parse_request(build_request(key, SUBJECT, WANTED))
    assert found.spki_sha256 == spki_sha256(key)
    assert [one.spelling for one in found.addresses] == [ADDRESS.spelling]
    assert not found.is_ca


def test_a_key_that_cannot_sign_has_no_request() -> None:
    with pytest.raises(UnsupportedAlgorithm):
        build_request(key_of(KeyChoice.X25519), SUBJECT)


@pytest.mark.parametrize("line_end", [b"\n", b"\r\n"])
def test_requests_come_armoured_in_several_ways(line_end: bytes) -> None:
    armoured = pem_of(GOOD).replace(b"\n", line_end)
    old = armoured.replace(b"CERTIFICATE REQUEST", b"NEW CERTIFICATE REQUEST")
    bare = b"".join(armoured.splitlines()[1:-1])
    found = {parse_request(data).spki_sha256 for data in (GOOD, armoured, old, bare)}
    assert found == {spki_sha256(key_of(KeyChoice.P_256))}


def test_a_signature_by_another_key_is_noticed() -> None:
    other = ec.generate_private_key(ec.SECP256R1())
    forged = build_request(other, SUBJECT)
    end = forged[-60:]
    with pytest.raises(MalformedMessage):
        parse_request(build_request(key_of(KeyChoice.P_256), SUBJECT)[:-60] + end)


@pytest.mark.parametrize("key", ["rsa", "curve"])
def test_weak_keys_are_refused(key: str) -> None:
    weak = (
        rsa.generate_private_key(65537, 1024)  # noqa: S505 - that is the point
        if key == "rsa"
        else ec.generate_private_key(ec.SECP224R1())
    )
    builder = x509.CertificateSigningRequestBuilder().subject_name(SUBJECT)
    data = builder.sign(weak, hashes.SHA256()).public_bytes(Encoding.DER)
    with pytest.raises(UnsupportedAlgorithm, match="too weak"):
        parse_request(data)


def test_a_name_that_is_no_address_is_refused() -> None:
    wanted = x509.SubjectAlternativeName([x509.RFC822Name("eva")])
    with pytest.raises(MalformedMessage, match="no address"):
        parse_request(build_request(key_of(KeyChoice.P_256), SUBJECT, [(wanted, False)]))


def test_names_without_end_are_refused() -> None:
    many = [x509.RFC822Name(f"p{number}@office.example") for number in range(101)]
    wanted = [(x509.SubjectAlternativeName(many), False)]
    with pytest.raises(MalformedMessage, match="more than 100"):
        parse_request(build_request(key_of(KeyChoice.P_256), SUBJECT, wanted))


def test_what_is_too_long_is_not_read() -> None:
    with pytest.raises(MalformedMessage, match="longer than"):
        parse_request(b"\x30" * (MAX_SIZE + 1))


@given(st.binary(max_size=200))
@example(b"")
@example(b"-----BEGIN CERTIFICATE REQUEST-----\n-----END CERTIFICATE REQUEST-----\n")
def test_nothing_else_is_a_request(data: bytes) -> None:
    with pytest.raises(SiegelError):
        parse_request(data)


@given(st.integers(0, len(GOOD) - 1), st.integers(1, 255))
def test_a_changed_octet_is_an_error_of_ours(place: int, change: int) -> None:
    broken = bytearray(GOOD)
    broken[place] ^= change
    with pytest.raises(SiegelError):
        parse_request(bytes(broken))


def test_an_answer_is_found_among_its_chain_and_the_longest_counts() -> None:
    key = issuer_key(generate(KeyChoice.P_256))
    at = datetime(2026, 11, 28, tzinfo=UTC)
    subject = names.authority_name("Root", Organisation(name="Amt"))
    short, long = (create_root(key, subject, serial=1, days=days, at=at) for days in (10, 20))
    other = create_root(issuer_key(generate(KeyChoice.P_256)), subject, serial=1, days=30, at=at)
    found = answering([long, other, short], [short.spki_sha256, "00"])
    assert found == {short.spki_sha256: long}
