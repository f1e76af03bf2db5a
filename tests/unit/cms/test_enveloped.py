"""Opening what is broken, unusual or hostile: one failure for everything, and nothing leaks."""

import os
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, x448, x25519
from cryptography.hazmat.primitives.ciphers.aead import AESCCM, AESGCM, ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.x963kdf import X963KDF
from cryptography.hazmat.primitives.keywrap import aes_key_wrap
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from siegel.base import ber, der, oids
from siegel.base.buffers import Buffer, joined
from siegel.base.errors import (
    DecryptionFailed,
    KeyUnavailable,
    LimitExceeded,
    MalformedMessage,
    UnsupportedAlgorithm,
)
from siegel.base.findings import Finding
from siegel.base.keys import EmptyKeyring, KeyKind, TransportKind, TransportScheme
from siegel.base.limits import Limits
from siegel.cms.enveloped import (
    EnvelopedView,
    Opened,
    RecipientSpec,
    build_enveloped_data,
    decrypt,
    parse_enveloped,
)
from siegel.cms.recipients_read import TransportDoor
from tests.unit.cms.forge import replaced
from tests.unit.cms.people import Person, Ring, certify, person
from tests.unit.cms.sealing import AES, CONTENT, IV, KEY, NONCE, cbc, encrypted, ktri, named, padded

WHO = person("rsa2048")
EC = person("p256")
FAILED = (Finding.DECRYPTION_FAILED,)


def enveloped(algorithm: bytes, content: bytes, *infos: bytes) -> bytes:
    fields = [der.integer(0), der.set_of(*(infos or [ktri()])), encrypted(algorithm, content)]
    return der.sequence(der.oid(oids.ENVELOPED_DATA), der.context(0, der.sequence(*fields)))


def authenticated(
    algorithm: bytes, content: bytes, tag: bytes, *, attributes: bytes = b"", key: bytes = KEY
) -> bytes:
    fields = [
        der.integer(0),
        der.set_of(ktri(key)),
        encrypted(algorithm, content),
        attributes,
        der.octet_string(tag),
    ]
    return der.sequence(der.oid(oids.AUTH_ENVELOPED_DATA), der.context(0, der.sequence(*fields)))


GOOD = enveloped(AES, cbc(padded(CONTENT)))


def result(data: bytes, *people: Person, rng: Callable[[int], bytes] = bytes) -> Opened:
    """With a substitute that is always the same: a random one pads well once in 256 times."""
    return decrypt(parse_enveloped(data), Ring(*(people or [WHO])), rng=rng)


def plain(data: bytes, *people: Person) -> bytes | None:
    content = result(data, *people).content
    return None if content is None else joined(content)


def gcm_params(length: int | None, nonce: bytes = NONCE) -> bytes:
    fields = [der.octet_string(nonce)] + ([] if length is None else [der.integer(length)])
    return der.algorithm(oids.AES256_GCM, der.sequence(*fields))


def gcm(content: bytes = CONTENT, aad: bytes = b"") -> tuple[bytes, bytes]:
    sealed = AESGCM(KEY).encrypt(NONCE, content, aad)
    return sealed[:-16], sealed[-16:]


def test_the_handmade_message_opens() -> None:
    assert plain(GOOD) == CONTENT


CIPHERTEXT, TAG = gcm()
OPENING = {
    "ok/GCM, tag of 16": authenticated(gcm_params(16), CIPHERTEXT, TAG),
    "ok/GCM, tag of 13": authenticated(gcm_params(13), CIPHERTEXT, TAG[:13]),
    "ok/GCM, no length means 12": authenticated(gcm_params(None), CIPHERTEXT, TAG[:12]),
    "ok/GCM in EnvelopedData, tag behind": enveloped(gcm_params(16), CIPHERTEXT + TAG),
    "ok/GCM in EnvelopedData, tag behind, length not told": enveloped(
        gcm_params(None), CIPHERTEXT + TAG
    ),
    "ok/CCM": authenticated(
        der.algorithm(oids.AES256_CCM, der.sequence(der.octet_string(NONCE))),
        AESCCM(KEY, 12).encrypt(NONCE, CONTENT, None)[:-12],
        AESCCM(KEY, 12).encrypt(NONCE, CONTENT, None)[-12:],
    ),
    "ok/ChaCha20-Poly1305": authenticated(
        der.algorithm(oids.CHACHA20_POLY1305, der.octet_string(NONCE)),
        ChaCha20Poly1305(KEY).encrypt(NONCE, CONTENT, None)[:-16],
        ChaCha20Poly1305(KEY).encrypt(NONCE, CONTENT, None)[-16:],
    ),
}


