"""``pki.softkeys``: signatures others verify, content keys others sent, agreed secrets."""

import os
from collections.abc import Callable

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import (
    dsa,
    ec,
    ed448,
    ed25519,
    padding,
    rsa,
    x448,
    x25519,
)
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from siegel.base import ber, der, oids
from siegel.base.errors import (
    Conflict,
    DecryptionFailed,
    MalformedMessage,
    UnsupportedAlgorithm,
    WrongPassphrase,
)
from siegel.base.keys import (
    DecryptionKey,
    Keyring,
    SignatureKind,
    SignatureScheme,
    SigningKey,
    TransportKind,
    TransportScheme,
)
from siegel.base.secret import Secret
from siegel.pki.certificate import Certificate, parse_certificate
from siegel.pki.keyfile import private_key_from_file
from siegel.pki.softkeys import (
    PrivateKey,
    SoftwareKey,
    SoftwareKeyring,
    key_matches,
    load_private_key,
    spki_sha256,
)
from tests.unit.pki.making import certificate_der, certified_as, pss_algorithm
from tests.world import WORLD, Person

DATA = b"Content-Type: text/plain\r\n\r\nGuten Tag\r\n"
PKCS1 = TransportScheme(TransportKind.RSA_PKCS1)
HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha1": hashes.SHA1(),
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}


def of(*names: str) -> tuple[Certificate, ...]:
    return tuple(parse_certificate(WORLD.person(name).certificate_der) for name in names)


def fits(name: str, private: PrivateKey) -> bool:
    return key_matches(of(name)[0], private)


def key(*names: str) -> SoftwareKey:
    return SoftwareKey(WORLD.person(names[0]).private_key, of(*names))


def made(private: PrivateKey) -> SoftwareKey:
    return SoftwareKey(private, [parse_certificate(certificate_der(key=private.public_key()))])


# Signing


@pytest.mark.parametrize("digest", ["sha256", "sha384", "sha512"])
@pytest.mark.parametrize("kind", [SignatureKind.RSA_PKCS1, SignatureKind.RSA_PSS])
def test_rsa_signatures_hold(kind: SignatureKind, digest: str) -> None:
    signer: SigningKey = key("alice")
    signature = signer.sign(memoryview(DATA), SignatureScheme(kind, digest))
    public = signer.certificate.public_key
    assert isinstance(public, rsa.RSAPublicKey)
    algorithm = HASHES[digest]
    scheme: padding.AsymmetricPadding = padding.PKCS1v15()
    if kind is SignatureKind.RSA_PSS:  # a salt exactly as long as the digest
        scheme = padding.PSS(padding.MGF1(algorithm), algorithm.digest_size)
    public.verify(signature, DATA, scheme, algorithm)
    with pytest.raises(InvalidSignature):
        public.verify(signature, DATA + b"x", scheme, algorithm)


@pytest.mark.parametrize("digest", ["sha256", "sha384", "sha512"])
@pytest.mark.parametrize("name", ["dana", "petra", "quirin", "bruno"])
def test_ecdsa_signatures_hold(name: str, digest: str) -> None:
    signature = key(name).sign(DATA, SignatureScheme(SignatureKind.ECDSA, digest))
    public = key(name).public_key
    assert isinstance(public, ec.EllipticCurvePublicKey)
    public.verify(signature, DATA, ec.ECDSA(HASHES[digest]))


def test_eddsa_signatures_hold() -> None:
    signature = key("carla").sign(DATA, SignatureScheme(SignatureKind.ED25519, "sha512"))
    public = key("carla").public_key
    assert isinstance(public, ed25519.Ed25519PublicKey)
    public.verify(signature, DATA)
    private = ed448.Ed448PrivateKey.generate()
    signature = made(private).sign(DATA, SignatureScheme(SignatureKind.ED448, "shake256"))
    private.public_key().verify(signature, DATA)


