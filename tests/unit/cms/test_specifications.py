"""Lines of the CMS standards about what is written and what is read, judged field by field."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from asn1crypto import cms as asn1_cms
from asn1crypto import core as asn1_core
from cryptography.hazmat.primitives.asymmetric import x25519
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes

from siegel.base import ber, der, oids
from siegel.base.buffers import joined
from siegel.base.errors import UnsupportedAlgorithm
from siegel.base.keys import IssuerAndSerial, KeyKind, TransportKind, TransportScheme
from siegel.cms.enveloped import RecipientSpec, build_enveloped_data, decrypt, parse_enveloped
from siegel.cms.recipients_read import TransportDoor
from siegel.cms.signed import SignerSpec, build_signed_data, check_signer, parse_signed_data
from tests.unit.cms import forge
from tests.unit.cms.forge import CONTENT
from tests.unit.cms.people import NOW, SCHEMES, Person, Ring, person
from tests.unit.cms.sealing import KEY, ktri, sealed_cbc

WHO, OTHER = person("rsa2048"), person("rsa2048", 1)


def signed(kind: str, *, at: datetime | None = NOW, other: Person | None = None) -> bytes:
    spec = SignerSpec(
        key=person(kind), scheme=SCHEMES[kind], signing_time=at, encryption_certificate=other
    )
    return joined(build_signed_data([CONTENT], None, [spec], [], detached=False))


def signer_of(data: bytes) -> asn1_cms.SignerInfo:
    (info,) = asn1_cms.ContentInfo.load(data, strict=True)["content"]["signer_infos"]
    return info


def attributes_of(data: bytes) -> dict[str, asn1_core.Asn1Value]:
    """By OID, each with its only value."""
    attributes = {}
    for one in signer_of(data)["signed_attrs"]:
        (value,) = one["values"]
        attributes[one["type"].dotted] = value
    return attributes


def value_of(data: bytes, oid: str) -> ber.Element:
    return ber.read(attributes_of(data)[oid].dump())


def test_a_signature_carries_the_attributes_of_mail_each_once() -> None:
    """RFC 8551 §2.5, RFC 5035 §3, RFC 8933 §4.1; the preference only where it says something."""
    always = {
        oids.CONTENT_TYPE,
        oids.MESSAGE_DIGEST,
        oids.SIGNING_TIME,
        oids.SMIME_CAPABILITIES,
        oids.SIGNING_CERTIFICATE_V2,
        oids.ALGORITHM_PROTECTION,
    }
    assert set(attributes_of(signed("rsa2048"))) == always
    apart = signed("rsa2048", other=OTHER)
    assert set(attributes_of(apart)) == {*always, oids.ENCRYPTION_KEY_PREFERENCE}
    named = OTHER.issuer_and_serial
    preference = value_of(apart, oids.ENCRYPTION_KEY_PREFERENCE)
    assert bytes(preference.raw) == der.context(0, named.issuer, der.integer(named.serial))


def test_a_signature_names_its_certificate_by_sha_256() -> None:
    """RFC 5035 §4: SHA-256 is the default and so not written."""
    certificates = value_of(signed("rsa2048"), oids.SIGNING_CERTIFICATE_V2).children()[0]
    digest, issuer_serial = certificates.children()[0].children()

    assert bytes(digest.content) == hashlib.sha256(WHO.der).digest()
    assert issuer_serial.children()[1].integer() == WHO.issuer_and_serial.serial


@pytest.mark.parametrize("kind", ["rsa2048", "p256", "ed25519"])
def test_the_algorithms_are_under_the_signature(kind: str) -> None:
    """RFC 6211 §2: as they stand in the SignerInfo."""
    data = signed(kind)
    info = signer_of(data)
    digest, signature = value_of(data, oids.ALGORITHM_PROTECTION).children()

    assert bytes(digest.raw) == info["digest_algorithm"].dump()
    assert bytes(signature.raw) == b"\xa1" + info["signature_algorithm"].dump()[1:]


@pytest.mark.parametrize(
    ("kind", "digest", "signature"),
    [
        ("rsa2048", der.algorithm(oids.SHA256), der.algorithm(oids.RSA, der.null())),
        ("p384", der.algorithm(oids.SHA384), der.algorithm(oids.ECDSA_SHA384)),
        ("ed25519", der.algorithm(oids.SHA512), der.algorithm(oids.ED25519)),
        (
            "ed448",
            der.algorithm(oids.SHAKE256_LEN, der.integer(512)),
            der.algorithm(oids.ED448),
        ),
    ],
)
def test_algorithms_are_written_with_the_parameters_of_their_standards(
    kind: str, digest: bytes, signature: bytes
) -> None:
    """RFC 5754 §2 and §3.2, RFC 5753, RFC 8419 §3.1."""
    info = signer_of(signed(kind))

    assert info["digest_algorithm"].dump() == digest
    assert info["signature_algorithm"].dump() == signature


@pytest.mark.parametrize("oid", [oids.RSA, oids.SHA256_WITH_RSA])
@pytest.mark.parametrize("params", [b"", der.null()], ids=["absent", "NULL"])
def test_an_rsa_signature_is_read_with_and_without_null(oid: str, params: bytes) -> None:
    """RFC 5754 §3.2: NULL is written, and both are read."""
    data = forge.signed_data(WHO, signature_algorithm=der.algorithm(oid, params))
    view = parse_signed_data(data)
    found = check_signer(view, view.signers[0], None, WHO)

    assert (found.intact, found.signature_valid, found.findings) == (True, True, ())


@pytest.mark.parametrize(
    ("at", "tag"),
    [
        pytest.param(datetime(1990, 5, 4, 3, 2, 1, tzinfo=UTC), der.UTC_TIME, id="1990"),
        pytest.param(datetime(2049, 12, 31, 23, 59, 59, tzinfo=UTC), der.UTC_TIME, id="2049"),
        pytest.param(datetime(2050, 1, 1, tzinfo=UTC), der.GENERALIZED_TIME, id="2050"),
    ],
)
def test_a_signing_time_is_generalized_from_2050_on(at: datetime, tag: int) -> None:
    """RFC 8551 §2.5.1; both forms are read."""
    data = signed("p256", at=at)
    view = parse_signed_data(data)

    assert value_of(data, oids.SIGNING_TIME).tag == tag
    assert check_signer(view, view.signers[0], None, person("p256")).signing_time == at


def agreement_of(data: bytes) -> tuple[bytes, str]:
    """The originator's public key, and the OID of the key wrap."""
    infos = ber.read(data).children()[1].children()[0].children()[1]
    fields = infos.children()[0].children()
    point = fields[1].children()[0].children()[1]
    return bytes(point.content)[1:], fields[2].children()[1].children()[0].oid()


