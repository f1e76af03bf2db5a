"""Where a key lies is written and read exactly; what a URI may not say is refused."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, x25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from siegel.base.errors import KeyUnavailable, MalformedMessage
from siegel.base.secret import Secret
from siegel.pki.key_generation import KeyChoice, generate
from siegel.pki.softkeys import private_key_info
from siegel.pki.token_reference import (
    KeyReference,
    NoTokens,
    kept_form,
    opened,
    read_reference,
)

SPKI = (
    ec.generate_private_key(ec.SECP256R1())
    .public_key()
    .public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
)
REFERENCE = KeyReference(
    token="Büro; 1", key_id=b"\x00\xff;=%", label="Zertifizierungsstelle/1?x", spki=SPKI
)
KEY = base64.b64encode(SPKI)


def test_a_reference_is_read_as_it_was_written() -> None:
    assert read_reference(REFERENCE.written()) == REFERENCE
    assert REFERENCE.uri == (
        "pkcs11:token=B%C3%BCro%3B%201;object=Zertifizierungsstelle%2F1%3Fx;"
        "id=%00%FF%3B%3D%25;type=private"
    )


@pytest.mark.parametrize(
    "uri",
    [
        b"pkcs11:",
        b"pkcs11:token=t;object=o",
        b"pkcs11:token=t;object=o;id=",
        b"pkcs11:object=o;id=%01",
        b"pkcs11:token=t;token=u;object=o;id=%01",
        b"pkcs11:token=t;object=o;id=%01?pin-value=1234",
        b"pkcs11:token=t;object=o;id=%01?module-path=/tmp/evil.so",
        b"pkcs11:token=t;object=o;id=%01;pin-value=1234",
        b"pkcs11:token=t;object=%FF;id=%01",
        b"pkcs11:token;object=o;id=%01",
        b"file:token=t;object=o;id=%01",
        b"pkcs11:token=t;object=o;id=%01;x=" + b"a" * 5000,
    ],
)
def test_a_uri_that_says_less_or_more_is_refused(uri: bytes) -> None:
    with pytest.raises(MalformedMessage):
        read_reference(uri + b"\n" + KEY)


def test_a_reference_without_its_public_key_is_refused() -> None:
    with pytest.raises(MalformedMessage):
        read_reference(REFERENCE.uri.encode() + b"\n!!!")


def test_a_kind_of_key_that_lies_in_no_token_is_refused() -> None:
    other = x25519.X25519PrivateKey.generate().public_key()
    spki = other.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    with pytest.raises(MalformedMessage):
        _ = KeyReference(token="t", key_id=b"1", label="l", spki=spki).public_key


def test_an_ordinary_key_is_kept_as_it_is() -> None:
    key = generate(KeyChoice.P_256)
    kept = kept_form(key)
    assert kept.reveal() == private_key_info(key)
    assert opened(kept, NoTokens()).public_key() == key.public_key()


def test_without_hardware_a_reference_opens_later_perhaps() -> None:
    with pytest.raises(KeyUnavailable) as trouble:
        opened(Secret(REFERENCE.written()), NoTokens())
    assert trouble.value.temporary
