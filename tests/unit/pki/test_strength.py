"""Which keys and digests are strong enough for mail."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA512

from siegel.pki.certificate import parse_certificate
from siegel.pki.strength import cost, digest_weakness, is_issued_by, key_weakness
from tests.unit.pki.chains import Shape, issue, root, signed_with_sha1
from tests.unit.pki.making import public_key
from tests.world import WORLD


@pytest.mark.parametrize(
    ("person", "weakness"),
    [
        pytest.param("alice", None, id="ok/RSA 2048"),
        pytest.param("dana", None, id="ok/P-256"),
        pytest.param("petra", None, id="ok/P-384"),
        pytest.param("quirin", None, id="ok/P-521"),
        pytest.param("bruno", None, id="ok/brainpoolP256r1"),
        pytest.param("carla", None, id="ok/Ed25519"),
        pytest.param("carla_encrypt", None, id="ok/X25519"),
        pytest.param("quentin", None, id="ok/ML-DSA-65"),
        pytest.param("quentin_encrypt", None, id="ok/ML-KEM-768"),
        pytest.param("wanda", "RSA 1024", id="fail/RSA 1024"),
    ],
)
def test_keys_are_strong_from_2048_or_256_bits(person: str, weakness: str | None) -> None:
    assert key_weakness(parse_certificate(WORLD.person(person).certificate_der)) == weakness


def test_the_organisation_may_ask_for_more() -> None:
    alice = parse_certificate(WORLD.person("alice").certificate_der)

    assert key_weakness(alice, min_rsa_bits=3072) == "RSA 2048"


def test_a_short_curve_is_weak() -> None:
    short = root("Root", key=ec.generate_private_key(ec.SECP224R1()))

    assert key_weakness(short.certificate) == "secp224r1"


def test_sha1_is_weak_and_still_verifies() -> None:
    top = root("Root")
    weak = signed_with_sha1(issue(top, "CA"), top)

    assert digest_weakness(weak.certificate) == "sha1"
    assert is_issued_by(weak.certificate.parsed, top.key.public_key())


def test_sha512_is_strong() -> None:
    top = root("Root")

    assert digest_weakness(issue(top, "CA", Shape(digest=SHA512())).certificate) is None


def test_a_key_of_another_kind_verifies_nothing() -> None:
    alice = WORLD.person("alice").certificate

    assert not is_issued_by(alice, public_key("dana"))
    assert not is_issued_by(alice, None)


@pytest.mark.parametrize(
    ("person", "dear"),
    [("alice", False), ("dana", False), ("petra", True), ("quirin", True), ("quentin", True)],
)
def test_a_check_with_a_slow_key_costs_more(person: str, dear: bool) -> None:
    key = parse_certificate(WORLD.person(person).certificate_der).public_key

    assert (cost(key) > 1) is dear