@pytest.mark.parametrize(
    ("name", "kind", "digest"),
    [
        pytest.param("alice", SignatureKind.RSA_PKCS1, "sha1", id="sha1"),
        pytest.param("alice", SignatureKind.RSA_PKCS1, "md5", id="md5"),
        pytest.param("alice", SignatureKind.ECDSA, "sha256", id="rsa-as-ecdsa"),
        pytest.param("dana", SignatureKind.RSA_PKCS1, "sha256", id="ec-as-rsa"),
        pytest.param("dana", SignatureKind.ECDSA, "sha1", id="ecdsa-sha1"),
        pytest.param("carla", SignatureKind.ED448, "sha512", id="ed25519-as-ed448"),
        pytest.param("carla_encrypt", SignatureKind.ECDSA, "sha256", id="x25519"),
    ],
)
def test_no_key_signs_in_a_way_it_cannot(name: str, kind: SignatureKind, digest: str) -> None:
    with pytest.raises(UnsupportedAlgorithm):
        key(name).sign(DATA, SignatureScheme(kind, digest))


def _certified(algorithm: bytes) -> SoftwareKey:
    private = WORLD.person("alice").private_key
    return SoftwareKey(private, [parse_certificate(certified_as(algorithm))])


def test_a_key_certified_for_pss_does_nothing_else() -> None:
    """RFC 4055 §1.2: the restriction of the certificate binds its owner, too."""
    restricted = _certified(der.algorithm(oids.RSA_PSS))
    assert restricted.sign(DATA, SignatureScheme(SignatureKind.RSA_PSS, "sha256"))
    with pytest.raises(UnsupportedAlgorithm):
        restricted.sign(DATA, SignatureScheme(SignatureKind.RSA_PKCS1, "sha256"))
    with pytest.raises(UnsupportedAlgorithm):
        restricted.decrypt(bytes(256), PKCS1)


@pytest.mark.parametrize(
    ("algorithm", "digest", "allowed"),
    [
        pytest.param(pss_algorithm(), "sha512", True, id="ok/the one digest"),
        pytest.param(pss_algorithm(salt=32), "sha512", True, id="ok/a longer salt"),
        pytest.param(pss_algorithm(), "sha256", False, id="fail/another digest"),
        pytest.param(pss_algorithm(salt=65), "sha512", False, id="fail/a shorter salt"),
    ],
)
def test_a_key_signs_only_as_it_was_certified(algorithm: bytes, digest: str, allowed: bool) -> None:
    restricted, scheme = _certified(algorithm), SignatureScheme(SignatureKind.RSA_PSS, digest)
    if allowed:
        assert restricted.sign(DATA, scheme)
        return
    with pytest.raises(UnsupportedAlgorithm):
        restricted.sign(DATA, scheme)


# Opening


def _alice_public() -> rsa.RSAPublicKey:
    public = key("alice").public_key
    assert isinstance(public, rsa.RSAPublicKey)
    return public


def test_a_content_key_sent_with_v15_padding_is_opened() -> None:
    opener: DecryptionKey = key("alice")
    blob = _alice_public().encrypt(b"k" * 32, padding.PKCS1v15())
    assert opener.decrypt(memoryview(blob), PKCS1) == b"k" * 32


@pytest.mark.parametrize("label", [b"", b"label"])
@pytest.mark.parametrize("mgf", ["sha1", "sha256"])
@pytest.mark.parametrize("digest", ["sha1", "sha256", "sha384", "sha512"])
def test_a_content_key_sent_with_oaep_is_opened(digest: str, mgf: str, label: bytes) -> None:
    scheme = padding.OAEP(padding.MGF1(HASHES[mgf]), HASHES[digest], label or None)
    blob = _alice_public().encrypt(b"k" * 32, scheme)
    transport = TransportScheme(TransportKind.RSA_OAEP, digest, mgf, label)
    assert key("alice").decrypt(blob, transport) == b"k" * 32


def test_bad_v15_padding_yields_random_octets_and_never_an_error() -> None:
    """Implicit rejection: many ciphertexts, no exception, no telling length, always the same."""
    opener = key("alice")
    modulus = _alice_public().public_numbers().n
    lengths = set()
    for _ in range(100):
        blob = (int.from_bytes(os.urandom(256)) % modulus).to_bytes(256)
        opened = opener.decrypt(blob, PKCS1)
        assert opener.decrypt(blob, PKCS1) == opened
        lengths.add(len(opened))
    assert len(lengths) > 10


@pytest.mark.parametrize("above", [0, 1, 1000])
def test_a_ciphertext_above_the_modulus_yields_random_octets_as_well(above: int) -> None:
    blob = (_alice_public().public_numbers().n + above).to_bytes(256)
    assert len(key("alice").decrypt(blob, PKCS1)) == 32