WRAPS = {
    "aes128-cbc": oids.AES128_WRAP,
    "aes192-cbc": oids.AES192_WRAP,
    "aes256-cbc": oids.AES256_WRAP,
    "aes128-gcm": oids.AES128_WRAP,
    "aes256-gcm": oids.AES256_WRAP,
    "chacha20-poly1305": oids.AES256_WRAP,
}


@pytest.mark.parametrize("cipher", WRAPS)
@pytest.mark.parametrize("kind", ["p256", "p521", "x25519", "x448"])
def test_the_key_that_wraps_is_as_long_as_the_key_of_the_content(kind: str, cipher: str) -> None:
    """RFC 8551 §2.3."""
    spec = RecipientSpec(certificate=person(kind))
    data = joined(build_enveloped_data([CONTENT], [spec], cipher=cipher))

    assert agreement_of(data)[1] == WRAPS[cipher]


@pytest.mark.parametrize(("kind", "octets"), [("p256", 65), ("p521", 133), ("x25519", 32)])
def test_every_agreement_has_a_fresh_key_with_a_whole_point(kind: str, octets: int) -> None:
    """RFC 5753 §3.1.1: uncompressed; RFC 8418 §2: used once, for one recipient."""
    specs = [RecipientSpec(certificate=person(kind))]
    points = {agreement_of(joined(build_enveloped_data([CONTENT], specs)))[0] for _ in range(5)}

    assert len(points) == 5
    assert {len(point) for point in points} == {octets}
    assert kind == "x25519" or all(point[0] == 4 for point in points)


