"""Protecting: the outer header stays, content moves inside, nothing unsigned is encrypted."""

import email
import inspect
import typing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import siegel
import siegel.smime.encrypt
from siegel.base.buffers import joined
from siegel.base.errors import UnsupportedAlgorithm
from siegel.base.keys import KeyKind, SignatureKind, TransportKind, TransportScheme
from siegel.mime.parse import parse_message
from siegel.pki.certificate import parse_certificate
from siegel.pki.public_keys import PssParameters
from siegel.smime import protect, schemes
from siegel.smime.protect import SignedMessage
from siegel.smime.sign import SigningIdentity
from tests.peers import mime
from tests.peers.openssl import OpenSSL
from tests.peers.programs import PeerError
from tests.unit.cms import people
from tests.unit.smime import mails
from tests.unit.smime.mails import MAIL, NOW, TEXT, certificate, identity, opened
from tests.world import World

HEADERS = [
    pytest.param(b"Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n", id="ok/encoded-word"),
    pytest.param("Subject: Grüße\r\n".encode(), id="ok/utf-8"),
    pytest.param(b"Subject: Gr\xfc\xdfe\r\n", id="ok/latin-1"),
    pytest.param(b"X-Folded: one\r\n\ttwo\r\n   three  \r\n", id="ok/folded"),
    pytest.param(b"X-Long: " + b"y" * 3000 + b"\r\n", id="ok/long"),
    pytest.param(b"X-Blanks:    \t x  \t\r\n", id="ok/blanks"),
    pytest.param(b"x-Case:ab\r\nX-CASE:cd\r\n", id="ok/twice"),
    pytest.param(b"DKIM-Signature: v=1; b=abc\r\nReceived: from a by b\r\n", id="ok/trace"),
]


@pytest.mark.requirement("A19")
@pytest.mark.parametrize("field", HEADERS)
def test_every_other_field_stays_outside_octet_for_octet(field: bytes) -> None:
    mail = field + mails.OUTER + TEXT

    for raw in (
        mails.signed_mail("alice", mail=mail),
        mails.sealed_mail("alice", "bob", mail=mail),
    ):
        assert raw.startswith(field + mails.OUTER + b"MIME-Version: 1.0\r\nContent-Type: ")


@pytest.mark.parametrize("opaque", [False, True], ids=["detached", "opaque"])
def test_content_fields_move_inside_and_appear_only_once(opaque: bool) -> None:
    moved = b"Content-Type: text/plain\r\nContent-Language: de\r\nContent-ID: <a@b.example>\r\n"
    mail = b"MIME-Version: 1.0\r\n" + moved + mails.OUTER + b"\r\nHallo\r\n"

    raw = mails.signed_mail("alice", mail=mail, opaque=opaque)
    outside = raw.partition(b"\r\n\r\n")[0]

    assert outside.count(b"MIME-Version") == 1
    assert b"Content-Language" not in outside
    assert b"Content-ID" not in outside
    assert bytes(opened(raw).payload.exact) == moved + b"\r\nHallo\r\n"


@pytest.mark.requirement("A15", "A58")
@pytest.mark.parametrize("name", [b"Bcc", b"BCC", b"bcc"])
def test_bcc_is_neither_outside_nor_inside(name: bytes) -> None:
    mail = name + b": secret@office.example\r\n" + mails.OUTER + TEXT

    clear = mails.signed_mail("alice", mail=mail)
    sealed = mails.sealed_mail("alice", "bob", mail=mail)

    assert b"secret@" not in clear
    assert b"secret@" not in sealed
    assert b"secret@" not in bytes(opened(sealed, "bob").payload.exact)


@pytest.mark.requirement("A16", "A57")
def test_whatever_encrypts_a_message_takes_a_signed_one() -> None:
    parameters = inspect.signature(protect.encrypt).parameters
    hints = typing.get_type_hints(protect.encrypt)

    assert next(iter(parameters)) == "signed"
    assert hints["signed"] is SignedMessage
    assert parameters["signed"].default is inspect.Parameter.empty


@pytest.mark.requirement("A16")
def test_only_sign_returns_a_signed_message() -> None:
    functions = [
        function
        for _, function in inspect.getmembers(protect, inspect.isfunction)
        if function.__module__ == protect.__name__ and not function.__name__.startswith("_")
    ]
    makers = [f for f in functions if typing.get_type_hints(f).get("return") is SignedMessage]

    assert makers == [protect.sign]


@pytest.mark.requirement("A16")
def test_only_protect_reaches_for_the_encryption_of_entities() -> None:
    """Nothing in the package imports ``encrypt_entity`` but the module that demands a signature."""
    root = next(iter(siegel.__path__))
    users = {
        path.relative_to(root).as_posix()
        for path in Path(root).rglob("*.py")
        if "encrypt_entity" in path.read_text("utf-8")
    }

    assert users == {"smime/encrypt.py", "smime/protect.py"}
    assert siegel.smime.encrypt.encrypt_entity.__module__ == "siegel.smime.encrypt"


