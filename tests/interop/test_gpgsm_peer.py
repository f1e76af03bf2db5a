"""The gpgsm wrapper does what it says – judged by OpenSSL, and OpenSSL's output by gpgsm."""

from collections.abc import Iterator

import pytest

from tests.peers.gpgsm import Gpgsm
from tests.peers.mime import cms_of, multipart_signed, pkcs7_mime, split_signed, text_entity
from tests.peers.openssl import OpenSSL
from tests.peers.programs import PeerError
from tests.world import WORLD, World

pytestmark = pytest.mark.interop
ENTITY = text_entity("Grüße,\r\n\r\n.ein Punkt am Anfang\r\n")


@pytest.fixture(scope="module")
def gpgsm() -> Iterator[Gpgsm]:
    with Gpgsm() as peer:
        peer.trust(*WORLD.trusted_roots)
        peer.import_key(WORLD.person("alice"), WORLD.person("huber"))
        peer.import_certificate(WORLD.person("bob"), WORLD.person("emil"))
        yield peer


def test_openssl_verifies_what_gpgsm_signs(world: World, gpgsm: Gpgsm, openssl: OpenSSL) -> None:
    message = multipart_signed(ENTITY, gpgsm.sign(ENTITY, world.person("huber")))
    verified = openssl.verify(message, world.root)
    assert verified.content == ENTITY
    assert verified.signers == (world.person("huber").certificate,)


def test_openssl_verifies_what_gpgsm_signs_opaquely(
    world: World, gpgsm: Gpgsm, openssl: OpenSSL
) -> None:
    cms = gpgsm.sign(ENTITY, world.person("huber"), detached=False)
    assert openssl.verify(pkcs7_mime(cms, "signed-data"), world.root).content == ENTITY


@pytest.mark.parametrize(
    ("name", "digest"),
    [
        ("bob", "sha256"),
        ("bob", "sha512"),
        ("paula", "sha256"),
        ("dana", "sha256"),
        ("bruno", "sha256"),
        ("petra", "sha384"),  # it insists on a digest as long as the curve
    ],
)
def test_gpgsm_verifies_what_openssl_signs(
    world: World, gpgsm: Gpgsm, openssl: OpenSSL, name: str, digest: str
) -> None:
    entity, signature = split_signed(openssl.sign(ENTITY, world.person(name), digest=digest))
    verified = gpgsm.verify(signature, entity)
    assert verified.status.says("VALIDSIG")


@pytest.mark.parametrize("pss", [False, True], ids=["PKCS#1 v1.5", "PSS"])
def test_gpgsm_opens_the_content_that_openssl_signs_opaquely(
    world: World, gpgsm: Gpgsm, openssl: OpenSSL, pss: bool
) -> None:
    cms = openssl.sign(ENTITY, world.person("bob"), detached=False, pss=pss, form="DER")
    assert gpgsm.verify(cms).content == ENTITY


def test_gpgsm_refuses_a_changed_octet(world: World, gpgsm: Gpgsm, openssl: OpenSSL) -> None:
    entity, signature = split_signed(openssl.sign(ENTITY, world.person("bob")))
    with pytest.raises(PeerError, match="digest attribute does not match"):
        gpgsm.verify(signature, entity.replace(b"Punkt", b"Prunk"))


@pytest.mark.parametrize("name", ["emil", "ursula", "stranger"])
def test_gpgsm_refuses_wrong_certificates(
    world: World, gpgsm: Gpgsm, openssl: OpenSSL, name: str
) -> None:
    entity, signature = split_signed(openssl.sign(ENTITY, world.person(name)))
    with pytest.raises(PeerError):
        gpgsm.verify(signature, entity)


@pytest.mark.parametrize("cipher", ["AES", "AES256", "3DES"])
def test_openssl_opens_what_gpgsm_encrypts(
    world: World, gpgsm: Gpgsm, openssl: OpenSSL, cipher: str
) -> None:
    alice, bob = world.person("alice"), world.person("bob")
    message = pkcs7_mime(gpgsm.encrypt(ENTITY, alice, bob, cipher=cipher), "enveloped-data")
    assert openssl.decrypt(message, bob) == ENTITY
    assert openssl.decrypt(message, alice) == ENTITY


def test_gpgsm_opens_what_openssl_encrypts(world: World, gpgsm: Gpgsm, openssl: OpenSSL) -> None:
    message = openssl.encrypt(ENTITY, world.person("bob"), world.person("huber"))
    assert gpgsm.decrypt(cms_of(message)) == ENTITY


def test_gpgsm_opens_nothing_without_the_key(world: World, gpgsm: Gpgsm, openssl: OpenSSL) -> None:
    with pytest.raises(PeerError):
        gpgsm.decrypt(cms_of(openssl.encrypt(ENTITY, world.person("bob"))))


def test_gpgsm_does_not_read_modern_certificate_files(world: World, gpgsm: Gpgsm) -> None:
    with pytest.raises(PeerError):
        gpgsm.import_p12(world.person("bob").p12("geheim", "modern"))
