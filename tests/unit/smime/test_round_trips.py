"""What we write, OpenSSL reads; what OpenSSL writes, we read: every shape, both ways."""

import hashlib

import pytest
from asn1crypto import cms as asn1_cms
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from siegel.base.buffers import joined
from siegel.base.findings import Finding
from siegel.cms.enveloped import RecipientSpec
from siegel.mime.message import Part
from siegel.mime.parse import parse_message
from siegel.policy.inbound import CryptographicSummary
from siegel.smime import protect
from siegel.smime.layers import EncryptedLayer, OpenedMessage, SignedLayer
from tests.peers import mime
from tests.peers.openssl import OpenSSL
from tests.unit.smime import mails
from tests.unit.smime.mails import MAIL, TEXT, certificate, judged, keyring, opened, real_now
from tests.world import World

SIGNERS = [
    pytest.param("alice", False, "rsa_pkcs1", "sha256", id="ok/rsa"),
    pytest.param("alice", True, "rsa_pss", "sha256", id="ok/pss"),
    pytest.param("paula", False, "rsa_pkcs1", "sha256", id="ok/pss-chain"),
    pytest.param("dana", False, "ecdsa", "sha256", id="ok/p256"),
    pytest.param("petra", False, "ecdsa", "sha384", id="ok/p384"),
    pytest.param("quirin", False, "ecdsa", "sha512", id="ok/p521"),
    pytest.param("bruno", False, "ecdsa", "sha256", id="ok/brainpool"),
]
RSA_AND_CURVES = ("huber", "dana", "petra", "quirin", "bruno")


def _is_intact(found: OpenedMessage) -> bool:
    return all(
        signer.intact is True and signer.signature_valid is True and not signer.findings
        for layer in found.signed_layers
        for signer in layer.signers
    )


def _text(payload: Part) -> bytes:
    return bytes(payload.exact)


@pytest.mark.requirement("A7", "A11", "A19", "A20")
@pytest.mark.parametrize("opaque", [False, True], ids=["detached", "opaque"])
@pytest.mark.parametrize(("name", "pss", "algorithm", "digest"), SIGNERS)
def test_openssl_verifies_what_we_sign(
    world: World, openssl: OpenSSL, name: str, pss: bool, algorithm: str, digest: str, opaque: bool
) -> None:
    raw = mails.signed_mail(name, pss=pss, opaque=opaque)

    verified = openssl.verify(raw, *world.trusted_roots, at=world.now)

    assert verified.content == TEXT
    assert verified.signers == (world.person(name).certificate,)
    (layer,) = opened(raw).signed_layers
    assert [(s.algorithm, s.digest) for s in layer.signers] == [(algorithm, digest)]


@pytest.mark.requirement("A2", "A7", "A11", "A18")
@pytest.mark.parametrize("detached", [True, False], ids=["detached", "opaque"])
@pytest.mark.parametrize(("name", "pss", "algorithm", "digest"), SIGNERS)
def test_we_verify_what_openssl_signs(
    world: World,
    openssl: OpenSSL,
    name: str,
    pss: bool,
    algorithm: str,
    digest: str,
    detached: bool,
) -> None:
    person = world.person(name)
    entity = openssl.sign(TEXT, person, pss=pss, detached=detached, digest=digest)

    found = opened(mime.mail(entity, sender=person.address))

    (layer,) = found.signed_layers
    assert _is_intact(found)
    assert layer.detached is detached
    assert [(s.algorithm, s.digest) for s in layer.signers] == [(algorithm, digest)]
    assert _text(found.payload) == TEXT
    assert judged(found, at=real_now()).summary is CryptographicSummary.VERIFIED


@pytest.mark.requirement("A1", "A7", "A11", "A14", "A15")
@pytest.mark.parametrize(
    "cipher",
    ["aes128-cbc", "aes192-cbc", "aes256-cbc", "aes128-gcm", "aes256-gcm"],
)
@pytest.mark.parametrize("oaep", [False, True], ids=["v15", "oaep"])
@pytest.mark.parametrize("opaque", [False, True], ids=["detached", "opaque"])
def test_openssl_opens_what_we_encrypt(
    world: World, openssl: OpenSSL, cipher: str, oaep: bool, opaque: bool
) -> None:
    raw = mails.sealed_mail("alice", "huber", cipher=cipher, oaep=oaep, opaque=opaque)

    inside = openssl.decrypt(raw, world.person("huber"))

    assert openssl.verify(inside, *world.trusted_roots, at=world.now).content == TEXT