@pytest.mark.requirement("A16", "A57")
def test_nobody_signs_with_nobody_and_nobody_encrypts_to_nobody() -> None:
    with pytest.raises(ValueError, match="signer"):
        protect.sign(parse_message(MAIL), [], at=NOW)
    with pytest.raises(ValueError, match="recipient"):
        protect.encrypt(mails.signed("alice"), [])


@pytest.mark.requirement("A16", "A14", "A77")
@pytest.mark.parametrize("opaque", [False, True], ids=["detached", "opaque"])
@pytest.mark.parametrize("cipher", ["aes256-cbc", "aes256-gcm"])
def test_what_leaves_encrypted_holds_a_signature_inside(
    world: World, openssl: OpenSSL, opaque: bool, cipher: str
) -> None:
    raw = mails.sealed_mail("alice", "huber", opaque=opaque, cipher=cipher)

    inside = openssl.decrypt(raw, world.person("huber"))

    assert openssl.verify(inside, *world.trusted_roots, at=world.now).signers
    with pytest.raises(PeerError):
        openssl.verify(raw, *world.trusted_roots, at=world.now)


@pytest.mark.requirement("A48", "A49", "A78")
def test_without_s_mime_a_clear_signed_message_can_be_read() -> None:
    parsed = email.message_from_bytes(mails.signed_mail("alice"))

    _, text, signature = parsed.walk()

    assert parsed.get_content_type() == "multipart/signed"
    assert text.get_payload(decode=True) == b"Ein Bescheid.\r\n"
    assert signature.get_filename() == "smime.p7s"


@pytest.mark.requirement("A20", "A50")
def test_the_certificate_and_its_chain_travel_with_the_signature_but_no_root(
    world: World,
) -> None:
    (layer,) = opened(mails.signed_mail("alice")).signed_layers

    alice = world.person("alice")
    assert {c.der for c in layer.certificates} == {alice.certificate_der, *alice.chain}
    assert world.root.der not in {c.der for c in layer.certificates}


def test_the_boundary_never_stands_in_the_text() -> None:
    asked: list[int] = []

    def rng(length: int) -> bytes:
        asked.append(length)
        return bytes([min(len(asked), 3)]) * length

    plain = mails.OUTER + TEXT
    first = protect.sign(parse_message(plain), [identity("alice")], at=NOW, rng=rng)
    mark = parse_message(joined(first.chunks())).root.content_type.params["boundary"].encode()
    asked.clear()

    again = mails.OUTER + TEXT + b"--" + mark + b"\r\n" + mark + b"--\r\n"
    second = protect.sign(parse_message(again), [identity("alice")], at=NOW, rng=rng)
    root = parse_message(joined(second.chunks())).root

    assert root.content_type.params["boundary"].encode() != mark
    assert len(root.children) == 2


TRAPS = [
    pytest.param(b"text/plain; charset=utf-8", "Grüße\r\n".encode(), id="ok/8bit"),
    pytest.param(b"text/html", b"<p>" + b"x" * 2000 + b"</p>\r\n", id="ok/long-lines"),
    pytest.param(b"text/plain", b"Ende  \r\n-- \r\nName\t\r\n", id="ok/trailing-blanks"),
    pytest.param(b"text/plain", b"From hier\r\n.\r\n", id="ok/from-and-dot"),
    pytest.param(b"text/plain", b"a\nb\rc\r\n", id="ok/bare-line-ends"),
    pytest.param(b"text/plain", b"ohne Ende", id="ok/no-last-line-end"),
    pytest.param(b"text/plain", b"", id="ok/empty"),
    pytest.param(b"application/octet-stream", bytes(range(256)), id="ok/binary"),
]


@pytest.mark.requirement("A19")
@pytest.mark.parametrize(("kind", "body"), TRAPS)
def test_a_signature_survives_what_mail_servers_do(
    world: World, openssl: OpenSSL, kind: bytes, body: bytes
) -> None:
    mail = mails.OUTER + b"Content-Type: " + kind + b"\r\n\r\n" + body
    raw = mails.signed_mail("alice", mail=mail)
    entity, signature = mime.split_signed(raw)

    assert all(len(line) <= 998 and line.rstrip() == line for line in entity.split(b"\r\n"))
    assert entity.isascii()
    assert b"\r" not in entity.replace(b"\r\n", b"")
    assert not any(line.startswith(b"From ") or line == b"." for line in entity.split(b"\r\n"))
    verified = openssl.verify(
        signature, world.root, at=world.now, content=entity, form="DER", extra=["-binary"]
    )
    assert verified.content == entity