@pytest.mark.parametrize("case", OPENING)
def test_authenticated_ciphers_open(case: str) -> None:
    assert plain(OPENING[case]) == CONTENT
    view = parse_enveloped(OPENING[case])
    assert view.authenticated
    appended = (Finding.TAG_APPENDED_TO_CONTENT,) if "behind" in case else ()
    assert result(OPENING[case]).findings == appended


@pytest.mark.parametrize("written", ["sorted", "in any order"])
def test_authenticated_attributes_are_the_associated_data(written: str) -> None:
    attributes = [
        der.sequence(der.oid(oid), der.set_of(value))
        for oid, value in ((oids.CONTENT_TYPE, der.oid(oids.DATA)), ("1.2.3", der.null()))
    ]
    ciphertext, tag = gcm(aad=der.set_of(*attributes))
    order = sorted(attributes, reverse=written != "sorted")
    data = authenticated(gcm_params(16), ciphertext, tag, attributes=der.context(1, *order))
    assert plain(data) == CONTENT
    changed = der.context(1, order[0])
    assert plain(authenticated(gcm_params(16), ciphertext, tag, attributes=changed)) is None


def derived(algorithm: bytes) -> tuple[bytes, bytes]:
    """The contentEncryptionAlgorithm of RFC 9709 around ``algorithm``, and the derived key."""
    salt = b"The Cryptographic Message Syntax"
    key = HKDF(hashes.SHA256(), 32, salt, algorithm).derive(KEY)
    return der.algorithm(oids.CEK_HKDF_SHA256, algorithm), key


def test_keys_derived_from_the_content_key_open() -> None:
    algorithm, key = derived(AES)
    assert plain(enveloped(algorithm, cbc(padded(CONTENT), key=key))) == CONTENT
    algorithm, key = derived(gcm_params(16))
    sealed = AESGCM(key).encrypt(NONCE, CONTENT, None)
    assert plain(authenticated(algorithm, sealed[:-16], sealed[-16:])) == CONTENT


def test_a_derived_key_does_not_open_what_the_content_key_closed() -> None:
    """The downgrade that RFC 9709 is against: same key, other mode."""
    algorithm, _ = derived(AES)
    assert plain(enveloped(algorithm, cbc(padded(CONTENT)))) != CONTENT


ALIKE = {
    "fail/padding of nothing": enveloped(AES, cbc(bytes(32))),
    "fail/padding of 17": enveloped(AES, cbc(bytes([17]) * 32)),
    "fail/padding not all alike": enveloped(AES, cbc(b"a" * 29 + b"\x02\x03\x03")),
    "fail/half a block": enveloped(AES, cbc(padded(CONTENT))[:-8]),
    "fail/no block at all": enveloped(AES, b""),
    "fail/tag changed": authenticated(gcm_params(16), CIPHERTEXT, TAG[:-1] + b"\x00"),
    "fail/ciphertext changed": authenticated(gcm_params(16), b"x" + CIPHERTEXT[1:], TAG),
    "fail/ciphertext cut off": authenticated(gcm_params(16), CIPHERTEXT[:-1], TAG),
    "fail/tag shorter than announced": authenticated(gcm_params(16), CIPHERTEXT, TAG[:12]),
    "fail/tag longer than announced": authenticated(gcm_params(None), CIPHERTEXT, TAG),
    "fail/tag empty": authenticated(gcm_params(16), CIPHERTEXT, b""),
    "fail/GCM in EnvelopedData without tag": enveloped(gcm_params(16), CIPHERTEXT),
    "fail/GCM in EnvelopedData, shorter than a tag": enveloped(gcm_params(16), TAG[:7]),
    "fail/content key with other octets": enveloped(AES, cbc(bytes(32), key=bytes(32))),
}