@dataclass(frozen=True)
class SmallOrder:
    """A certificate for a point that agrees with every key on nothing."""

    public_key: PublicKeyTypes
    key_kind: KeyKind = KeyKind.X25519
    der: bytes = person("x25519").der
    issuer_and_serial: IssuerAndSerial = person("x25519").issuer_and_serial
    subject_key_identifier: bytes | None = None


def test_nothing_is_encrypted_to_a_point_of_small_order() -> None:
    """RFC 8418 §2: a shared secret of nothing ends the agreement."""
    point = SmallOrder(x25519.X25519PublicKey.from_public_bytes(bytes(32)))
    with pytest.raises(UnsupportedAlgorithm):
        build_enveloped_data([CONTENT], [RecipientSpec(certificate=point)])


def oaep(*fields: bytes) -> bytes:
    return der.algorithm(oids.RSA_OAEP, der.sequence(*fields))


def mask(digest: bytes) -> bytes:
    return der.context(1, der.algorithm(oids.MGF1, digest))


def test_oaep_parameters_leave_out_the_default_label() -> None:
    """RFC 3560 §3, RFC 4055 §4.1."""
    scheme = TransportScheme(TransportKind.RSA_OAEP, "sha256", "sha256")
    spec = RecipientSpec(certificate=WHO, transport=scheme)
    data = joined(build_enveloped_data([CONTENT], [spec]))
    sha256 = der.algorithm(oids.SHA256)

    assert oaep(der.context(0, sha256), mask(sha256)) in data


SHA1 = der.algorithm(oids.SHA1)
SHA1_NULL = der.algorithm(oids.SHA1, der.null())
NO_LABEL = der.context(2, der.algorithm(oids.P_SPECIFIED, der.octet_string(b"")))
DEFAULTS = {
    "nothing written": oaep(),
    "the digest": oaep(der.context(0, SHA1)),
    "the digest with NULL": oaep(der.context(0, SHA1_NULL)),
    "the mask": oaep(mask(SHA1_NULL)),
    "the empty label": oaep(NO_LABEL),
    "everything": oaep(der.context(0, SHA1_NULL), mask(SHA1), NO_LABEL),
}


@pytest.mark.parametrize("case", DEFAULTS)
def test_oaep_defaults_are_read_written_out_and_left_out(case: str) -> None:
    """RFC 3560 §3, RFC 4055 §4.1."""
    view = parse_enveloped(sealed_cbc(ktri(algorithm=DEFAULTS[case])))
    (door,) = view.recipients[0].doors

    assert isinstance(door, TransportDoor)
    assert door.transport == TransportScheme(TransportKind.RSA_OAEP, "sha1", "sha1")


def test_the_defaults_of_oaep_open() -> None:
    scheme = TransportScheme(TransportKind.RSA_OAEP, "sha1", "sha1")

    class Asked(Person):
        def decrypt(self, blob: object, transport: TransportScheme) -> bytes:
            assert transport == scheme
            return KEY

    who = Asked(WHO.x509, WHO.private, WHO.key_kind)
    opened = decrypt(parse_enveloped(sealed_cbc(ktri(algorithm=DEFAULTS["everything"]))), Ring(who))
    assert opened.content is not None


def test_what_is_written_inside_is_data() -> None:
    """RFC 8551 §2.4.1."""
    spec = RecipientSpec(certificate=WHO)
    for cipher in ("aes256-cbc", "aes256-gcm"):
        data = joined(build_enveloped_data([CONTENT], [spec], cipher=cipher))
        assert parse_enveloped(data).content_type == oids.DATA
    encapsulated = asn1_cms.ContentInfo.load(signed("p256"))["content"]["encap_content_info"]
    assert encapsulated["content_type"].dotted == oids.DATA
