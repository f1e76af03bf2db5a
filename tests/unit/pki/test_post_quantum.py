"""Post-quantum keys: every form of a private key, and what certificates of such keys may do.

The expanded keys here have only the octets that can be compared; true ones of another
implementation are in ``tests/corpora``.
"""

from hashlib import pbkdf2_hmac, sha3_256, shake_256

import pytest
from cryptography.hazmat.primitives.asymmetric import mldsa, mlkem
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from hypothesis import given
from hypothesis import strategies as st

from siegel.base import ber, der, oids
from siegel.base.errors import (
    DecryptionFailed,
    MalformedMessage,
    SiegelError,
    UnsupportedAlgorithm,
    WrongPassphrase,
)
from siegel.base.keys import DecryptionKey, KeyKind, SignatureKind, SignatureScheme, SigningKey
from siegel.base.secret import Secret
from siegel.pki import keystore, pkcs12, post_quantum
from siegel.pki.certificate import parse_certificate
from siegel.pki.export import contains_private_key
from siegel.pki.keyfile import MAX_SIZE, private_key_from_file
from siegel.pki.pkcs12 import Flavour, build_pkcs12, open_pkcs12
from siegel.pki.softkeys import (
    PrivateKey,
    SoftwareKey,
    SoftwareKeyring,
    key_matches,
    load_private_key,
    private_key_info,
    spki_sha256,
)
from tests.unit.pki.making import certificate_der, key_usage
from tests.world import WORLD

DATA = b"Content-Type: text/plain\r\n\r\nGuten Tag\r\n"
PQ_SCHEME = SignatureScheme(SignatureKind.ML_DSA, "sha512")

ML_DSA = [
    pytest.param(oids.ML_DSA_44, mldsa.MLDSA44PrivateKey, (4, 4), 2560, id="ML-DSA-44"),
    pytest.param(oids.ML_DSA_65, mldsa.MLDSA65PrivateKey, (6, 5), 4032, id="ML-DSA-65"),
    pytest.param(oids.ML_DSA_87, mldsa.MLDSA87PrivateKey, (8, 7), 4896, id="ML-DSA-87"),
]
ML_KEM = [
    pytest.param(oids.ML_KEM_768, mlkem.MLKEM768PrivateKey, 2400, id="ML-KEM-768"),
    pytest.param(oids.ML_KEM_1024, mlkem.MLKEM1024PrivateKey, 3168, id="ML-KEM-1024"),
]
EVERY_KIND: list[PrivateKey] = [
    mldsa.MLDSA44PrivateKey.generate(),
    mldsa.MLDSA65PrivateKey.generate(),
    mldsa.MLDSA87PrivateKey.generate(),
    mlkem.MLKEM768PrivateKey.generate(),
    mlkem.MLKEM1024PrivateKey.generate(),
]
FRESH = pytest.mark.parametrize("fresh", EVERY_KIND, ids=lambda key: type(key).__name__)


def key_info(algorithm: str, choice: bytes) -> bytes:
    return der.sequence(der.integer(0), der.algorithm(algorithm), der.octet_string(choice))


def seed_only(seed: bytes) -> bytes:
    return der.context(0, seed, constructed=False)


def both(seed: bytes, expanded: bytes) -> bytes:
    return der.sequence(der.octet_string(seed), der.octet_string(expanded))


def expanded_ml_dsa(
    private: mldsa.MLDSA44PrivateKey | mldsa.MLDSA65PrivateKey | mldsa.MLDSA87PrivateKey,
    ranks: tuple[int, int],
    size: int,
) -> bytes:
    """ρ and tr out of the public key, K out of the seed, and nothing secret."""
    public = private.public_key().public_bytes_raw()
    signing = shake_256(private.private_bytes_raw() + bytes(ranks)).digest(128)[96:]
    return (public[:32] + signing + shake_256(public).digest(64)).ljust(size, b"\0")