@pytest.mark.parametrize("size", [0, 1, 255, 257, 512])
@pytest.mark.parametrize("kind", list(TransportKind))
def test_a_ciphertext_of_another_length_is_not_opened(kind: TransportKind, size: int) -> None:
    with pytest.raises(DecryptionFailed):
        key("alice").decrypt(bytes(size), TransportScheme(kind))


def test_what_was_not_sent_with_this_oaep_is_not_opened() -> None:
    blob = _alice_public().encrypt(b"k" * 32, padding.PKCS1v15())
    with pytest.raises(DecryptionFailed):
        key("alice").decrypt(blob, TransportScheme(TransportKind.RSA_OAEP))


@pytest.mark.parametrize("name", ["dana", "carla", "carla_encrypt"])
def test_only_rsa_keys_are_sent_content_keys(name: str) -> None:
    with pytest.raises(UnsupportedAlgorithm):
        key(name).decrypt(bytes(256), PKCS1)


@pytest.mark.parametrize("name", ["dana", "petra", "quirin", "bruno"])
def test_two_keys_of_one_curve_agree(name: str) -> None:
    public = key(name).public_key
    assert isinstance(public, ec.EllipticCurvePublicKey)
    ephemeral = ec.generate_private_key(public.curve)
    assert key(name).agree(ephemeral.public_key()) == ephemeral.exchange(ec.ECDH(), public)


def test_two_montgomery_keys_agree() -> None:
    ephemeral = x25519.X25519PrivateKey.generate()
    public = key("carla_encrypt").public_key
    assert isinstance(public, x25519.X25519PublicKey)
    assert key("carla_encrypt").agree(ephemeral.public_key()) == ephemeral.exchange(public)
    mine, theirs = x448.X448PrivateKey.generate(), x448.X448PrivateKey.generate()
    assert made(mine).agree(theirs.public_key()) == theirs.exchange(mine.public_key())


@pytest.mark.parametrize(
    ("name", "peer"),
    [
        pytest.param("dana", key("petra").public_key, id="another-curve"),
        pytest.param("dana", key("alice").public_key, id="rsa"),
        pytest.param("dana", key("carla_encrypt").public_key, id="x25519"),
        pytest.param("alice", key("dana").public_key, id="by-rsa"),
        pytest.param("carla", key("carla").public_key, id="by-ed25519"),
        pytest.param(
            "carla_encrypt", x25519.X25519PublicKey.from_public_bytes(bytes(32)), id="low-order"
        ),
    ],
)
def test_keys_that_do_not_fit_do_not_agree(name: str, peer: PublicKeyTypes) -> None:
    with pytest.raises(DecryptionFailed):
        key(name).agree(peer)


# Keys and certificates


@pytest.mark.requirement("B12", "A27")
@pytest.mark.parametrize("one", WORLD.everybody, ids=lambda one: one.name)
def test_a_key_belongs_to_the_certificate_made_for_it_and_to_no_other(one: Person) -> None:
    for other in WORLD.everybody:
        same = other.role.key_name == one.role.key_name
        assert fits(other.name, one.private_key) is same


@pytest.mark.requirement("B12")
def test_a_key_is_never_put_together_with_another_certificate() -> None:
    with pytest.raises(Conflict):
        SoftwareKey(WORLD.person("alice").private_key, of("bob"))
    with pytest.raises(Conflict):
        SoftwareKey(WORLD.person("alice").private_key, of("alice", "bob"))
    with pytest.raises(Conflict):
        SoftwareKey(WORLD.person("alice").private_key, ())


@pytest.mark.parametrize("name", ["alice", "dana", "carla", "carla_encrypt"])
def test_a_key_pair_has_one_name(name: str) -> None:
    assert spki_sha256(WORLD.person(name).private_key) == of(name)[0].spki_sha256


def test_a_key_is_not_printed() -> None:
    assert "private" not in repr(key("alice")).lower()
    assert "key object" not in repr(key("alice"))


# The keyring


@pytest.mark.requirement("A87")
def test_a_renewed_key_is_found_by_both_certificates() -> None:
    both = key("alice_renewed", "alice")
    ring: Keyring = SoftwareKeyring([both, key("bob")])
    for certificate in of("alice", "alice_renewed"):
        assert list(ring.matching(certificate.issuer_and_serial)) == [both]
        assert certificate.subject_key_identifier
        assert list(ring.matching(certificate.subject_key_identifier)) == [both]