@pytest.mark.parametrize("case", ALIKE)
def test_all_failures_look_alike(case: str) -> None:
    failed = result(ALIKE[case])
    assert failed == Opened(content=None, matched=(True,), key_found=True, findings=FAILED)


def test_a_content_key_of_wrong_length_is_replaced_by_a_random_one() -> None:
    """No branch tells the padding of an RSA block: the content is decrypted all the same."""
    asked: list[int] = []

    def rng(length: int) -> bytes:
        asked.append(length)
        return KEY

    data = enveloped(AES, cbc(padded(CONTENT)), ktri(KEY[:16]))
    opened = result(data, rng=rng)
    assert opened.content is not None
    assert joined(opened.content) == CONTENT
    assert asked == [32]
    assert result(GOOD, rng=rng).content is not None
    assert asked == [32, 32]


def test_what_the_key_says_of_its_failure_is_not_passed_on() -> None:
    class Refusing(Person):
        def decrypt(self, blob: Buffer, scheme: TransportScheme) -> bytes:
            raise DecryptionFailed("bad padding in octet 7")

    who = Refusing(WHO.x509, WHO.private, WHO.key_kind)
    assert result(GOOD, who) == Opened(
        content=None, matched=(True,), key_found=True, findings=FAILED
    )


def test_all_keys_with_one_identifier_are_tried() -> None:
    """Several certificates may share a subjectKeyIdentifier (RFC 8551 §2.6)."""

    class Named(Ring):
        def matching(self, identifier: object) -> list[Person]:
            return list(self.people)

    right, wrong = person("rsa2048"), person("rsa2048", 1)
    specs = [RecipientSpec(certificate=right, by_ski=True)]
    view = parse_enveloped(joined(build_enveloped_data([CONTENT], specs, cipher="aes256-gcm")))
    for ring in (Named(right, wrong), Named(wrong, right)):
        opened = decrypt(view, ring)
        assert opened.content is not None
        assert joined(opened.content) == CONTENT
    assert decrypt(view, Named(wrong)).findings == FAILED


def test_keys_are_tried_up_to_the_limit() -> None:
    who = certify("busy", person("rsa2048", 1).private)  # type: ignore[arg-type]  # an RSA key
    specs = [RecipientSpec(certificate=who)] * 50
    view = parse_enveloped(joined(build_enveloped_data([CONTENT], specs)))
    decrypt(view, Ring(who), limits=Limits(decryption_keys=3))
    assert len(who.asked) == 3


class Unplugged(Person):
    def decrypt(self, blob: Buffer, scheme: TransportScheme) -> bytes:
        raise KeyUnavailable("the token is not there")


def test_a_key_that_cannot_be_asked_now_is_an_error_not_a_finding() -> None:
    unplugged = Unplugged(WHO.x509, WHO.private, WHO.key_kind)
    with pytest.raises(KeyUnavailable):
        result(GOOD, unplugged)
    assert plain(GOOD, unplugged, WHO) == CONTENT


def test_without_a_key_nothing_is_tried() -> None:
    opened = decrypt(parse_enveloped(GOOD), EmptyKeyring())
    assert opened == Opened(
        content=None,
        matched=(False,),
        key_found=False,
        findings=(Finding.NO_DECRYPTION_KEY,),
    )