@pytest.mark.parametrize("name", RSA_AND_CURVES)
def test_openssl_opens_what_we_encrypt_to_any_kind_of_key(
    world: World, openssl: OpenSSL, name: str
) -> None:
    raw = mails.sealed_mail("alice", name)

    inside = openssl.decrypt(raw, world.person(name))

    assert openssl.verify(inside, *world.trusted_roots, at=world.now).content == TEXT


def test_openssl_opens_what_we_encrypt_to_two_recipients_with_the_key_of_each(
    world: World, openssl: OpenSSL
) -> None:
    raw = mails.sealed_mail("alice", "huber", "dana")

    for name in ("huber", "dana"):
        inside = openssl.decrypt(raw, world.person(name))
        assert openssl.verify(inside, *world.trusted_roots, at=world.now).content == TEXT


@pytest.mark.parametrize("name", ["huber", "dana"])
def test_recipients_are_named_by_their_key_if_wanted(
    world: World, openssl: OpenSSL, name: str
) -> None:
    spec = RecipientSpec(certificate=certificate(name), by_ski=True)
    raw = joined(protect.encrypt(mails.signed("alice"), [spec]))

    (layer,) = opened(raw, name).encrypted_layers

    assert openssl.decrypt(raw, world.person(name))
    assert layer.recipients[0].identifier == certificate(name).subject_key_identifier


@pytest.mark.requirement("A11", "A65", "B20")
@pytest.mark.parametrize(
    "cipher", ["aes-128-cbc", "aes-192-cbc", "aes-256-cbc", "aes-128-gcm", "aes-256-gcm"]
)
@pytest.mark.parametrize("name", RSA_AND_CURVES)
@pytest.mark.parametrize("streamed", [False, True], ids=["der", "ber"])
def test_we_open_what_openssl_signs_and_encrypts(
    world: World, openssl: OpenSSL, cipher: str, name: str, streamed: bool
) -> None:
    inner = openssl.sign(TEXT, world.person("alice"), streamed=streamed)
    entity = openssl.encrypt(inner, world.person(name), cipher=cipher, streamed=streamed)

    found = opened(mime.mail(entity), name)

    assert _text(found.payload) == TEXT
    assert _is_intact(found)
    assert [type(layer) for layer in found.layers] == [EncryptedLayer, SignedLayer]
    assert found.encrypted_layers[0].authenticated is cipher.endswith("gcm")
    assert judged(found, at=real_now()).summary is CryptographicSummary.CONFIDENTIAL


@pytest.mark.parametrize("digest", ["sha1", "sha256", "sha512"])
def test_we_open_oaep_of_openssl(world: World, openssl: OpenSSL, digest: str) -> None:
    inner = openssl.sign(TEXT, world.person("alice"))
    entity = openssl.encrypt(inner, world.person("huber"), oaep=digest)

    assert _text(opened(mime.mail(entity), "huber").payload) == TEXT


@pytest.mark.parametrize("name", ["huber", "dana"])
def test_we_open_what_names_its_recipient_by_key(world: World, openssl: OpenSSL, name: str) -> None:
    entity = openssl.encrypt(TEXT, world.person(name), by_key_id=True)

    (layer,) = opened(mime.mail(entity), name).encrypted_layers

    assert layer.opened
    assert isinstance(layer.recipients[0].identifier, bytes)


def test_we_verify_a_signer_named_by_key(world: World, openssl: OpenSSL) -> None:
    entity = openssl.sign(TEXT, world.person("alice"), by_key_id=True)

    found = opened(mime.mail(entity))

    assert _is_intact(found)
    assert isinstance(found.signed_layers[0].signers[0].identifier, bytes)


@pytest.mark.parametrize("streamed", [False, True], ids=["der", "ber"])
def test_an_opaque_signature_in_indefinite_lengths_verifies(
    world: World, openssl: OpenSSL, streamed: bool
) -> None:
    text = TEXT + b"Zeile\r\n" * 20_000
    entity = openssl.sign(text, world.person("alice"), detached=False, streamed=streamed)

    found = opened(mime.mail(entity))

    assert _is_intact(found)
    assert _text(found.payload) == text