@pytest.mark.requirement("A87")
def test_an_old_certificate_is_found_by_the_key_it_was_made_for() -> None:
    renewed = key("alice_renewed")
    ring = SoftwareKeyring([renewed], certificates=of("alice", "bob"))
    assert list(ring.matching(of("alice")[0].issuer_and_serial)) == [renewed]
    assert list(ring.matching(of("bob")[0].issuer_and_serial)) == []


def test_a_stranger_has_no_key_here() -> None:
    ring = SoftwareKeyring([key("alice")])
    assert list(ring.matching(of("bob")[0].issuer_and_serial)) == []
    assert list(ring.matching(b"unknown")) == []
    assert list(SoftwareKeyring([]).matching(b"")) == []


def test_a_certificate_without_key_identifier_has_the_derived_one() -> None:
    private = WORLD.person("dana").private_key
    plain = SoftwareKey(private, [parse_certificate(certificate_der(key=private.public_key()))])
    derived = of("dana")[0].subject_key_identifier  # RFC 5280 §4.2.1.2 (1), as the world writes it
    assert derived is not None
    assert plain.certificate.subject_key_identifier is None
    assert list(SoftwareKeyring([plain]).matching(memoryview(derived))) == [plain]  # type: ignore[arg-type]  # slices come, too


# Loading


@pytest.mark.parametrize("validated", [False, True])
@pytest.mark.parametrize("name", ["alice", "dana", "carla", "carla_encrypt"])
def test_a_stored_key_is_loaded(name: str, validated: bool) -> None:
    private = load_private_key(WORLD.person(name).pkcs8, validated=validated)
    assert fits(name, private)


def _inconsistent() -> bytes:
    """An RSA key whose d does not belong to its modulus."""
    elements = ber.read(WORLD.person("alice").pkcs8).children()
    inner = [bytes(field.raw) for field in ber.read(elements[2].joined()).children()]
    inner[3] = der.integer(ber.read(inner[3]).integer() + 2)
    kept = [bytes(element.raw) for element in elements[:2]]
    return der.sequence(*kept, der.octet_string(der.sequence(*inner)))


def test_an_inconsistent_key_is_refused_on_import() -> None:
    with pytest.raises(MalformedMessage):
        load_private_key(_inconsistent(), validated=False)


@pytest.mark.parametrize(
    "blob", [b"", b"0\x00", WORLD.person("alice").certificate_der], ids=["", "empty", "certificate"]
)
def test_what_is_no_key_is_malformed(blob: bytes) -> None:
    with pytest.raises(MalformedMessage):
        load_private_key(blob, validated=True)
    with pytest.raises(MalformedMessage):
        private_key_from_file(blob, None)


def test_keys_without_a_use_in_mail_are_unsupported() -> None:
    private = dsa.generate_private_key(2048)
    blob = private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    with pytest.raises(UnsupportedAlgorithm):
        load_private_key(blob, validated=False)


@pytest.mark.parametrize("name", ["alice", "dana"])
@pytest.mark.parametrize("encoding", [Encoding.PEM, Encoding.DER])
@pytest.mark.parametrize("form", [PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL])
def test_a_bare_key_file_is_read(name: str, encoding: Encoding, form: PrivateFormat) -> None:
    private = WORLD.person(name).private_key
    blob = private.private_bytes(encoding, form, NoEncryption())
    beside = WORLD.person(name).certificate_pem if encoding is Encoding.PEM else b""
    assert fits(name, private_key_from_file(beside + blob, Secret("unneeded")))


@pytest.mark.parametrize("encoding", [Encoding.PEM, Encoding.DER])
def test_an_encrypted_key_file_opens_with_its_passphrase_only(encoding: Encoding) -> None:
    private = WORLD.person("dana").private_key
    secret = "Grüße".encode()
    blob = private.private_bytes(encoding, PrivateFormat.PKCS8, BestAvailableEncryption(secret))
    assert fits("dana", private_key_from_file(blob, Secret("Grüße")))
    attempts: tuple[Callable[[], object], ...] = (
        lambda: private_key_from_file(blob, Secret("Gruesse")),
        lambda: private_key_from_file(blob, None),
    )
    for attempt in attempts:
        with pytest.raises(WrongPassphrase):
            attempt()