UNSUPPORTED = {
    "cipher of no table": enveloped(der.algorithm("1.2.3", der.octet_string(IV)), b"x" * 16),
    "CBC in AuthEnvelopedData": authenticated(AES, cbc(padded(CONTENT)), TAG),
    "GCM with a tag of 8": authenticated(gcm_params(8), CIPHERTEXT, TAG[:8]),
    "RC2 of 40 bits": enveloped(
        der.algorithm(oids.RC2_CBC, der.sequence(der.integer(160), der.octet_string(bytes(8)))),
        bytes(16),
    ),
    "key transport of no table": enveloped(
        AES, cbc(padded(CONTENT)), ktri(algorithm=der.algorithm("1.2.3"))
    ),
    "OAEP with a label from elsewhere": enveloped(
        AES,
        cbc(padded(CONTENT)),
        ktri(
            algorithm=der.algorithm(
                oids.RSA_OAEP, der.sequence(der.context(2, der.algorithm("1.2.3")))
            )
        ),
    ),
    "OAEP with an unknown digest": enveloped(
        AES,
        cbc(padded(CONTENT)),
        ktri(
            algorithm=der.algorithm(
                oids.RSA_OAEP, der.sequence(der.context(0, der.algorithm("1.2.3")))
            )
        ),
    ),
}


@pytest.mark.parametrize("case", UNSUPPORTED)
def test_what_we_do_not_know_is_said_to_be_unsupported(case: str) -> None:
    opened = result(UNSUPPORTED[case])
    assert (opened.content, opened.key_found) == (None, True)
    assert opened.findings == (Finding.UNSUPPORTED,)


def kari(
    point: Callable[[ec.EllipticCurvePublicKey], bytes] | None = None,
    *,
    ukm: bytes | None = None,
    wrap: bytes | None = None,
    info_wrap: bytes | None = None,
    scheme: str = oids.STD_DH_SHA256_KDF,
    originator: bytes | None = None,
    also: bytes = b"",
    reader: Person = EC,
) -> bytes:
    """A key agreement as RFC 5753 has it, or a little otherwise."""
    assert isinstance(EC.public_key, ec.EllipticCurvePublicKey)
    own = ec.generate_private_key(ec.SECP256R1())
    wrap = wrap or der.algorithm(oids.AES256_WRAP)
    info = der.sequence(
        info_wrap or wrap,
        b"" if ukm is None else der.context(0, der.octet_string(ukm)),
        der.context(2, der.octet_string(bytes.fromhex("00000100"))),
    )
    secret = own.exchange(ec.ECDH(), EC.public_key)
    kek = X963KDF(hashes.SHA256(), 32, info).derive(secret)
    octets = (point or uncompressed)(own.public_key())
    ours = der.sequence(named(reader), der.octet_string(aes_key_wrap(kek, KEY)))
    return der.context(
        1,
        der.integer(3),
        der.context(
            0,
            originator or der.context(1, der.algorithm(oids.EC_PUBLIC_KEY), der.bit_string(octets)),
        ),
        b"" if ukm is None else der.context(1, der.octet_string(ukm)),
        der.algorithm(scheme, wrap),
        der.sequence(also, ours),
    )