def expanded_ml_kem(
    private: mlkem.MLKEM768PrivateKey | mlkem.MLKEM1024PrivateKey, size: int
) -> bytes:
    public = private.public_key().public_bytes_raw()
    return (public + sha3_256(public).digest() + private.private_bytes_raw()[32:]).rjust(size)


def _load(algorithm: str, choice: bytes) -> PrivateKey:
    return load_private_key(key_info(algorithm, choice), validated=False)


def flipped(blob: bytes, place: int) -> bytes:
    return blob[:place] + bytes([blob[place] ^ 1]) + blob[place + 1 :]


# Forms of private keys


@FRESH
def test_what_cryptography_writes_is_read(fresh: PrivateKey) -> None:
    for encoding in (Encoding.DER, Encoding.PEM):
        file = fresh.private_bytes(encoding, PrivateFormat.PKCS8, NoEncryption())
        assert private_key_from_file(file, None).public_key() == fresh.public_key()


@FRESH
@pytest.mark.parametrize("encoding", [Encoding.DER, Encoding.PEM])
def test_an_encrypted_key_opens_with_its_passphrase_only(
    fresh: PrivateKey, encoding: Encoding
) -> None:
    file = fresh.private_bytes(encoding, PrivateFormat.PKCS8, BestAvailableEncryption(b"geheim"))

    assert private_key_from_file(file, Secret("geheim")).public_key() == fresh.public_key()
    for wrong in (None, Secret("Geheim")):
        with pytest.raises(WrongPassphrase):
            private_key_from_file(file, wrong)


@pytest.mark.parametrize(("algorithm", "kind", "ranks", "size"), ML_DSA)
def test_an_ml_dsa_key_of_both_forms_is_its_seed(
    algorithm: str,
    kind: type[mldsa.MLDSA44PrivateKey],
    ranks: tuple[int, int],
    size: int,
) -> None:
    private = kind.generate()
    seed, expanded = private.private_bytes_raw(), expanded_ml_dsa(private, ranks, size)

    found = _load(algorithm, both(seed, expanded))

    assert private_key_info(found) == key_info(algorithm, seed_only(seed))
    for place in (0, 32, 64, 127):  # the first octets of ρ, K and tr, and the last one of tr
        with pytest.raises(MalformedMessage):
            _load(algorithm, both(seed, flipped(expanded, place)))