@pytest.mark.parametrize("opaque", [False, True], ids=["detached", "opaque"])
def test_an_ed25519_signature_holds_for_two_independent_libraries(
    world: World, opaque: bool
) -> None:
    """OpenSSL 3.0 has no EdDSA in CMS (RFC 8419): asn1crypto reads, cryptography verifies."""
    raw = mails.signed_mail("carla", opaque=opaque)
    signature = mime.cms_of(raw) if opaque else mime.split_signed(raw)[1]

    (info,) = asn1_cms.ContentInfo.load(signature, strict=True)["content"]["signer_infos"]

    attributes = {one["type"].native: one["values"][0] for one in info["signed_attrs"]}
    assert attributes["message_digest"].native == hashlib.sha512(TEXT).digest()
    public_key = world.person("carla").certificate.public_key()
    assert isinstance(public_key, Ed25519PublicKey)
    public_key.verify(info["signature"].native, b"\x31" + info["signed_attrs"].dump()[1:])
    (signer,) = opened(raw).signed_layers[0].signers
    assert (signer.intact, signer.signature_valid) == (True, True)
    assert (signer.algorithm, signer.digest) == ("ed25519", "sha512")


def test_we_find_our_place_among_several_recipients(world: World, openssl: OpenSSL) -> None:
    people = [world.person(name) for name in ("bob", "dana", "huber")]
    entity = openssl.encrypt(TEXT, *people)

    (layer,) = opened(mime.mail(entity), "huber").encrypted_layers

    assert [(r.kind, r.matched) for r in layer.recipients].count(("ktri", True)) == 1
    assert sum(r.matched for r in layer.recipients) == 1
    assert layer.opened


def test_every_one_of_several_signers_is_shown(world: World, openssl: OpenSSL) -> None:
    people = [world.person(name) for name in ("alice", "bob", "dana")]
    entity = openssl.sign(TEXT, *people)

    found = opened(mime.mail(entity))

    (layer,) = found.signed_layers
    assert _is_intact(found)
    assert {s.certificate for s in layer.signers} == {
        certificate(name) for name in ("alice", "bob", "dana")
    }
    assert layer.findings == (Finding.SEVERAL_SIGNERS,)


def test_openssl_verifies_all_our_signers(world: World, openssl: OpenSSL) -> None:
    raw = mails.signed_mail("alice", "dana", "petra")

    verified = openssl.verify(raw, *world.trusted_roots, at=world.now)

    assert {c.serial_number for c in verified.signers} == {
        world.person(name).certificate.serial_number for name in ("alice", "dana", "petra")
    }
    assert b'micalg="sha-256,sha-384"' in raw.replace(b"\r\n ", b"")


def test_a_triple_wrapped_message_opens_layer_by_layer(world: World, openssl: OpenSSL) -> None:
    inner = openssl.sign(TEXT, world.person("alice"))
    middle = openssl.encrypt(inner, world.person("huber"))
    outer = openssl.sign(middle, world.person("alice"))

    found = opened(mime.mail(outer), "huber")

    assert [type(layer) for layer in found.layers] == [SignedLayer, EncryptedLayer, SignedLayer]
    assert _text(found.payload) == TEXT
    assert found.findings == ()
    assert judged(found, at=real_now()).summary is CryptographicSummary.CONFIDENTIAL


def test_openssl_opens_our_triple_wrapping(world: World, openssl: OpenSSL) -> None:
    sealed = mails.sealed_mail("alice", "huber")
    outer = mails.signed_mail("alice", mail=sealed)

    middle = openssl.verify(outer, *world.trusted_roots, at=world.now).content
    inner = openssl.decrypt(middle, world.person("huber"))

    assert openssl.verify(inner, *world.trusted_roots, at=world.now).content == TEXT
    assert len(opened(outer, "huber").layers) == 3


def test_x25519_opens_with_its_own_key_and_no_other() -> None:
    raw = mails.sealed_mail("alice", "carla_encrypt")

    assert _text(opened(raw, "carla_encrypt").payload) == TEXT
    assert opened(raw, "huber").encrypted_layers[0].findings == (Finding.NO_DECRYPTION_KEY,)


@pytest.mark.parametrize("opaque", [False, True], ids=["detached", "opaque"])
def test_a_message_in_a_message_keeps_every_octet(opaque: bool) -> None:
    body = b"".join(
        (
            b'Content-Type: multipart/mixed; boundary="x"\r\n\r\n',
            b"--x\r\nContent-Type: text/plain\r\n\r\nEins\r\n",
            b"--x\r\nContent-Type: message/rfc822\r\n\r\n" + MAIL + b"\r\n--x--\r\n",
        )
    )
    raw = mails.sealed_mail("alice", "huber", mail=mails.OUTER + body, opaque=opaque)

    found = opened(raw, ring=keyring("huber"))

    assert _text(found.payload) == body
    assert found.errant == ()


def test_a_message_that_was_parsed_from_a_view_is_signed_like_any_other() -> None:
    view = memoryview(bytearray(MAIL))
    made = protect.sign(parse_message(view), [mails.identity("alice")], at=mails.NOW)

    assert _is_intact(opened(joined(made.chunks())))