def uncompressed(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def compressed(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.CompressedPoint)


def hybrid(key: ec.EllipticCurvePublicKey) -> bytes:
    octets = uncompressed(key)
    return bytes([6 + octets[-1] % 2]) + octets[1:]


def off_the_curve(key: ec.EllipticCurvePublicKey) -> bytes:
    octets = uncompressed(key)
    return octets[:-1] + bytes([octets[-1] ^ 1])


WRAP = der.algorithm(oids.AES256_WRAP)
WRAP_NULL = der.algorithm(oids.AES256_WRAP, der.null())
FOREIGN = der.sequence(
    der.context(0, der.octet_string(b"somebody else")), der.octet_string(bytes(40))
)
AGREED: dict[str, Callable[[], bytes]] = {
    "ok/plain": kari,
    "ok/compressed point": lambda: kari(compressed),
    "ok/with user keying material": lambda: kari(ukm=b"partner"),
    "ok/NULL in the wrap": lambda: kari(wrap=WRAP_NULL),
    "ok/NULL in the wrap, not in the KDF": lambda: kari(wrap=WRAP_NULL, info_wrap=WRAP),
    "ok/NULL in the KDF, not in the wrap": lambda: kari(wrap=WRAP, info_wrap=WRAP_NULL),
    "ok/one agreement for two": lambda: kari(also=FOREIGN),
    "ok/cofactor": lambda: kari(scheme=oids.COFACTOR_DH_SHA256_KDF),
}


@pytest.mark.parametrize("case", AGREED)
def test_key_agreements_in_every_form_open(case: str) -> None:
    data = enveloped(AES, cbc(padded(CONTENT)), AGREED[case]())
    assert plain(data, EC) == CONTENT
    if "for two" in case:
        identifiers = parse_enveloped(data).recipients[0].identifiers
        assert identifiers == (b"somebody else", EC.issuer_and_serial)


HKDFS: dict[str, tuple[str, hashes.HashAlgorithm]] = {
    "SHA-256": (oids.STD_DH_HKDF_SHA256, hashes.SHA256()),
    "SHA-384": (oids.STD_DH_HKDF_SHA384, hashes.SHA384()),
    "SHA-512": (oids.STD_DH_HKDF_SHA512, hashes.SHA512()),
}


def ephemeral(public: object) -> tuple[str, bytes, bytes]:
    """Algorithm and octets of a fresh key on the curve of ``public``, and the shared secret."""
    if isinstance(public, x25519.X25519PublicKey):
        own = x25519.X25519PrivateKey.generate()
        point = own.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return oids.X25519, point, own.exchange(public)
    assert isinstance(public, x448.X448PublicKey)
    own_448 = x448.X448PrivateKey.generate()
    point = own_448.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return oids.X448, point, own_448.exchange(public)


@pytest.mark.parametrize("kdf", [*HKDFS, "X9.63"])
@pytest.mark.parametrize("ukm", [None, b"ukm"])
@pytest.mark.parametrize("kind", ["x25519", "x448"])
def test_montgomery_agreements_follow_the_standard(kind: str, ukm: bytes | None, kdf: str) -> None:
    """RFC 8418 §2: HKDF with the keying material as salt and in SharedInfo, or the older KDF."""
    who = person(kind)
    curve, point, secret = ephemeral(who.public_key)
    wrap = der.algorithm(oids.AES128_WRAP)
    octets = b"" if ukm is None else der.octet_string(ukm)
    info = der.sequence(
        wrap,
        der.context(0, octets) if octets else b"",
        der.context(2, der.octet_string(bytes.fromhex("00000080"))),
    )
    scheme, digest = HKDFS.get(kdf, (oids.STD_DH_SHA256_KDF, hashes.SHA256()))
    derivation = X963KDF(digest, 16, info) if kdf == "X9.63" else HKDF(digest, 16, ukm, info)
    recipient = der.sequence(
        named(who), der.octet_string(aes_key_wrap(derivation.derive(secret), KEY[:16]))
    )
    agreed = der.context(
        1,
        der.integer(3),
        der.context(0, der.context(1, der.algorithm(curve), der.bit_string(point))),
        der.context(1, octets) if octets else b"",
        der.algorithm(scheme, wrap),
        der.sequence(FOREIGN, recipient),
    )
    algorithm = der.algorithm(oids.AES128_CBC, der.octet_string(IV))
    data = enveloped(algorithm, cbc(padded(CONTENT), key=KEY[:16]), agreed)
    assert plain(data, who) == CONTENT


REFUSED: dict[str, tuple[Callable[[], bytes], tuple[Finding, ...]]] = {
    "fail/hybrid point": (lambda: kari(hybrid), FAILED),
    "fail/point off the curve": (lambda: kari(off_the_curve), FAILED),
    "fail/no point": (lambda: kari(lambda key: b"\x00"), FAILED),
    "fail/another KDF": (lambda: kari(scheme=oids.STD_DH_SHA384_KDF), FAILED),
    "fail/unknown KDF": (lambda: kari(scheme="1.2.3"), (Finding.UNSUPPORTED,)),
    "fail/unknown wrap": (lambda: kari(wrap=der.algorithm("1.2.3")), (Finding.UNSUPPORTED,)),
    "fail/static originator": (
        lambda: kari(originator=der.context(0, b"ski", constructed=False)),
        (Finding.UNSUPPORTED,),
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_key_agreements_that_are_none_stay_closed(case: str) -> None:
    write, findings = REFUSED[case]
    opened = result(enveloped(AES, cbc(padded(CONTENT)), write()), EC)
    assert (opened.content, opened.findings) == (None, findings)


def test_a_shared_secret_of_nothing_is_refused() -> None:
    """RFC 8418 §2: a point of small order; also when the key itself does not look."""

    class Careless(Person):
        def agree(self, peer: object) -> bytes:
            return bytes(32)

    careless = Careless(EC.x509, EC.private, EC.key_kind)
    opened = result(enveloped(AES, cbc(padded(CONTENT)), kari()), careless)
    assert opened.findings == FAILED


def test_recipients_of_kinds_yet_unknown_are_skipped() -> None:
    others = [der.context(4, der.oid("1.2.3"), der.null()), der.context(9, der.null())]
    view = parse_enveloped(enveloped(AES, cbc(padded(CONTENT)), ktri(), *others))
    assert [recipient.kind for recipient in view.recipients] == ["ktri", "ori", "unknown"]
    assert decrypt(view, Ring(WHO)).matched == (True, False, False)


@pytest.mark.parametrize("sizes", [(1, 2, 40), (16, 0, 7), (3,) * 30, (4096, 1)])
@pytest.mark.parametrize("cipher", ["aes256-cbc", "aes256-gcm"])
def test_ciphertext_in_segments_of_any_size_opens(sizes: tuple[int, ...], cipher: str) -> None:
    content = CONTENT * 100
    spec = RecipientSpec(certificate=WHO)
    data = joined(build_enveloped_data([content], [spec], cipher=cipher))
    whole = max((c for c in _primitives(ber.read(data))), key=len)
    pieces, start = [], 0
    for size in (*sizes, len(whole)):
        pieces.append(der.octet_string(whole[start : start + size]))
        start += size
    segmented = b"\xa0\x80" + b"".join(pieces) + b"\x00\x00"
    opened = result(replaced(data, der.tlv(0x80, whole), segmented))
    assert opened.content is not None
    assert joined(opened.content) == content


def _primitives(element: ber.Element) -> list[bytes]:
    if not element.constructed:
        return [bytes(element.content)]
    return [found for child in element.children() for found in _primitives(child)]


def test_nobody_and_unknown_ciphers_are_not_encrypted_to() -> None:
    spec = RecipientSpec(certificate=WHO)
    with pytest.raises(ValueError, match="nobody"):
        build_enveloped_data([CONTENT], [])
    for cipher in ("3des-cbc", "rc2-128-cbc", "aes192-gcm", "aes256-ccm", "rot13"):
        with pytest.raises(UnsupportedAlgorithm):
            build_enveloped_data([CONTENT], [spec], cipher=cipher)


CANNOT = {
    "fail/signs only": person("ed25519"),
    "fail/too short": person("rsa1024"),
    "fail/curve of no table": person("p224"),
    "fail/PSS only": Person(WHO.x509, WHO.private, KeyKind.RSA_PSS),
}


@pytest.mark.parametrize("case", CANNOT)
def test_certificates_that_cannot_be_encrypted_to_are_refused(case: str) -> None:
    with pytest.raises(UnsupportedAlgorithm):
        build_enveloped_data([CONTENT], [RecipientSpec(certificate=CANNOT[case])])


def test_oaep_with_sha1_is_not_written() -> None:
    scheme = TransportScheme(TransportKind.RSA_OAEP, "sha1", "sha1")
    with pytest.raises(UnsupportedAlgorithm):
        build_enveloped_data([CONTENT], [RecipientSpec(certificate=WHO, transport=scheme)])


def test_keys_and_nonces_are_drawn_anew() -> None:
    drawn: list[int] = []

    def rng(length: int) -> bytes:
        drawn.append(length)
        return os.urandom(length)

    spec = RecipientSpec(certificate=WHO)
    for cipher, expected in (("aes256-cbc", [32, 16]), ("aes128-gcm", [16, 12])):
        drawn.clear()
        build_enveloped_data([CONTENT], [spec], cipher=cipher, rng=rng)
        assert drawn == expected


@pytest.mark.parametrize("cipher", ["aes128-cbc", "aes256-gcm"])
@pytest.mark.parametrize("length", [0, 1, 15, 16, 17, 57 * 1024, 57 * 1024 + 1, 200_000])
def test_content_of_any_length_and_cut_comes_back(cipher: str, length: int) -> None:
    content = os.urandom(length)
    cuts: list[Buffer] = [content[: length // 3], memoryview(content)[length // 3 :]]
    spec = RecipientSpec(certificate=WHO)
    assert plain(joined(build_enveloped_data(iter(cuts), [spec], cipher=cipher))) == content


def test_keys_are_not_asked_for_what_they_cannot_do() -> None:
    """A message may name an RSA key in a key agreement and an EC key in a key transport."""
    info = der.sequence(
        der.integer(0),
        named(EC),
        der.algorithm(oids.RSA, der.null()),
        der.octet_string(bytes(256)),
    )
    assert result(enveloped(AES, cbc(padded(CONTENT)), info), EC).findings == FAILED
    agreed = kari(reader=WHO)
    assert result(enveloped(AES, cbc(padded(CONTENT)), agreed), WHO).findings == FAILED


def test_oaep_fields_without_value_mean_the_default() -> None:
    algorithm = der.algorithm(oids.RSA_OAEP, der.sequence(der.context(0), der.context(1)))
    view = parse_enveloped(enveloped(AES, cbc(padded(CONTENT)), ktri(algorithm=algorithm)))
    expected = TransportScheme(TransportKind.RSA_OAEP, "sha1", "sha1")
    (door,) = view.recipients[0].doors
    assert isinstance(door, TransportDoor)
    assert door.transport == expected
    assert decrypt(view, Ring(WHO)).findings == FAILED


MALFORMED = {
    "fail/nothing": b"",
    "fail/another content type": GOOD.replace(
        der.oid(oids.ENVELOPED_DATA), der.oid(oids.SIGNED_DATA)
    ),
    "fail/cut off": GOOD[:-1],
    "fail/no content": GOOD.replace(
        encrypted(AES, cbc(padded(CONTENT))),
        der.sequence(der.oid(oids.DATA), AES, der.tlv(0x0C, cbc(padded(CONTENT)))),
    ),
    "fail/IV of 8": enveloped(der.algorithm(oids.AES256_CBC, der.octet_string(bytes(8))), b""),
    "fail/no IV": enveloped(der.algorithm(oids.AES256_CBC), b""),
    "fail/GCM without parameters": enveloped(der.algorithm(oids.AES256_GCM), b""),
    "fail/no authentication code": authenticated(gcm_params(16), CIPHERTEXT, b"").replace(
        der.octet_string(b""), der.null()
    ),
}


@pytest.mark.parametrize("case", MALFORMED)
def test_what_is_no_enveloped_data_is_malformed(case: str) -> None:
    with pytest.raises(MalformedMessage):
        parse_enveloped(MALFORMED[case])


def test_too_many_recipients_are_refused() -> None:
    with pytest.raises(LimitExceeded):
        parse_enveloped(GOOD, limits=Limits(recipients=0))


def test_views_tell_their_cipher_before_anything_is_opened() -> None:
    view: EnvelopedView = parse_enveloped(GOOD)
    assert (view.cipher, view.weak, view.content_type) == ("aes256-cbc", False, oids.DATA)
    assert not view.authenticated
