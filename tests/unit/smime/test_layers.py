"""Layers: what surrounds the message counts, what stands elsewhere is named and left closed."""

import pytest

from siegel.base.buffers import joined
from siegel.base.errors import KeyUnavailable
from siegel.base.findings import Finding
from siegel.base.keys import DecryptionKey, KeyId
from siegel.base.limits import DEFAULT, Limits
from siegel.cms.enveloped import build_enveloped_data
from siegel.mime.parse import parse_entity
from siegel.policy.inbound import CryptographicSummary
from siegel.smime.certs_only import build_certs_only, read_certs_only
from siegel.smime.errant import errant_layers
from siegel.smime.layers import CompressedLayer, EncryptedLayer, ErrantLayer, SignedLayer
from siegel.smime.schemes import recipient_spec
from tests.peers import mime
from tests.peers.openssl import OpenSSL
from tests.unit.smime import mails
from tests.unit.smime.mails import MAIL, NOW, TEXT, certificate, judged, mail, opened
from tests.unit.smime.test_structure import OTHER, cms, lines_of, parts, signature
from tests.world import World

ENCRYPTED_UNVERIFIED = CryptographicSummary.ENCRYPTED_UNVERIFIED


def encrypted(content: bytes, name: str = "huber", cipher: str = "aes256-cbc") -> bytes:
    """An encrypted entity without any signature: only others make such a thing."""
    spec = recipient_spec(certificate(name))
    blob = joined(build_enveloped_data([content], [spec], cipher=cipher))
    return mime.pkcs7_mime(blob, "enveloped-data")


def opaque(content: bytes, name: str = "alice") -> bytes:
    return mime.pkcs7_mime(cms(content, name, detached=False), "signed-data")


def mixed(*bodies: bytes) -> bytes:
    inside = b"".join(b"--m\r\n" + body + b"\r\n" for body in bodies)
    return b'Content-Type: multipart/mixed; boundary="m"\r\n\r\n' + inside + b"--m--\r\n"


# how deep


def wrapped(times: int) -> bytes:
    entity = TEXT
    for _ in range(times):
        entity = opaque(entity)
    return mail(entity)


def test_as_many_layers_as_the_limit_says_are_opened() -> None:
    found = opened(wrapped(DEFAULT.layers))

    assert len(found.layers) == DEFAULT.layers
    assert bytes(found.payload.exact) == TEXT
    assert found.findings == ()


def test_one_layer_more_is_too_complex_and_never_green() -> None:
    found = opened(wrapped(DEFAULT.layers + 1))

    assert len(found.layers) == DEFAULT.layers
    assert found.findings == (Finding.TOO_COMPLEX,)
    assert bytes(found.payload.exact) != TEXT
    assert judged(found).summary is CryptographicSummary.UNPROTECTED


def test_the_limit_is_a_parameter() -> None:
    found = opened(wrapped(3), limits=Limits(layers=2))

    assert len(found.layers) == 2
    assert found.findings == (Finding.TOO_COMPLEX,)


# which order


@pytest.mark.requirement("A17")
def test_what_is_encrypted_and_not_signed_is_opened_and_never_called_confidential() -> None:
    found = opened(mail(encrypted(TEXT)), "huber")

    assert bytes(found.payload.exact) == TEXT
    assert judged(found).summary is ENCRYPTED_UNVERIFIED


def test_a_signature_outside_of_the_encryption_is_named_and_does_not_count() -> None:
    found = opened(mail(opaque(encrypted(TEXT))), "huber")

    assert [type(layer) for layer in found.layers] == [SignedLayer, EncryptedLayer]
    assert found.findings == (Finding.SIGNED_OUTSIDE_ENCRYPTION,)
    assert judged(found).summary is ENCRYPTED_UNVERIFIED


def test_encryption_within_encryption_is_opened_with_the_keys_of_the_reader() -> None:
    both = opened(mail(encrypted(encrypted(opaque(TEXT), "dana"))), "huber", "dana")
    one = opened(mail(encrypted(encrypted(opaque(TEXT), "dana"))), "huber")

    assert bytes(both.payload.exact) == TEXT
    assert [layer.opened for layer in both.encrypted_layers] == [True, True]
    assert [layer.opened for layer in one.encrypted_layers] == [True, False]
    assert judged(one).summary is ENCRYPTED_UNVERIFIED


@pytest.mark.requirement("A22", "A66", "A73")
def test_without_the_key_a_message_stays_whole_and_closed() -> None:
    raw = mails.sealed_mail("alice", "huber")

    found = opened(raw, "bob")

    (layer,) = found.encrypted_layers
    assert (layer.opened, layer.key_found) == (False, False)
    assert layer.findings == (Finding.NO_DECRYPTION_KEY,)
    assert found.payload is found.message.root
    assert found.protected_fields == ()


@pytest.mark.requirement("A66")
def test_a_key_that_comes_later_opens_the_same_message() -> None:
    raw = mails.sealed_mail("alice", "huber")

    assert not opened(raw).encrypted_layers[0].opened
    assert bytes(opened(raw, "huber").payload.exact) == TEXT


def test_a_token_that_does_not_answer_says_nothing_about_the_message() -> None:
    class Unplugged:
        certificates = (certificate("huber"),)
        public_key = certificate("huber").public_key

        def decrypt(self, *_: object) -> bytes:
            raise KeyUnavailable("the token is unplugged")

        agree = decrypt

    class Ring:
        def matching(self, identifier: KeyId) -> tuple[DecryptionKey, ...]:
            del identifier
            return (Unplugged(),)  # type: ignore[return-value]  # public_key may be None by type

    with pytest.raises(KeyUnavailable):
        opened(mails.sealed_mail("alice", "huber"), ring=Ring())


# compression


@pytest.fixture
def compressed(openssl: OpenSSL) -> bytes:
    try:
        made = openssl._make("-compress", TEXT * 50, [], "DER")
    except Exception:  # noqa: BLE001
        pytest.skip("this OpenSSL was built without zlib")
    return mime.pkcs7_mime(made, "signed-data")
