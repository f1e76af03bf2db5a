"""Slices and signable entities, judged by OpenSSL: what counts is that signatures hold."""

import pytest

from siegel.mime.canonical import signable
from siegel.mime.parse import parse_entity, parse_message
from tests.peers.openssl import OpenSSL
from tests.peers.programs import PeerError
from tests.unit.mime.samples import multipart, rude_server
from tests.world import World

ODD = (
    b"content-TYPE :Text/plain;charset=utf-8\r\nX-Odd:\tfolded\r\n  twice\r\nX-Empty:\r\n\r\n"
    b"trailing \r\n\r\n--not-ours\r\n- -\r\n\r\n"
)


@pytest.mark.requirement("A19")
def test_the_signed_slice_is_what_openssl_signed(openssl: OpenSSL, world: World) -> None:
    alice = world.person("alice")
    message = parse_message(b"From: alice@office.example\r\n" + openssl.sign(ODD, alice)).root
    content, signature = message.children
    assert (message.media, signature.media) == ("multipart/signed", "application/pkcs7-signature")
    verified = openssl.verify(
        signature.decoded(), world.root, content=bytes(content.exact), form="DER"
    )
    assert verified.signers[0].serial_number == alice.certificate.serial_number
    with pytest.raises(PeerError):
        openssl.verify(
            signature.decoded(), world.root, content=bytes(content.exact) + b"\r\n", form="DER"
        )


@pytest.mark.requirement("A19")
def test_a_signable_entity_still_verifies_after_a_rude_server(
    openssl: OpenSSL, world: World
) -> None:
    text = "Content-Type: text/plain; charset=utf-8\r\n\r\nFrom Ärger \r\n.\r\nGrüße\r\n".encode()
    binary = b"Content-Type: a/b\r\nContent-Transfer-Encoding: binary\r\n\r\n" + bytes(range(256))
    entity = multipart(b"b", b"mixed", [text, binary])
    careless = openssl.sign(entity, world.person("alice"), extra=("-binary",))
    with pytest.raises(PeerError):
        openssl.verify(rude_server(careless), world.root)
    careful = openssl.sign(signable(parse_entity(entity)), world.person("alice"))
    verified = openssl.verify(rude_server(careful), world.root)
    assert [part.decoded() for part in parse_entity(verified.content).children] == [
        "From Ärger \r\n.\r\nGrüße\r\n".encode(),
        bytes(range(256)),
    ]
