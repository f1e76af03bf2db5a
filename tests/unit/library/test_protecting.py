"""Sign and encrypt through the library; OpenSSL judges what comes out."""

import io

import pytest

import siegel
from siegel import Keys
from tests.peers.openssl import OpenSSL
from tests.unit.smime.mails import MAIL, NOW, certificate, key
from tests.world import WORLD

ALICE = Keys(
    [key("alice")], certificates=[siegel.parse_certificate(WORLD.person("alice").chain[0])]
)
EARLY = certificate("alice").not_before


@pytest.mark.requirement("A57", "A58")
@pytest.mark.parametrize("opaque", [False, True], ids=["ok/clear", "ok/opaque"])
@pytest.mark.parametrize("pss", [False, True], ids=["ok/pkcs1", "ok/pss"])
def test_openssl_verifies_what_was_signed(openssl: OpenSSL, opaque: bool, pss: bool) -> None:
    signed = siegel.sign(io.BytesIO(MAIL), ALICE, at=NOW, opaque=opaque, pss=pss)
    verified = openssl.verify(bytes(signed), WORLD.root)
    assert verified.signers == (WORLD.person("alice").certificate,)
    assert b"Bescheid" in verified.content


@pytest.mark.requirement("A14")
@pytest.mark.parametrize("by_ski", [False, True], ids=["ok/issuer-and-serial", "ok/ski"])
@pytest.mark.parametrize("oaep", [False, True], ids=["ok/pkcs1", "ok/oaep"])
def test_openssl_opens_what_was_encrypted(openssl: OpenSSL, oaep: bool, by_ski: bool) -> None:
    signed = siegel.sign(MAIL, ALICE, at=NOW)
    readers = [certificate("huber"), certificate("bob")]
    sealed = signed.encrypt_to(readers, oaep=oaep, by_ski=by_ski)
    for reader in ("huber", "bob"):
        inside = openssl.decrypt(bytes(sealed), WORLD.person(reader))
        assert b"Bescheid" in openssl.verify(inside, WORLD.root).content
    (layer,) = siegel.open_message(sealed.chunks(), Keys([key("bob")])).encrypted_layers
    assert [type(one.identifier) is bytes for one in layer.recipients] == [by_ski, by_ski]


def test_one_signature_makes_several_copies() -> None:
    signed = siegel.sign(MAIL, ALICE, at=NOW)
    copies = [signed.encrypt_to([certificate(name)]) for name in ("huber", "bob")]
    payloads = [
        bytes(siegel.open_message(copy.chunks(), Keys([key(name)])).payload.exact)
        for name, copy in zip(("huber", "bob"), copies, strict=True)
    ]
    assert payloads[0] == payloads[1] == bytes(siegel.open_message(bytes(signed)).payload.exact)
    assert bytes(copies[0]) != bytes(copies[1])


@pytest.mark.requirement("A8")
@pytest.mark.parametrize(
    ("names", "words"),
    [
        ((), "a recipient"),
        (("sina",), "not a certificate for encryption"),
        (("huber", "emil"), "not valid at"),
        (("norbert",), "not valid at"),
        (("willi",), "not a certificate for encryption"),
    ],
    ids=["fail/nobody", "fail/signs-only", "fail/expired", "fail/not-yet", "fail/web-server"],
)
def test_nobody_is_encrypted_to_by_an_unusable_certificate(
    names: tuple[str, ...], words: str
) -> None:
    signed = siegel.sign(MAIL, ALICE, at=NOW)
    with pytest.raises(siegel.UnusableCertificate, match=words):
        signed.encrypt_to([certificate(name) for name in names])


def test_an_unknown_cipher_is_unsupported() -> None:
    signed = siegel.sign(MAIL, ALICE, at=NOW)
    with pytest.raises(siegel.UnsupportedAlgorithm):
        signed.encrypt_to([certificate("huber")], cipher="rot13")


@pytest.mark.requirement("A17")
def test_there_is_no_way_to_encrypt_what_was_not_signed() -> None:
    assert not [name for name in siegel.__all__ if "encrypt" in name.lower() and name.islower()]
    assert [n for n in dir(siegel.SignedMail) if n.startswith("encrypt")] == ["encrypt_to"]
    assert not hasattr(siegel.Written, "encrypt_to")


def test_what_is_no_message_is_not_signed() -> None:
    with pytest.raises(siegel.MalformedMessage):
        siegel.sign(b"nothing of that kind", ALICE, at=NOW)
