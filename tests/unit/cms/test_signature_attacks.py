"""Ways to make one signature say another thing, each with the check that stands against it."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from cryptography.exceptions import InvalidSignature as LibraryInvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.serialization import load_der_public_key

from siegel.base import ber, der, oids
from siegel.base.findings import Finding, Severity, worst
from siegel.base.keys import IssuerAndSerial, KeyKind, SignatureKind, SignatureScheme
from siegel.cms import signature
from siegel.cms.signed import SignerCheck, check_signer, parse_signed_data
from siegel.cms.signing_keys import MAX_RSA_EXPONENT_BITS
from tests.unit.cms import forge
from tests.unit.cms.conftest import OpensslCms
from tests.unit.cms.forge import BASE, CONTENT, attribute, content_type, message_digest
from tests.unit.cms.people import PSS, SCHEMES, Person, person
from tests.work import Counted

F = Finding
WHO = person("rsa2048")
BESIDE = (F.SIGNED_ATTRIBUTES_MISSING, F.CONTENT_IS_ATTRIBUTES)


def check(
    data: bytes, content: list[bytes] | None = None, certificate: "Person | Shown | None" = WHO
) -> SignerCheck:
    view = parse_signed_data(data)
    return check_signer(view, view.signers[0], content, certificate)


def holds(found: SignerCheck) -> bool:
    return bool(found.intact and found.signature_valid) and found.findings == ()


def test_the_forger_makes_a_good_signature_when_asked_to() -> None:
    assert holds(check(forge.signed_data(WHO)))


# attributes shown as content (Falko Strenzke), in all the forms that content comes in


def _whole(disguise: bytes) -> bytes:
    return der.octet_string(disguise)


def _in_segments(disguise: bytes) -> bytes:
    pieces = [b"", disguise[:1], disguise[1:7], disguise[7:]]
    return b"\x24\x80" + b"".join(map(der.octet_string, pieces)) + b"\x00\x00"


def _nested(disguise: bytes) -> bytes:
    return b"\x24\x80" + _in_segments(disguise) + b"\x00\x00"


@pytest.mark.parametrize("write", [_whole, _in_segments, _nested])
@pytest.mark.parametrize("kind", ["rsa2048", "p256", "ed25519"])
def test_attributes_as_content_are_recognised_in_every_form(
    write: Callable[[bytes], bytes], kind: str
) -> None:
    who, scheme = person(kind), SCHEMES[kind]
    digest = forge.SHA512 if kind == "ed25519" else forge.SHA256
    algorithm = {"rsa2048": forge.RSA, "p256": der.algorithm(oids.ECDSA_SHA256)}
    disguise = der.set_of(*BASE)
    data = forge.signed_data(
        who,
        field=lambda _: b"",
        content=disguise,
        digest_algorithm=digest,
        signature_algorithm=algorithm.get(kind, der.algorithm(oids.ED25519)),
        scheme=scheme,
    )
    data = forge.replaced(data, der.octet_string(disguise), write(disguise))
    found = check(data, certificate=who)

    assert found.signature_valid is True
    assert found.findings == BESIDE
    assert worst(found.findings) is Severity.BAD


def _indefinite_set(attributes: list[bytes]) -> bytes:
    return b"\x31\x80" + b"".join(attributes) + b"\x00\x00"


def _long_lengths(attributes: list[bytes]) -> bytes:
    body = b"".join(attributes)
    return b"\x31\x83" + len(body).to_bytes(3, "big") + body


def _indefinite_everything(attributes: list[bytes]) -> bytes:
    loose = [b"\x30\x80" + a[2:] + b"\x00\x00" for a in attributes]
    return b"\x31\x80" + b"".join(loose) + b"\x00\x00"


@pytest.mark.parametrize("write", [_indefinite_set, _long_lengths, _indefinite_everything])
def test_attributes_of_a_careless_sender_are_recognised_in_ber(
    write: Callable[[list[bytes]], bytes],
) -> None:
    """Who signs attributes in BER signs octets that can be shown as content as well."""
    disguise = write(BASE)
    data = forge.signed_data(WHO, field=lambda _: b"", content=disguise, signed=disguise)

    assert check(data).findings == BESIDE
    assert check(data + b"\r\n").findings == BESIDE
    for pieces in ([disguise[:3], b"", disguise[3:]], [b"", disguise]):
        assert check(data, pieces).findings == BESIDE


def test_a_set_without_message_digest_is_only_content() -> None:
    for content in (der.set_of(content_type()), der.set_of(der.integer(1)), der.sequence(*BASE)):
        data = forge.signed_data(WHO, field=lambda _: b"", content=content, signed=content)
        assert check(data).findings == (F.SIGNED_ATTRIBUTES_MISSING,)


# which attributes are the signed ones


ATTRIBUTES = {
    "ok/exactly those": (BASE, True),
    "fail/two messageDigests, one of each content": ([*BASE, message_digest(b"other")], False),
    "fail/two messageDigests that are equal": ([*BASE, message_digest()], False),
    "fail/two contentTypes that are equal": ([*BASE, content_type()], False),
    "fail/messageDigest of no value": (
        [content_type(), attribute(oids.MESSAGE_DIGEST)],
        False,
    ),
    "fail/contentType of no value": ([attribute(oids.CONTENT_TYPE), message_digest()], False),
    "fail/contentType of two values": (
        [attribute(oids.CONTENT_TYPE, der.oid(oids.DATA), der.oid(oids.RECEIPT)), message_digest()],
        False,
    ),
    "fail/no attribute": ([], False),
    "fail/a countersignature": (
        [*BASE, attribute(oids.COUNTERSIGNATURE, forge.signer_info(WHO))],
        False,
    ),
}


@pytest.mark.parametrize("case", ATTRIBUTES)
def test_each_attribute_that_counts_is_there_exactly_once(case: str) -> None:
    attributes, good = ATTRIBUTES[case]
    found = check(forge.signed_data(WHO, attributes))

    assert holds(found) is good
    assert found.signature_valid is True
    assert good or found.findings == (F.SIGNED_ATTRIBUTES_MALFORMED,)


UNSIGNED = [
    content_type(),
    message_digest(),
    attribute(oids.SIGNING_CERTIFICATE_V2, der.sequence()),
    attribute(oids.ALGORITHM_PROTECTION, der.sequence()),
    attribute(oids.SECURITY_LABEL, der.tlv(der.SET, der.oid("1.2.3"))),
    attribute(oids.EQUIVALENT_LABELS, der.sequence()),
    attribute(oids.RECEIPT_REQUEST, der.sequence()),
    attribute(oids.CONTENT_REFERENCE, der.sequence()),
    attribute(oids.EXPANSION_HISTORY, der.sequence()),
    attribute(oids.MESSAGE_SIGNATURE_DIGEST, der.octet_string(b"")),
    der.sequence(der.oid("1.2.3")),
]


@pytest.mark.parametrize("unsigned", UNSIGNED, ids=[str(n) for n in range(len(UNSIGNED))])
def test_what_must_be_signed_is_malformed_outside(unsigned: bytes) -> None:
    found = check(forge.signed_data(WHO, after=der.context(1, unsigned)))

    assert found.findings == (F.SIGNED_ATTRIBUTES_MALFORMED,)


def test_an_unsigned_message_digest_replaces_no_signed_one() -> None:
    data = forge.signed_data(
        WHO, [content_type(), message_digest(b"other")], after=der.context(1, message_digest())
    )
    assert check(data).intact is not True


# what kind of content is signed


@pytest.mark.parametrize("named", [oids.DATA, oids.RECEIPT, oids.SIGNED_DATA, "1.2.3"])
@pytest.mark.parametrize("real", [oids.DATA, oids.RECEIPT, oids.SIGNED_DATA, "1.2.3"])
def test_the_type_under_the_signature_is_the_type_of_the_content(named: str, real: str) -> None:
    data = forge.signed_data(WHO, [content_type(named), message_digest()], content_type=real)
    found = check(data)

    assert found.findings == (() if named == real else (F.CONTENT_TYPE_MISMATCH,))


# what is announced and what is done


def reannounced(*digests: bytes) -> bytes:
    """The good message with another digestAlgorithms field."""
    fields = ber.read(forge.signed_data(WHO)).children()[1].children()[0].children()
    return forge.wrapped(der.set_of(*digests), *(bytes(field.raw) for field in fields[2:]))


ANNOUNCED = {
    "ok/the one": ([forge.SHA256], ()),
    "ok/the one, with NULL": ([der.algorithm(oids.SHA256, der.null())], ()),
    "ok/more than that": ([forge.SHA256, forge.SHA512], ()),
    "fail/nothing": ([], (F.ALGORITHM_PROTECTION_MISMATCH,)),
    "fail/another": ([forge.SHA512], (F.ALGORITHM_PROTECTION_MISMATCH,)),
    "fail/a broken one": ([der.algorithm(oids.MD5)], (F.ALGORITHM_PROTECTION_MISMATCH,)),
}


@pytest.mark.parametrize("case", ANNOUNCED)
def test_digests_are_those_announced(openssl_cms: OpensslCms, case: str) -> None:
    """RFC 5652 §5.1 lets a reader refuse what was not announced. OpenSSL does, so do we."""
    digests, findings = ANNOUNCED[case]
    data = reannounced(*digests)

    assert check(data).findings == findings
    verify = ("-verify", "-noverify", "-binary", "-inform", "DER", "-certfile", WHO, "-in", data)
    openssl_cms(*verify, fails=case.startswith("fail/"))


@pytest.mark.parametrize("version", [0, 1, 2, 3, 4, 99])
@pytest.mark.parametrize("by_key", [False, True])
def test_the_version_of_a_signer_decides_nothing(version: int, by_key: bool) -> None:
    """It stands outside of the signature, and the form of the name says the same (§5.3)."""
    named = der.context(0, WHO.subject_key_identifier or b"", constructed=False)
    data = forge.signed_data(WHO, signer=named if by_key else None, version=version)
    (signer,) = parse_signed_data(data).signers

    assert signer.identifier == (WHO.subject_key_identifier if by_key else WHO.issuer_and_serial)
    assert holds(check(data))


# RSA-PSS


def pss(digest: str, mask: str, salt: int, *, trailer: int | None = None) -> bytes:
    names = {"sha1": oids.SHA1, "sha256": oids.SHA256, "sha512": oids.SHA512}
    fields = [
        der.context(0, der.algorithm(names[digest])),
        der.context(1, der.algorithm(oids.MGF1, der.algorithm(names[mask]))),
        der.context(2, der.integer(salt)),
    ]
    fields += [der.context(3, der.integer(trailer))] if trailer is not None else []
    return der.algorithm(oids.RSA_PSS, der.sequence(*fields))


PSS_CASES: dict[str, tuple[bytes, str, bool | None, tuple[F, ...]]] = {
    "ok/SHA-256 for all": (pss("sha256", "sha256", 32), "sha256", True, ()),
    "ok/the default trailer": (pss("sha256", "sha256", 32, trailer=1), "sha256", True, ()),
    "fail/digestAlgorithm SHA-512": (
        pss("sha256", "sha256", 32),
        "sha512",
        True,
        (F.ALGORITHM_PROTECTION_MISMATCH,),
    ),
    "fail/parameters SHA-512": (
        pss("sha512", "sha512", 64),
        "sha256",
        False,
        (F.SIGNATURE_INVALID, F.ALGORITHM_PROTECTION_MISMATCH),
    ),
    "fail/mask with another digest than announced": (
        pss("sha256", "sha512", 32),
        "sha256",
        False,
        (F.SIGNATURE_INVALID, F.UNUSUAL_PSS),
    ),
    "fail/another trailer": (
        pss("sha256", "sha256", 32, trailer=2),
        "sha256",
        None,
        (F.UNSUPPORTED,),
    ),
    "fail/no parameters": (der.algorithm(oids.RSA_PSS), "sha256", None, (F.UNSUPPORTED,)),
    "fail/NULL for parameters": (
        der.algorithm(oids.RSA_PSS, der.null()),
        "sha256",
        None,
        (F.UNSUPPORTED,),
    ),
    "fail/parameters of SHA-1 by default": (
        der.algorithm(oids.RSA_PSS, der.sequence()),
        "sha256",
        False,
        (F.SIGNATURE_INVALID, F.ALGORITHM_PROTECTION_MISMATCH, F.WEAK_DIGEST),
    ),
}


@pytest.mark.parametrize("case", PSS_CASES)
def test_pss_is_made_as_its_parameters_say(case: str) -> None:
    algorithm, digest, valid, findings = PSS_CASES[case]
    data = forge.signed_data(
        WHO,
        [content_type(), message_digest(digest=digest)],
        digest_algorithm=forge.SHA256 if digest == "sha256" else forge.SHA512,
        signature_algorithm=algorithm,
        scheme=PSS,
    )
    found = check(data)

    assert (found.signature_valid, found.findings) == (valid, findings)


# keys that are no good


@dataclass(frozen=True)
class Shown:
    """A certificate that shows a key of our choice."""

    public_key: PublicKeyTypes | None
    key_kind: KeyKind = KeyKind.RSA
    der: bytes = WHO.der
    issuer_and_serial: IssuerAndSerial = WHO.issuer_and_serial
    subject_key_identifier: bytes | None = None


def numbers() -> tuple[int, int]:
    key = WHO.public_key
    assert isinstance(key, rsa.RSAPublicKey)
    return key.public_numbers().n, key.public_numbers().e


def loaded(modulus: int, exponent: int) -> PublicKeyTypes | None:
    """As a certificate would bring it; None where it cannot even be read."""
    inside = der.sequence(der.integer(modulus), der.integer(exponent))
    info = der.sequence(der.algorithm(oids.RSA, der.null()), der.bit_string(inside))
    try:
        return load_der_public_key(info)
    except ValueError:
        return None


@pytest.mark.parametrize("exponent", [1, 2, 3, 65536])
def test_a_signature_that_anybody_can_make_for_a_tiny_exponent_is_none(exponent: int) -> None:
    """With e = 1 the padded digest is its own signature."""
    modulus, _ = numbers()
    signed = hashlib.sha256(der.set_of(*BASE)).digest()
    info = der.sequence(der.algorithm(oids.SHA256, der.null()), der.octet_string(signed))
    padded = b"\x00\x01" + b"\xff" * (256 - 3 - len(info)) + b"\x00" + info
    data = forge.signed_data(WHO, signature=padded)
    found = check(data, certificate=Shown(loaded(modulus, exponent)))

    assert found.signature_valid is not True
    assert worst(found.findings) is Severity.BAD


def test_an_even_modulus_verifies_nothing() -> None:
    modulus, exponent = numbers()
    found = check(forge.signed_data(WHO), certificate=Shown(loaded(modulus - 1, exponent)))

    assert (found.signature_valid, found.findings) == (False, (F.SIGNATURE_INVALID,))


@pytest.mark.parametrize("bits", [17, 64, 65, 257, 2000])
def test_long_exponents_are_not_even_tried(bits: int) -> None:
    modulus, _ = numbers()
    found = check(forge.signed_data(WHO), certificate=Shown(loaded(modulus, (1 << bits - 1) + 1)))

    tried = bits <= MAX_RSA_EXPONENT_BITS
    assert found.signature_valid is {17: True, 64: False}.get(bits)
    assert (F.UNSUPPORTED in found.findings) is not tried


def test_a_key_of_16384_bits_is_not_even_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    key = rsa.RSAPublicNumbers(65537, (1 << 16383) + 1).public_key()
    data = forge.signed_data(WHO, signature=bytes(2048))
    tried = Counted(monkeypatch, signature, "verify")

    assert check(data, certificate=Shown(key)).findings == (F.UNSUPPORTED,)
    assert tried.calls == 0


# signatures that are no numbers


def ecdsa(r: bytes, s: bytes, *, after: bytes = b"") -> bytes:
    return der.sequence(der.tlv(der.INTEGER, r), der.tlv(der.INTEGER, s), after)


def ecdsa_variants() -> dict[str, tuple[bytes, bool]]:
    who = person("p256")
    good = who.sign(der.set_of(*BASE), SCHEMES["p256"])
    r, s = utils.decode_dss_signature(good)
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    big_r, big_s = (n.to_bytes(33, "big") for n in (r, s))
    short_r, short_s = (der.integer(n)[2:] for n in (r, s))
    return {
        "ok/as made": (good, True),
        "ok/the other s": (utils.encode_dss_signature(r, order - s), True),
        "fail/r zero": (ecdsa(b"\x00", short_s), False),
        "fail/s zero": (ecdsa(short_r, b"\x00"), False),
        "fail/both zero": (ecdsa(b"\x00", b"\x00"), False),
        "fail/r the order": (ecdsa(der.integer(order)[2:], short_s), False),
        "fail/s plus the order": (ecdsa(short_r, der.integer(s + order)[2:]), False),
        "fail/r negative": (ecdsa(der.integer(-r)[2:], short_s), False),
        "fail/r with a needless zero": (ecdsa(b"\x00" + big_r, short_s), False),
        "fail/s with a needless zero": (ecdsa(short_r, b"\x00" + big_s), False),
        "fail/three numbers": (ecdsa(short_r, short_s, after=der.integer(1)), False),
        "fail/octets behind": (good + b"\x00", False),
        "fail/indefinite length": (b"\x30\x80" + good[2:] + b"\x00\x00", False),
        "fail/long length": (b"\x30\x81" + good[1:], False),
        "fail/r and s alone": (big_r[1:] + big_s[1:], False),
        "fail/nothing": (b"", False),
    }


@pytest.mark.parametrize("case", ecdsa_variants())
def test_ecdsa_signatures_are_two_numbers_in_der(case: str) -> None:
    signature, good = ecdsa_variants()[case]
    who = person("p256")
    data = forge.signed_data(
        who, signature_algorithm=der.algorithm(oids.ECDSA_SHA256), signature=signature
    )
    found = check(data, certificate=who)

    assert holds(found) is good
    assert found.signature_valid is good
    key = who.public_key
    assert isinstance(key, ec.EllipticCurvePublicKey)
    if not good:
        with pytest.raises(LibraryInvalidSignature):
            key.verify(signature, der.set_of(*BASE), ec.ECDSA(hashes.SHA256()))


def test_rsa_padding_is_compared_whole() -> None:
    """The forgery of Bleichenbacher: octets behind the digest where padding belongs."""
    modulus, _ = numbers()
    digest = hashlib.sha256(der.set_of(*BASE)).digest()
    info = der.sequence(der.algorithm(oids.SHA256, der.null()), der.octet_string(digest))
    short = b"\x00\x01" + b"\xff" * 8 + b"\x00" + info
    private = WHO.private
    assert isinstance(private, rsa.RSAPrivateKey)

    def raw(padded: bytes) -> bytes:
        value = pow(int.from_bytes(padded, "big"), private.private_numbers().d, modulus)
        return value.to_bytes(256, "big")

    right = b"\x00\x01" + b"\xff" * (256 - 3 - len(info)) + b"\x00" + info
    wrong = short + bytes(256 - len(short))
    assert holds(check(forge.signed_data(WHO, signature=raw(right))))
    assert check(forge.signed_data(WHO, signature=raw(wrong))).signature_valid is False
    public = private.public_key()
    with pytest.raises(LibraryInvalidSignature):
        public.verify(raw(wrong), der.set_of(*BASE), padding.PKCS1v15(), hashes.SHA256())


@pytest.mark.parametrize(
    ("kind", "algorithm", "digest", "good"),
    [
        pytest.param("ed25519", oids.ED25519, "sha512", True, id="ok/Ed25519 with SHA-512"),
        pytest.param("ed25519", oids.ED25519, "sha256", False, id="fail/Ed25519 with SHA-256"),
        pytest.param("ed25519", oids.ED25519, "shake_256", False, id="fail/Ed25519 with SHAKE256"),
        pytest.param("ed448", oids.ED448, "shake_256", True, id="ok/Ed448 with SHAKE256"),
        pytest.param("ed448", oids.ED448, "sha512", False, id="fail/Ed448 with SHA-512"),
    ],
)
def test_each_edwards_curve_has_its_digest(
    kind: str, algorithm: str, digest: str, good: bool
) -> None:
    """RFC 8419 §3.1: another one is a downgrade, even though the mathematics holds."""
    who = person(kind)
    names = {"sha256": oids.SHA256, "sha512": oids.SHA512, "shake_256": oids.SHAKE256}
    data = forge.signed_data(
        who,
        [content_type(), message_digest(digest=digest)],
        digest_algorithm=der.algorithm(names[digest]),
        signature_algorithm=der.algorithm(algorithm),
        scheme=SCHEMES[kind],
    )
    found = check(data, certificate=who)

    assert (found.intact, found.signature_valid) == (True, True)
    assert found.findings == (() if good else (F.ALGORITHM_PROTECTION_MISMATCH,))


def test_of_several_signers_each_is_its_own() -> None:
    """One broken signature neither spoils the others nor is it saved by them."""
    other = person("rsa2048", 1)
    infos = [
        forge.signer_info(WHO),
        forge.signer_info(other, signed=der.set_of(*BASE, content_type())),
        forge.signer_info(WHO, [content_type(), message_digest(b"other")]),
    ]
    data = forge.wrapped(
        der.set_of(forge.SHA256),
        der.sequence(der.oid(oids.DATA), der.context(0, der.octet_string(CONTENT))),
        der.tlv(der.SET, *infos),
    )
    view = parse_signed_data(data)
    found = [
        check_signer(view, signer, None, who)
        for signer, who in zip(view.signers, (WHO, other, WHO), strict=True)
    ]

    assert [(one.intact, one.signature_valid) for one in found] == [
        (True, True),
        (True, False),
        (False, True),
    ]
    assert [one.findings for one in found] == [(), (F.SIGNATURE_INVALID,), (F.DIGEST_MISMATCH,)]


def test_a_weak_scheme_of_the_same_key_is_named() -> None:
    sha1 = SignatureScheme(SignatureKind.RSA_PKCS1, "sha1")
    data = forge.signed_data(
        WHO,
        [content_type(), message_digest(digest="sha1")],
        digest_algorithm=der.algorithm(oids.SHA1, der.null()),
        signature_algorithm=der.algorithm(oids.SHA1_WITH_RSA, der.null()),
        scheme=sha1,
    )
    found = check(data)

    assert (found.intact, found.signature_valid, found.weak) == (True, True, True)
    assert found.findings == (F.WEAK_DIGEST,)
