"""``pki.keystore``: sealed private keys open for the right key file and key pair only."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siegel.base.errors import ConfigurationError, KeyUnavailable
from siegel.pki.certificate import parse_certificate
from siegel.pki.keystore import KEK_SIZE, check_value, reseal, seal, unseal
from siegel.pki.softkeys import key_matches, load_private_key
from tests.world import WORLD

ALICE = WORLD.person("alice")
CERTIFICATE = parse_certificate(ALICE.certificate_der)
SPKI = CERTIFICATE.spki_sha256
OTHER_SPKI = parse_certificate(WORLD.person("bob").certificate_der).spki_sha256
KEK = bytes(range(KEK_SIZE))
NEW_KEK = bytes(reversed(KEK))
SEALED = seal(ALICE.pkcs8, KEK, SPKI)


@pytest.mark.requirement("A29")
def test_a_sealed_key_comes_back_as_it_was() -> None:
    key = load_private_key(unseal(SEALED, KEK, SPKI).reveal(), validated=True)
    assert key_matches(CERTIFICATE, key)


@pytest.mark.requirement("A29")
def test_a_sealed_key_shows_nothing_of_the_key() -> None:
    assert ALICE.pkcs8[:40] not in SEALED
    assert ALICE.pkcs8[-40:] not in SEALED
    assert seal(ALICE.pkcs8, KEK, SPKI) != SEALED


def test_an_unsealed_key_is_not_printed() -> None:
    assert repr(unseal(SEALED, KEK, SPKI)) == "Secret(***)"


@pytest.mark.requirement("A29")
@pytest.mark.parametrize(
    ("sealed", "kek", "spki"),
    [
        pytest.param(SEALED, NEW_KEK, SPKI, id="another-key-file"),
        pytest.param(SEALED, KEK, OTHER_SPKI, id="another-key-pair"),
        pytest.param(SEALED[:-1], KEK, SPKI, id="cut-off"),
        pytest.param(SEALED[:10], KEK, SPKI, id="cut-off-in-the-nonce"),
        pytest.param(b"", KEK, SPKI, id="nothing"),
        pytest.param(b"XXXX" + SEALED[4:], KEK, SPKI, id="another-kind"),
    ],
)
def test_a_sealed_key_does_not_open_otherwise(sealed: bytes, kek: bytes, spki: str) -> None:
    with pytest.raises(KeyUnavailable) as caught:
        unseal(sealed, kek, spki)
    assert caught.value.temporary is False


@given(st.integers(0, len(SEALED) - 1), st.integers(1, 255))
def test_any_changed_octet_is_noticed(position: int, change: int) -> None:
    damaged = bytearray(SEALED)
    damaged[position] ^= change
    with pytest.raises(KeyUnavailable):
        unseal(bytes(damaged), KEK, SPKI)


def test_rotation_moves_a_key_to_the_new_key_file() -> None:
    moved = reseal(SEALED, KEK, NEW_KEK, SPKI)
    assert unseal(moved, NEW_KEK, SPKI).reveal() == ALICE.pkcs8
    with pytest.raises(KeyUnavailable):
        unseal(moved, KEK, SPKI)


def test_randomness_is_a_parameter() -> None:
    assert seal(b"x", KEK, SPKI, bytes) == seal(b"x", KEK, SPKI, bytes)
    assert seal(b"x", KEK, SPKI, os.urandom) != seal(b"x", KEK, SPKI, os.urandom)


def test_the_check_value_recognises_a_wrong_key_file_and_tells_nothing() -> None:
    assert check_value(KEK) == check_value(bytes(KEK)) != check_value(NEW_KEK)
    assert KEK.hex()[:8] not in check_value(KEK)


@pytest.mark.parametrize("size", [0, 16, 31, 33, 64])
def test_a_key_file_of_another_length_is_a_wrong_configuration(size: int) -> None:
    for use in (lambda: seal(b"x", bytes(size), SPKI), lambda: check_value(bytes(size))):
        with pytest.raises(ConfigurationError):
            use()
