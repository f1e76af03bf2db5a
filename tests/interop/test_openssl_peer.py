"""The OpenSSL wrapper does what it says – judged by OpenSSL itself and by its older twin."""

from pathlib import Path
from typing import Any

import pytest

from tests.peers.mime import body_of, cms_of, multipart_signed, split_signed, text_entity
from tests.peers.openssl import OpenSSL, Tool
from tests.peers.programs import PeerError
from tests.world import WORLD_NOW, World

pytestmark = pytest.mark.interop
ENTITY = text_entity("Grüße,\r\n\r\n.ein Punkt am Anfang  \r\n")


@pytest.mark.parametrize("reader", ["cms", "smime"])
@pytest.mark.parametrize("writer", ["cms", "smime"])
@pytest.mark.parametrize("detached", [True, False], ids=["detached", "opaque"])
def test_signed_messages_verify(
    world: World, tmp_path: Path, writer: Tool, reader: Tool, detached: bool
) -> None:
    message = OpenSSL(tmp_path, writer).sign(ENTITY, world.person("alice"), detached=detached)
    verified = OpenSSL(tmp_path, reader).verify(message, world.root, at=WORLD_NOW)
    assert verified.content == ENTITY
    assert verified.signers == (world.person("alice").certificate,)


def test_the_signed_octets_are_kept(world: World, openssl: OpenSSL) -> None:
    entity, signature = split_signed(openssl.sign(ENTITY, world.person("alice")))
    assert entity == ENTITY
    again = multipart_signed(entity, signature)
    assert openssl.verify(again, world.root).content == ENTITY


def test_a_changed_octet_is_refused(world: World, openssl: OpenSSL) -> None:
    message = openssl.sign(ENTITY, world.person("alice"))
    with pytest.raises(PeerError, match="verification failure"):
        openssl.verify(message.replace(b"Punkt", b"Prunk"), world.root)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("emil", "certificate has expired"),
        ("norbert", "not yet valid"),
        ("ursula", "unable to get local issuer|self.signed certificate in certificate chain"),
        ("willi", "unsuitable certificate purpose"),
        ("ingo", "unable to get local issuer"),
        ("stranger", "unable to get local issuer"),
    ],
)
def test_wrong_certificates_are_refused_for_their_reason(
    world: World, openssl: OpenSSL, name: str, words: str
) -> None:
    message = openssl.sign(ENTITY, world.person(name))
    with pytest.raises(PeerError, match=words):
        openssl.verify(message, world.root, at=WORLD_NOW)


@pytest.mark.parametrize("name", ["paula", "bruno", "dana", "petra", "quirin", "sina", "joerg"])
def test_good_certificates_of_every_kind_verify(world: World, openssl: OpenSSL, name: str) -> None:
    person = world.person(name)
    message = openssl.sign(ENTITY, person)
    assert openssl.verify(message, person.root, at=WORLD_NOW).content == ENTITY


def test_a_missing_intermediate_can_be_handed_in(world: World, openssl: OpenSSL) -> None:
    message = openssl.sign(ENTITY, world.person("ingo"))
    hidden = (world.authority("hidden"),)
    with pytest.raises(PeerError, match="unable to get issuer certificate"):
        openssl.verify(message, intermediates=hidden)
    assert openssl.verify(message, world.root, intermediates=hidden).content == ENTITY


def test_two_people_sign_one_message(world: World, openssl: OpenSSL) -> None:
    both = (world.person("alice"), world.person("dana"))
    verified = openssl.verify(openssl.sign(ENTITY, *both), world.root)
    assert set(verified.signers) == {person.certificate for person in both}


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"pss": True}, "rsassaPss"),
        ({"by_key_id": True}, "subjectKeyIdentifier"),
        ({"attributes": False}, "signedAttrs:\n          <ABSENT>"),
        ({"digest": "sha512"}, "sha512"),
    ],
    ids=["pss", "key identifier", "no attributes", "sha512"],
)
def test_signing_options_reach_the_structure(
    world: World, openssl: OpenSSL, options: dict[str, Any], field: str
) -> None:
    cms = openssl.sign(ENTITY, world.person("alice"), form="DER", detached=False, **options)
    assert field in openssl.structure(cms)
    assert openssl.verify(cms, world.root, form="DER").content == ENTITY


@pytest.mark.parametrize("cipher", ["aes-128-cbc", "aes-256-cbc", "aes-256-gcm", "des3"])
@pytest.mark.parametrize("name", ["huber", "dana", "bruno"])
def test_encrypted_messages_open(world: World, openssl: OpenSSL, cipher: str, name: str) -> None:
    alice, other = world.person("alice"), world.person(name)
    message = openssl.encrypt(ENTITY, alice, other, cipher=cipher)
    assert openssl.decrypt(message, alice) == ENTITY
    assert openssl.decrypt(message, other) == ENTITY


@pytest.mark.parametrize(
    ("name", "options", "field"),
    [
        ("huber", {"oaep": "sha256"}, "rsaesOaep"),
        ("huber", {"by_key_id": True}, "subjectKeyIdentifier"),
        ("dana", {"kdf_digest": "sha256"}, "dhSinglePass-stdDH-sha256kdf"),
    ],
    ids=["oaep", "key identifier", "kdf"],
)
def test_encryption_options_reach_the_structure(
    world: World, openssl: OpenSSL, name: str, options: dict[str, Any], field: str
) -> None:
    person = world.person(name)
    message = openssl.encrypt(ENTITY, person, **options)
    assert field in openssl.structure(cms_of(message))
    assert openssl.decrypt(message, person) == ENTITY


def test_the_older_twin_reads_and_writes_encrypted_mail(world: World, tmp_path: Path) -> None:
    cms, smime = OpenSSL(tmp_path, "cms"), OpenSSL(tmp_path, "smime")
    bob = world.person("bob")
    assert smime.decrypt(cms.encrypt(ENTITY, bob), bob) == ENTITY
    assert cms.decrypt(smime.encrypt(ENTITY, bob), bob) == ENTITY


def test_the_wrong_key_opens_nothing(world: World, openssl: OpenSSL) -> None:
    message = openssl.encrypt(ENTITY, world.person("bob"))
    with pytest.raises(PeerError):
        openssl.decrypt(message, world.person("alice"))


def test_streaming_makes_indefinite_lengths(world: World, openssl: OpenSSL) -> None:
    cms = openssl.encrypt(ENTITY, world.person("bob"), streamed=True, form="DER")
    assert cms[:2] == b"\x30\x80"
    assert openssl.decrypt(cms, world.person("bob"), form="DER") == ENTITY


def test_bodies_are_found_behind_headers() -> None:
    assert body_of(text_entity("a\r\n")) == b"a\r\n"
