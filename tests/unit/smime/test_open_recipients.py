"""Every kind of recipient, seen from the door that the rest of Siegel uses."""

import pytest

from siegel.base import der, oids
from siegel.base.b64 import encode_lines
from siegel.base.buffers import joined
from siegel.base.findings import Finding
from siegel.base.keys import KeyId
from siegel.cms.enveloped import RecipientSpec, build_enveloped_data
from siegel.mime.parse import parse_message
from siegel.smime.layers import EncryptedLayer, OpenedMessage
from siegel.smime.open import open_message
from tests.unit.cms.conftest import OpensslCms, openssl_cms
from tests.unit.cms.people import Ring, person
from tests.unit.cms.sealing import encrypted, sealed_cbc

__all__ = ["openssl_cms"]

ENTITY = b"Content-Type: text/plain\r\n\r\nEin Bescheid.\r\n"
KINDS = {"rsa2048": "ktri", "p256": "kari", "x448": "kari", "mlkem768": "kemri"}


def opened(data: bytes, ring: Ring) -> OpenedMessage:
    header = (
        b"From: a@example.org\r\nContent-Transfer-Encoding: base64\r\n"
        b"Content-Type: application/pkcs7-mime; smime-type=enveloped-data\r\n\r\n"
    )
    message = parse_message(header + b"".join(encode_lines([data])))
    return open_message(message, ring, rng=bytes)


def layer_of(message: OpenedMessage) -> EncryptedLayer:
    (layer,) = message.layers
    assert isinstance(layer, EncryptedLayer)
    return layer


@pytest.mark.requirement("A22", "C12")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("cipher", ["aes256-cbc", "aes256-gcm", "chacha20-poly1305"])
def test_a_message_to_several_kinds_of_keys_opens_with_each(kind: str, cipher: str) -> None:
    specs = [RecipientSpec(certificate=person(kind)) for kind in KINDS]
    data = joined(build_enveloped_data([ENTITY], specs, cipher=cipher))
    message = opened(data, Ring(person(kind)))
    layer = layer_of(message)
    assert bytes(message.payload.exact) == ENTITY
    assert sorted(seen.kind for seen in layer.recipients) == sorted(KINDS.values())
    (matched,) = [seen for seen in layer.recipients if seen.matched]
    assert (matched.kind, matched.weak) == (KINDS[kind], False)
    named: KeyId = person(kind).issuer_and_serial
    assert matched.identifier == named


def test_passwords_and_shared_keys_open_a_message(openssl_cms: OpensslCms) -> None:
    data = openssl_cms(
        "-encrypt", "-binary", "-outform", "DER", "-in", ENTITY, "-aes256",
        "-secretkey", "00" * 32, "-secretkeyid", "01", "-pwri_password", "geheim",
    )  # fmt: skip
    rings = {
        "pwri": Ring(passwords=("geheim",)),
        "kekri": Ring(shared={b"\x01": bytes(32)}),
    }
    for kind, ring in rings.items():
        message = opened(data, ring)
        assert bytes(message.payload.exact) == ENTITY
        assert {seen.kind: seen.matched for seen in layer_of(message).recipients} == {
            "kekri": kind == "kekri",
            "pwri": kind == "pwri",
        }
    assert layer_of(opened(data, Ring())).findings == (Finding.NO_DECRYPTION_KEY,)


def test_a_recipient_of_an_unknown_kind_is_shown_as_such() -> None:
    data = sealed_cbc(der.context(4, der.oid("1.2.3"), der.null()), der.context(5, der.null()))
    layer = layer_of(opened(data, Ring()))
    assert [seen.kind for seen in layer.recipients] == ["ori", "unknown"]
    assert [seen.identifier for seen in layer.recipients] == [None, None]


@pytest.mark.parametrize(
    "kind", [oids.DATA, oids.DIGESTED_DATA, oids.ENCRYPTED_DATA, oids.AUTHENTICATED_DATA]
)
def test_other_content_types_are_no_messages(kind: str) -> None:
    """RFC 8551 §3.2.2."""
    inside = der.sequence(der.integer(0), encrypted(der.algorithm("1.2.3"), bytes(16)))
    message = opened(der.sequence(der.oid(kind), der.context(0, inside)), Ring())
    assert (message.layers, message.findings) == ((), (Finding.UNSUPPORTED,))