@pytest.mark.parametrize(("algorithm", "kind", "size"), ML_KEM)
def test_an_ml_kem_key_of_both_forms_is_its_seed(
    algorithm: str, kind: type[mlkem.MLKEM768PrivateKey], size: int
) -> None:
    private = kind.generate()
    seed, expanded = private.private_bytes_raw(), expanded_ml_kem(private, size)

    found = _load(algorithm, both(seed, expanded))

    assert private_key_info(found) == key_info(algorithm, seed_only(seed))
    for place in (-1, -32, -33, -64, -65, -size // 2):  # z, H(ek), ek
        with pytest.raises(MalformedMessage):
            _load(algorithm, both(seed, flipped(expanded, place % size)))


@pytest.mark.parametrize("algorithm", [oids.ML_DSA_65, oids.ML_KEM_768])
def test_a_key_without_its_seed_is_refused_with_advice(algorithm: str) -> None:
    with pytest.raises(UnsupportedAlgorithm, match="ask the program that made it for the seed"):
        _load(algorithm, der.octet_string(bytes(4032)))


def test_advice_is_given_for_encrypted_keys_too() -> None:
    """What the key is like is said by itself, not mistaken for a wrong passphrase."""
    file = encrypted(key_info(oids.ML_DSA_44, der.octet_string(bytes(2560))), b"geheim")
    with pytest.raises(UnsupportedAlgorithm, match="seed"):
        private_key_from_file(file, Secret("geheim"))


def encrypted(pkcs8: bytes, passphrase: bytes) -> bytes:
    """EncryptedPrivateKeyInfo: PBES2 with one round of HMAC-SHA-1, the default, and AES-128."""
    salt, vector = bytes(8), bytes(16)
    encryptor = Cipher(AES(pbkdf2_hmac("sha1", passphrase, salt, 1, 16)), CBC(vector)).encryptor()
    missing = 16 - len(pkcs8) % 16
    ciphertext = encryptor.update(pkcs8 + bytes([missing]) * missing) + encryptor.finalize()
    derivation = der.sequence(der.octet_string(salt), der.integer(1))
    scheme = der.sequence(
        der.algorithm(oids.PBKDF2, derivation),
        der.algorithm(oids.AES128_CBC, der.octet_string(vector)),
    )
    return der.sequence(der.algorithm(oids.PBES2, scheme), der.octet_string(ciphertext))


def test_a_file_too_long_for_a_key_is_not_read() -> None:
    private = private_key_info(mldsa.MLDSA44PrivateKey.generate())
    fields = [bytes(field.raw) for field in ber.read(private).children()]
    attributes = der.context(0, bytes(MAX_SIZE))

    with pytest.raises(MalformedMessage):
        private_key_from_file(der.sequence(*fields, attributes), None)
    found = private_key_from_file(der.sequence(*fields, der.context(0)), None)
    assert private_key_info(found) == private


@pytest.mark.parametrize(
    ("algorithm", "choice"),
    [
        pytest.param(oids.ML_DSA_44, seed_only(bytes(31)), id="fail/short-seed"),
        pytest.param(oids.ML_DSA_44, seed_only(bytes(64)), id="fail/seed-of-ml-kem"),
        pytest.param(oids.ML_KEM_768, seed_only(bytes(32)), id="fail/seed-of-ml-dsa"),
        pytest.param(oids.ML_DSA_44, both(bytes(32), bytes(2559)), id="fail/short-expanded"),
        pytest.param(oids.ML_KEM_768, both(bytes(32), bytes(2400)), id="fail/both-short-seed"),
        pytest.param(oids.ML_DSA_44, der.sequence(der.octet_string(bytes(32))), id="fail/one"),
        pytest.param(oids.ML_DSA_44, der.sequence(), id="fail/none"),
        pytest.param(oids.ML_DSA_44, der.integer(1), id="fail/integer"),
        pytest.param(oids.ML_DSA_44, der.null(), id="fail/null"),
        pytest.param(oids.ML_DSA_44, b"", id="fail/empty"),
        pytest.param(oids.ML_KEM_768, b"\x30\x84", id="fail/cut"),
    ],
)
def test_what_is_no_such_key_is_malformed(algorithm: str, choice: bytes) -> None:
    with pytest.raises(MalformedMessage):
        _load(algorithm, choice)


@given(st.sampled_from([oids.ML_DSA_65, oids.ML_KEM_1024, oids.ML_KEM_512]), st.binary(max_size=99))
def test_hostile_octets_never_raise_anything_else(algorithm: str, choice: bytes) -> None:
    with pytest.raises(SiegelError):
        load_private_key(key_info(algorithm, choice) + choice, validated=False)


@pytest.mark.parametrize(
    ("algorithm", "name"),
    [
        (oids.ML_DSA_44, "ML-DSA-44"),
        (oids.ML_KEM_512, "ML-KEM-512"),
        (oids.ML_KEM_1024, "ML-KEM-1024"),
        ("2.16.840.1.101.3.4.3.20", "SLH-DSA-SHA2-128s"),
        ("2.16.840.1.101.3.4.3.23", "SLH-DSA-SHA2-192f"),
        ("2.16.840.1.101.3.4.3.26", "SLH-DSA-SHAKE-128s"),
        ("2.16.840.1.101.3.4.3.31", "SLH-DSA-SHAKE-256f"),
        ("2.16.840.1.101.3.4.3.32", None),
        ("1.3.6.1.5.5.7.6.45", "composite ML-DSA"),
        ("1.3.6.1.5.5.7.6.58", "composite ML-KEM"),
        (oids.RSA, None),
    ],
)
def test_algorithms_have_names_whether_computed_or_not(algorithm: str, name: str | None) -> None:
    assert post_quantum.name_of(algorithm) == name


@pytest.mark.parametrize(
    "algorithm", [oids.ML_KEM_512, "2.16.840.1.101.3.4.3.25", "1.3.6.1.5.5.7.6.47"]
)
def test_private_keys_that_cannot_be_computed_are_named(algorithm: str) -> None:
    with pytest.raises(UnsupportedAlgorithm, match=str(post_quantum.name_of(algorithm))):
        _load(algorithm, seed_only(bytes(64)))


# Use


def _key(name: str) -> SoftwareKey:
    person = WORLD.person(name)
    private = load_private_key(person.pkcs8, validated=True)
    return SoftwareKey(private, [parse_certificate(person.certificate_der)])


@pytest.mark.requirement("C12")
def test_an_ml_dsa_signature_holds() -> None:
    signer: SigningKey = _key("quentin")
    signature = signer.sign(memoryview(DATA), PQ_SCHEME)
    public = signer.certificate.public_key
    assert isinstance(public, mldsa.MLDSA65PublicKey)
    public.verify(signature, DATA)  # pure, with an empty context


@pytest.mark.parametrize("name", ["quentin_encrypt", "alice", "carla"])
def test_other_keys_do_not_sign_like_that(name: str) -> None:
    with pytest.raises(UnsupportedAlgorithm):
        _key(name).sign(DATA, PQ_SCHEME)


def test_an_ml_dsa_key_signs_in_no_other_way() -> None:
    for kind in set(SignatureKind) - {SignatureKind.ML_DSA}:
        with pytest.raises(UnsupportedAlgorithm):
            _key("quentin").sign(DATA, SignatureScheme(kind, "sha512"))


@pytest.mark.requirement("C12")
def test_an_ml_kem_key_finds_the_secret_that_was_encapsulated() -> None:
    opener: DecryptionKey = _key("quentin_encrypt")
    public = opener.public_key
    assert isinstance(public, mlkem.MLKEM768PublicKey)
    secret, ciphertext = public.encapsulate()

    assert opener.decapsulate(memoryview(ciphertext)) == secret
    rejected = opener.decapsulate(flipped(ciphertext, 7))
    assert len(rejected) == 32
    assert rejected != secret
    assert rejected == opener.decapsulate(flipped(ciphertext, 7))  # not an oracle by chance


@pytest.mark.parametrize("size", [0, 1087, 1089, 1568])
def test_a_ciphertext_of_another_length_is_refused(size: int) -> None:
    with pytest.raises(DecryptionFailed):
        _key("quentin_encrypt").decapsulate(bytes(size))


@pytest.mark.parametrize("name", ["quentin", "alice", "carla_encrypt"])
def test_other_keys_do_not_decapsulate(name: str) -> None:
    with pytest.raises(UnsupportedAlgorithm):
        _key(name).decapsulate(bytes(1088))


def test_the_keyring_finds_the_key_by_both_names() -> None:
    key = _key("quentin_encrypt")
    ring = SoftwareKeyring([key])
    identifier = key.certificate.subject_key_identifier

    assert identifier is not None
    assert ring.matching(identifier) == (key,)
    assert ring.matching(key.certificate.issuer_and_serial) == (key,)


def test_the_keyring_holds_what_was_agreed_on_and_typed() -> None:
    shared, typed = Secret(bytes(16)), Secret("geheim")
    ring = SoftwareKeyring([], shared_keys={b"2026": shared}, passphrases=[typed])

    assert ring.shared_keys(memoryview(b"2026").tobytes()) == (shared,)
    assert ring.shared_keys(b"2025") == ()
    assert ring.passphrases() == (typed,)
    assert SoftwareKeyring([]).passphrases() == ()


# Keeping


@FRESH
def test_a_key_is_sealed_and_unsealed(fresh: PrivateKey) -> None:
    name, kek = spki_sha256(fresh), bytes(32)
    sealed = keystore.seal(private_key_info(fresh), kek, name)
    found = load_private_key(keystore.unseal(sealed, kek, name).reveal(), validated=True)
    assert found.public_key() == fresh.public_key()


@FRESH
def test_a_pkcs12_file_is_written_and_read(
    fresh: PrivateKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pkcs12, "KDF_ROUNDS", 2000)  # a second for each file otherwise
    certificate = parse_certificate(certificate_der(key=fresh.public_key()))
    issuer = parse_certificate(WORLD.root.der)
    file = build_pkcs12(fresh, certificate, [issuer], Secret("Grüße"))

    found = open_pkcs12(file, Secret("Grüße"))

    (entry,) = found.keys
    assert entry.key.public_key() == fresh.public_key()
    assert (entry.certificates, entry.friendly_name) == ((certificate,), "Somebody")
    assert set(found.certificates) == {certificate, issuer}
    assert not found.outdated
    with pytest.raises(WrongPassphrase):
        open_pkcs12(file, Secret("Grusse"))


def test_devices_of_old_times_get_no_such_file() -> None:
    person = WORLD.person("quentin")
    own = parse_certificate(person.certificate_der)
    with pytest.raises(UnsupportedAlgorithm):
        build_pkcs12(person.private_key, own, (), Secret("x"), flavour=Flavour.COMPATIBLE)


@FRESH
def test_the_guard_knows_such_keys(fresh: PrivateKey) -> None:
    assert contains_private_key(private_key_info(fresh))


# Certificates


@pytest.mark.parametrize(
    ("name", "kind", "shown", "signs", "receives"),
    [
        ("quentin", KeyKind.ML_DSA, "ML-DSA-65", True, False),
        ("quentin_encrypt", KeyKind.ML_KEM, "ML-KEM-768", False, True),
    ],
)
@pytest.mark.requirement("C12")
def test_a_certificate_says_what_the_key_is_for(
    name: str, kind: KeyKind, shown: str, signs: bool, receives: bool
) -> None:
    person = WORLD.person(name)
    certificate = parse_certificate(person.certificate_der)

    assert (certificate.key_kind, certificate.key_name) == (kind, shown)
    assert (certificate.may_sign, certificate.may_encrypt) == (signs, receives)
    assert certificate.key_bits > 1000
    assert key_matches(certificate, person.private_key)
    assert certificate.flaws == ()


@pytest.mark.parametrize(
    ("name", "bits", "usable"),
    [
        ("quentin", None, True),
        ("quentin", ("digital_signature",), True),
        ("quentin", ("content_commitment",), True),
        ("quentin", ("digital_signature", "key_cert_sign", "crl_sign"), True),
        ("quentin", ("key_cert_sign",), False),
        ("quentin", ("digital_signature", "key_encipherment"), False),
        ("quentin", ("digital_signature", "key_agreement"), False),
        ("quentin", ("digital_signature", "data_encipherment"), False),
        ("quentin_encrypt", None, True),
        ("quentin_encrypt", ("key_encipherment",), True),
        ("quentin_encrypt", ("key_agreement",), False),
        ("quentin_encrypt", ("key_encipherment", "digital_signature"), False),
        ("quentin_encrypt", ("key_encipherment", "data_encipherment"), False),
    ],
)
def test_key_usage_must_fit_the_kind_of_key(
    name: str, bits: tuple[str, ...] | None, usable: bool
) -> None:
    """RFC 9881 §5 and RFC 9935 §5: one wrong bit, and the certificate is not for mail."""
    usage = [] if bits is None else [key_usage(*bits)]
    public = WORLD.person(name).private_key.public_key()
    certificate = parse_certificate(certificate_der(*usage, key=public))
    assert (certificate.may_sign or certificate.may_encrypt) is usable