@settings(max_examples=60, deadline=None)
@given(body=st.binary(max_size=200), opaque=st.booleans())
def test_any_body_is_signed_and_verifies(body: bytes, opaque: bool) -> None:
    raw = mails.signed_mail("alice", mail=mails.OUTER + b"\r\n" + body, opaque=opaque)

    (layer,) = opened(raw).signed_layers

    assert [(s.intact, s.signature_valid) for s in layer.signers] == [(True, True)]
    assert layer.findings == ()


SCHEMES = [
    pytest.param("alice", False, SignatureKind.RSA_PKCS1, "sha256", id="ok/rsa"),
    pytest.param("alice", True, SignatureKind.RSA_PSS, "sha256", id="ok/pss"),
    pytest.param("dana", False, SignatureKind.ECDSA, "sha256", id="ok/p256"),
    pytest.param("petra", False, SignatureKind.ECDSA, "sha384", id="ok/p384"),
    pytest.param("quirin", False, SignatureKind.ECDSA, "sha512", id="ok/p521"),
    pytest.param("bruno", True, SignatureKind.ECDSA, "sha256", id="ok/pss-is-for-rsa-only"),
    pytest.param("carla", False, SignatureKind.ED25519, "sha512", id="ok/ed25519"),
    pytest.param("quentin", False, SignatureKind.ML_DSA, "sha512", id="ok/ml-dsa"),
]


@pytest.mark.requirement("A32", "A81")
@pytest.mark.parametrize(("name", "pss", "kind", "digest"), SCHEMES)
def test_the_kind_of_key_decides_how_is_signed(
    name: str, pss: bool, kind: SignatureKind, digest: str
) -> None:
    scheme = schemes.signature_scheme(certificate(name), pss=pss)

    assert (scheme.kind, scheme.digest) == (kind, digest)


def test_an_ed448_key_signs_with_shake256_and_the_whole_verifies() -> None:
    eda = people.person("ed448")
    leaf = parse_certificate(eda.der)
    signer = SigningIdentity(key=eda, scheme=schemes.signature_scheme(leaf), chain=(eda.der,))

    raw = joined(protect.sign(parse_message(MAIL), [signer], at=NOW).chunks())

    ((only,),) = [layer.signers for layer in opened(raw).signed_layers]
    assert (only.digest, only.intact, only.signature_valid) == ("shake_256", True, True)


def test_a_key_that_only_agrees_signs_nothing() -> None:
    with pytest.raises(UnsupportedAlgorithm):
        schemes.signature_scheme(certificate("carla_encrypt"))


@pytest.mark.requirement("A32", "A81")
def test_the_kind_of_key_decides_how_the_content_key_travels() -> None:
    plain = schemes.recipient_spec(certificate("huber"))
    oaep = schemes.recipient_spec(certificate("huber"), oaep=True)

    assert plain.transport is not None
    assert plain.transport.kind is TransportKind.RSA_PKCS1
    assert oaep.transport is not None
    assert (oaep.transport.kind, oaep.transport.digest) == (TransportKind.RSA_OAEP, "sha256")
    assert schemes.recipient_spec(certificate("dana"), oaep=True).transport is None


def test_a_key_that_only_signs_is_not_encrypted_to() -> None:
    with pytest.raises(UnsupportedAlgorithm):
        mails.sealed_mail("alice", "carla")


def test_a_transport_is_used_as_given_for_rsa_and_for_nothing_else() -> None:
    wanted = TransportScheme(TransportKind.RSA_OAEP, digest="sha512", mgf_digest="sha512")
    assert schemes.recipient_spec(certificate("huber"), transport=wanted).transport == wanted
    assert schemes.recipient_spec(certificate("dana"), transport=wanted).transport is None


def test_a_key_for_one_digest_signs_with_that_one() -> None:
    for digest in ("sha256", "sha384"):
        only = replace(
            certificate("huber"),
            key_kind=KeyKind.RSA_PSS,
            pss=PssParameters(digest=digest, mask_digest=digest, salt=32),
        )
        assert schemes.signature_scheme(only).digest == digest


@pytest.mark.parametrize(
    ("cipher", "smime_type"),
    [
        ("aes256-cbc", b"enveloped-data"),
        ("aes256-gcm", b"authEnveloped-data"),
        ("chacha20-poly1305", b"authEnveloped-data"),
    ],
)
@pytest.mark.parametrize("cek_hkdf", [False, True], ids=["plain", "derived"])
def test_the_type_says_what_the_cipher_makes_and_the_reader_opens_it(
    cipher: str, smime_type: bytes, cek_hkdf: bool
) -> None:
    made = protect.sign(parse_message(MAIL), [identity("alice")], at=NOW)
    specs = [schemes.recipient_spec(certificate("huber"))]

    sealed = joined(protect.encrypt(made, specs, cipher=cipher, cek_hkdf=cek_hkdf))

    assert b"smime-type=%s;" % smime_type in sealed
    found = opened(sealed, "huber")
    assert found.encrypted_layers[0].opened
    assert found.encrypted_layers[0].cipher == cipher
