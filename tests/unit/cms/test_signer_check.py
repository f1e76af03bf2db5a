"""The truth table of one signature: what was done to it, and what must be said about it."""

import hashlib
import subprocess
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from siegel.base import der, oids
from siegel.base.buffers import Buffer, joined
from siegel.base.errors import LimitExceeded, MalformedMessage, UnsupportedAlgorithm
from siegel.base.findings import Finding, Severity, worst
from siegel.base.keys import IssuerAndSerial, KeyKind, SignatureKind, SignatureScheme
from siegel.base.limits import Limits
from siegel.cms.signed import (
    SignerCheck,
    SignerSpec,
    build_signed_data,
    check_signer,
    parse_signed_data,
)
from tests.unit.cms import forge
from tests.unit.cms.forge import BASE, CONTENT, attribute, content_type, message_digest
from tests.unit.cms.people import NOW, PSS, SCHEMES, Person, person

WHO = person("rsa2048")
OTHER = person("rsa2048", 1)
SIGNED = joined(
    build_signed_data(
        [CONTENT],
        None,
        [SignerSpec(key=WHO, scheme=SCHEMES["rsa2048"], signing_time=NOW)],
        [WHO.der],
        detached=True,
    )
)


def check(
    data: bytes, content: bytes | None = None, certificate: Person | None = WHO
) -> SignerCheck:
    view = parse_signed_data(data)
    return check_signer(view, view.signers[0], None if content is None else [content], certificate)


def flipped(data: bytes, position: int) -> bytes:
    changed = bytearray(data)
    changed[position] ^= 1
    return bytes(changed)


def essential(
    hash_of: bytes,
    *,
    version: int = 2,
    algorithm: bytes = b"",
    serial: int | None = None,
    digest: str = "sha256",
) -> bytes:
    """A signingCertificate attribute."""
    named = WHO.issuer_and_serial
    fields = [algorithm, der.octet_string(hashlib.new(digest, hash_of).digest())]
    if serial is not None:
        names = der.sequence(der.context(4, named.issuer))
        fields.append(der.sequence(names, der.integer(serial)))
    value = der.sequence(der.sequence(der.sequence(*fields)))
    return attribute(
        oids.SIGNING_CERTIFICATE_V2 if version == 2 else oids.SIGNING_CERTIFICATE, value
    )


def protection(digest: bytes = forge.SHA256, signature: bytes = forge.RSA) -> bytes:
    return attribute(oids.ALGORITHM_PROTECTION, der.sequence(digest, b"\xa1" + signature[1:]))


SERIAL = WHO.issuer_and_serial.serial
TIME = attribute(oids.SIGNING_TIME, der.time(NOW))
CAPABILITIES = attribute(oids.SMIME_CAPABILITIES, der.sequence())
PREFERENCE = der.context(0, WHO.issuer_and_serial.issuer, der.integer(7))
UNKNOWN = attribute("1.2.3.4", der.null())

HOLDING = {
    "nothing but what must be": BASE,
    "an unknown attribute": [*BASE, UNKNOWN],
    "an unknown attribute of two values": [*BASE, attribute("1.2.3", der.null(), der.integer(1))],
    "signingCertificate by SHA-1": [*BASE, essential(WHO.der, version=1, digest="sha1")],
    "signingCertificateV2 with issuer": [*BASE, essential(WHO.der, serial=SERIAL)],
    "signingCertificateV2 by SHA-512": [
        *BASE,
        essential(WHO.der, algorithm=forge.SHA512, digest="sha512"),
    ],
    "algorithm protection": [*BASE, protection()],
    "algorithm protection, NULL or not": [
        *BASE,
        protection(der.algorithm(oids.SHA256, der.null()), der.algorithm(oids.RSA)),
    ],
}


@pytest.mark.parametrize("case", HOLDING)
def test_honest_attributes_hold(case: str) -> None:
    result = check(forge.signed_data(WHO, HOLDING[case]))
    assert (result.intact, result.signature_valid, result.findings) == (True, True, ())


MALFORMED = {
    "no contentType": [message_digest()],
    "contentType twice": [content_type(), *BASE],
    "contentType twice, two types": [content_type(oids.SIGNED_DATA), *BASE],
    "contentType of two values": [
        attribute(oids.CONTENT_TYPE, der.oid(oids.DATA), der.oid(oids.SIGNED_DATA)),
        message_digest(),
    ],
    "contentType without value": [attribute(oids.CONTENT_TYPE), message_digest()],
    "contentType that is no OID": [attribute(oids.CONTENT_TYPE, der.null()), message_digest()],
    "signingTime twice": [*BASE, TIME, TIME],
    "signingTime that no calendar has": [
        *BASE,
        attribute(oids.SIGNING_TIME, der.tlv(der.UTC_TIME, b"261331120000Z")),
    ],
    "capabilities twice": [*BASE, CAPABILITIES, CAPABILITIES],
    "encryption key preference of two values": [
        *BASE,
        attribute(oids.ENCRYPTION_KEY_PREFERENCE, PREFERENCE, der.context(0, PREFERENCE)),
    ],
    "encryption key preference of no kind": [
        *BASE,
        attribute(oids.ENCRYPTION_KEY_PREFERENCE, der.context(3, PREFERENCE)),
    ],
    "algorithm protection twice": [*BASE, protection(), protection()],
    "algorithm protection of a MAC": [
        *BASE,
        attribute(oids.ALGORITHM_PROTECTION, der.sequence(forge.SHA256, b"\xa2\x00")),
    ],
    "signingCertificateV2 twice": [*BASE, essential(WHO.der), essential(OTHER.der)],
    "signingCertificateV2 without certificate": [
        *BASE,
        attribute(oids.SIGNING_CERTIFICATE_V2, der.sequence(der.sequence())),
    ],
    "signingCertificateV2 by MD5": [
        *BASE,
        essential(WHO.der, algorithm=der.algorithm(oids.MD5), digest="md5"),
    ],
    "signingCertificateV2 with two issuers": [
        *BASE,
        attribute(
            oids.SIGNING_CERTIFICATE_V2,
            der.sequence(
                der.sequence(
                    der.sequence(
                        der.octet_string(bytes(32)),
                        der.sequence(
                            der.sequence(der.context(4, der.sequence(), der.sequence())),
                            der.integer(1),
                        ),
                    )
                )
            ),
        ),
    ],
    **{
        f"signingCertificateV2 by {oid}": [
            *BASE,
            attribute(
                oids.SIGNING_CERTIFICATE_V2,
                der.sequence(
                    der.sequence(der.sequence(der.algorithm(oid), der.octet_string(digest)))
                ),
            ),
        ]
        for oid, digest in (
            (oids.MD5, hashlib.md5(WHO.der, usedforsecurity=False).digest()),
            (oids.SHAKE128, hashlib.shake_128(WHO.der).digest(32)),
            (oids.SHAKE256, hashlib.shake_256(WHO.der).digest(64)),
        )
    },
    "an unknown attribute twice": [*BASE, UNKNOWN, UNKNOWN],
    "no attribute at all": [*BASE, der.sequence()],
    "an attribute whose values are no SET": [
        *BASE,
        der.sequence(der.oid("1.2.3"), der.sequence()),
    ],
}


@pytest.mark.parametrize("case", MALFORMED)
def test_malformed_attributes_spoil_a_signature_that_holds(case: str) -> None:
    result = check(forge.signed_data(WHO, MALFORMED[case]))
    assert result.signature_valid is True
    assert Finding.SIGNED_ATTRIBUTES_MALFORMED in result.findings
    assert worst(result.findings) is Severity.BAD


NOT_INTACT = {
    "no messageDigest": [content_type()],
    "messageDigest twice, the right one first": [*BASE, message_digest(b"other")],
    "messageDigest of two values": [
        content_type(),
        attribute(
            oids.MESSAGE_DIGEST,
            *(der.octet_string(hashlib.sha256(c).digest()) for c in (CONTENT, b"other")),
        ),
    ],
}


@pytest.mark.parametrize("case", NOT_INTACT)
def test_nothing_is_intact_without_exactly_one_message_digest(case: str) -> None:
    result = check(forge.signed_data(WHO, NOT_INTACT[case]))
    assert result.intact is None
    assert result.findings == (Finding.SIGNED_ATTRIBUTES_MALFORMED,)


F = Finding
TAMPERED: dict[str, tuple[Callable[[], SignerCheck], bool | None, bool | None, tuple[F, ...]]] = {
    "ok/untouched": (lambda: check(SIGNED, CONTENT), True, True, ()),
    "fail/content changed": (
        lambda: check(SIGNED, CONTENT + b" "),
        False,
        True,
        (F.DIGEST_MISMATCH,),
    ),
    "fail/content missing": (lambda: check(SIGNED), None, True, (F.CONTENT_MISSING,)),
    "fail/signature changed": (
        lambda: check(flipped(SIGNED, -1), CONTENT),
        True,
        False,
        (F.SIGNATURE_INVALID,),
    ),
    "fail/attribute changed": (
        lambda: check(SIGNED.replace(b"261121120000Z", b"261121120001Z"), CONTENT),
        True,
        False,
        (F.SIGNATURE_INVALID,),
    ),
    "fail/no certificate": (
        lambda: check(SIGNED, CONTENT, None),
        True,
        None,
        (F.SIGNER_CERTIFICATE_MISSING,),
    ),
    "fail/certificate of another": (
        lambda: check(SIGNED, CONTENT, OTHER),
        True,
        False,
        (F.SIGNATURE_INVALID, F.SIGNING_CERTIFICATE_MISMATCH),
    ),
    "fail/certificate with a key of another kind": (
        lambda: check(forge.signed_data(WHO), certificate=person("p256")),
        True,
        False,
        (F.SIGNATURE_INVALID,),
    ),
    "fail/messageDigest of other content": (
        lambda: check(forge.signed_data(WHO, [content_type(), message_digest(b"other")])),
        False,
        True,
        (F.DIGEST_MISMATCH,),
    ),
    "fail/contentType of another type": (
        lambda: check(forge.signed_data(WHO, [content_type("1.2.3"), message_digest()])),
        True,
        True,
        (F.CONTENT_TYPE_MISMATCH,),
    ),
    "fail/eContentType of another type": (
        lambda: check(forge.signed_data(WHO, content_type=oids.SIGNED_DATA)),
        True,
        True,
        (F.CONTENT_TYPE_MISMATCH,),
    ),
    "fail/algorithm protection names another digest": (
        lambda: check(forge.signed_data(WHO, [*BASE, protection(forge.SHA512)])),
        True,
        True,
        (F.ALGORITHM_PROTECTION_MISMATCH,),
    ),
    "fail/algorithm protection names another signature": (
        lambda: check(
            forge.signed_data(
                WHO, [*BASE, protection(signature=der.algorithm(oids.SHA256_WITH_RSA))]
            )
        ),
        True,
        True,
        (F.ALGORITHM_PROTECTION_MISMATCH,),
    ),
    "fail/signature with another digest than the content": (
        lambda: check(
            forge.signed_data(
                WHO,
                signature_algorithm=der.algorithm(oids.SHA512_WITH_RSA, der.null()),
                scheme=SignatureScheme(SignatureKind.RSA_PKCS1, "sha512"),
            )
        ),
        True,
        True,
        (F.ALGORITHM_PROTECTION_MISMATCH,),
    ),
    "fail/signingCertificateV2 of another": (
        lambda: check(forge.signed_data(WHO, [*BASE, essential(OTHER.der)])),
        True,
        True,
        (F.SIGNING_CERTIFICATE_MISMATCH,),
    ),
    "fail/signingCertificateV2 with another serial number": (
        lambda: check(forge.signed_data(WHO, [*BASE, essential(WHO.der, serial=SERIAL + 1)])),
        True,
        True,
        (F.SIGNING_CERTIFICATE_MISMATCH,),
    ),
    "fail/unknown digest": (
        lambda: check(forge.signed_data(WHO, digest_algorithm=der.algorithm("1.2.3"))),
        None,
        None,
        (F.UNSUPPORTED,),
    ),
    "fail/unknown signature algorithm": (
        lambda: check(forge.signed_data(WHO, signature_algorithm=der.algorithm("1.2.3"))),
        None,
        None,
        (F.UNSUPPORTED,),
    ),
    "fail/MD5": (
        lambda: check(forge.signed_data(WHO, digest_algorithm=der.algorithm(oids.MD5))),
        None,
        None,
        (F.UNSUPPORTED, F.WEAK_DIGEST),
    ),
    "fail/MD5 in the signature only": (
        lambda: check(forge.signed_data(WHO, signature_algorithm=der.algorithm(oids.MD5_WITH_RSA))),
        None,
        None,
        (F.ALGORITHM_PROTECTION_MISMATCH, F.UNSUPPORTED, F.WEAK_DIGEST),
    ),
    "fail/PSS without parameters": (
        lambda: check(
            forge.signed_data(WHO, signature_algorithm=der.algorithm(oids.RSA_PSS), scheme=PSS)
        ),
        None,
        None,
        (F.UNSUPPORTED,),
    ),
    "fail/EdDSA with SHA-256": (
        lambda: check(
            forge.signed_data(
                person("ed25519"),
                signature_algorithm=der.algorithm(oids.ED25519),
                scheme=SCHEMES["ed25519"],
            ),
            certificate=person("ed25519"),
        ),
        True,
        True,
        (F.ALGORITHM_PROTECTION_MISMATCH,),
    ),
}


@pytest.mark.parametrize("case", TAMPERED)
def test_every_way_to_tamper_has_its_finding(case: str) -> None:
    run, intact, valid, findings = TAMPERED[case]
    result = run()
    assert (result.intact, result.signature_valid) == (intact, valid)
    assert result.findings == findings
    bad = [finding for finding in result.findings if finding.severity is Severity.BAD]
    assert bool(bad) == case.startswith("fail/")


def _indefinite(attributes: list[bytes]) -> bytes:
    return b"\xa0\x80" + b"".join(attributes) + b"\x00\x00"


def _long_lengths(attributes: list[bytes]) -> bytes:
    body = b"".join(b"\x30\x81" + bytes((len(a) - 2,)) + a[2:] for a in attributes)
    return b"\xa0\x82" + len(body).to_bytes(2, "big") + body


@pytest.mark.parametrize("write", [_indefinite, _long_lengths])
def test_attributes_in_ber_are_checked_in_der(write: Callable[[list[bytes]], bytes]) -> None:
    result = check(forge.signed_data(WHO, [*BASE, TIME], field=write))
    assert (result.intact, result.signature_valid, result.findings) == (True, True, ())


def test_attributes_out_of_order_are_checked_as_they_came() -> None:
    attributes = sorted([*BASE, TIME], reverse=True)
    body = b"".join(attributes)
    data = forge.signed_data(
        WHO,
        field=lambda _: b"\xa0" + der.tlv(der.SET, body)[1:],
        signed=der.tlv(der.SET, body),
    )
    assert der.tlv(der.SET, body) != der.set_of(*attributes)
    result = check(data)
    assert (result.intact, result.signature_valid, result.findings) == (True, True, ())


def test_a_signing_time_outside_of_the_signature_is_malformed() -> None:
    def beside(unsigned: bytes) -> SignerCheck:
        return check(forge.signed_data(WHO, after=der.context(1, unsigned)))

    assert beside(TIME).findings == (Finding.SIGNED_ATTRIBUTES_MALFORMED,)
    assert beside(UNKNOWN).findings == ()


def test_attributes_passed_off_as_content_are_recognised() -> None:
    """The signature over signed attributes holds over content that consists of them."""
    disguise = der.set_of(*BASE)
    data = forge.signed_data(WHO, field=lambda _: b"", content=disguise)
    result = check(data)
    assert result.signature_valid is True
    assert result.findings == (
        Finding.SIGNED_ATTRIBUTES_MISSING,
        Finding.CONTENT_IS_ATTRIBUTES,
    )


@pytest.mark.parametrize("content", [b"", b"1 is not a SET", b"\x31\x00", b"\x31\x03\x30\x01\x00"])
def test_other_content_is_not_taken_for_attributes(content: bytes) -> None:
    result = check(forge.signed_data(WHO, field=lambda _: b"", content=content, signed=content))
    assert result.findings == (Finding.SIGNED_ATTRIBUTES_MISSING,)
    assert (result.intact, result.signature_valid) == (True, True)


def test_what_attributes_say_is_handed_over() -> None:
    said = [*BASE, TIME, CAPABILITIES, attribute(oids.ENCRYPTION_KEY_PREFERENCE, PREFERENCE)]
    result = check(forge.signed_data(WHO, said))
    assert result.findings == ()
    assert result.signing_time == NOW
    assert result.capabilities == der.sequence()
    assert result.encryption_key_preference == IssuerAndSerial(WHO.issuer_and_serial.issuer, 7)


PREFERENCES = {
    "recipient key identifier": (
        oids.ENCRYPTION_KEY_PREFERENCE,
        der.context(1, der.octet_string(b"ski")),
    ),
    "subjectAltKeyIdentifier": (
        oids.ENCRYPTION_KEY_PREFERENCE,
        der.context(2, b"ski", constructed=False),
    ),
}


@pytest.mark.parametrize("case", PREFERENCES)
def test_a_preferred_key_may_be_named_by_its_identifier(case: str) -> None:
    oid, value = PREFERENCES[case]
    result = check(forge.signed_data(WHO, [*BASE, attribute(oid, value)]))
    assert (result.encryption_key_preference, result.findings) == (b"ski", ())


def test_the_preference_of_outlook_is_read() -> None:
    named = der.sequence(WHO.issuer_and_serial.issuer, der.integer(9))
    said = attribute(oids.MICROSOFT_ENCRYPTION_KEY_PREFERENCE, named)
    preferred = check(forge.signed_data(WHO, [*BASE, said])).encryption_key_preference
    assert preferred == IssuerAndSerial(WHO.issuer_and_serial.issuer, 9)


@dataclass(frozen=True)
class Shown:
    """A certificate that shows a key of our choice."""

    public_key: PublicKeyTypes | None
    der: bytes = WHO.der
    issuer_and_serial: IssuerAndSerial = WHO.issuer_and_serial
    subject_key_identifier: bytes | None = None
    key_kind: KeyKind = KeyKind.RSA


@pytest.mark.parametrize("bits", [512, 1023, 8193, 16384])
def test_rsa_keys_outside_of_the_range_are_never_used(bits: int) -> None:
    key = rsa.RSAPublicNumbers(65537, (1 << bits) - 11).public_key()
    view = parse_signed_data(SIGNED)
    result = check_signer(view, view.signers[0], [CONTENT], Shown(key))
    assert (result.intact, result.signature_valid) == (True, None)
    assert Finding.UNSUPPORTED in result.findings
    assert (Finding.WEAK_SIGNATURE_KEY in result.findings) == (bits < 2048)


def test_a_certificate_with_an_unreadable_key_verifies_nothing() -> None:
    view = parse_signed_data(SIGNED)
    result = check_signer(view, view.signers[0], [CONTENT], Shown(None))
    assert result.signature_valid is not True
    assert worst(result.findings) is Severity.BAD


@pytest.fixture(scope="session")
def pss_person(tmp_path_factory: pytest.TempPathFactory) -> Person:
    """A certificate whose key says: only PSS with SHA-256 and a salt of 32 octets or more."""
    folder = tmp_path_factory.mktemp("pss")
    options = "rsa_keygen_bits:2048 rsa_pss_keygen_md:sha256 rsa_pss_keygen_mgf1_md:sha256"
    words = [w for o in (*options.split(), "rsa_pss_keygen_saltlen:32") for w in ("-pkeyopt", o)]
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa-pss", *words, "-nodes", "-subj", "/CN=pss",
         "-keyout", "key.pem", "-out", "certificate.pem"],
        check=True, cwd=folder, capture_output=True,
    )  # fmt: skip
    certificate = x509.load_pem_x509_certificate((folder / "certificate.pem").read_bytes())
    private = load_pem_private_key((folder / "key.pem").read_bytes(), None)
    return Person(certificate, private, KeyKind.RSA_PSS)


def test_a_key_for_pss_alone_signs_with_pss_alone(pss_person: Person) -> None:
    def result(scheme: SignatureScheme) -> SignerCheck:
        spec = SignerSpec(key=pss_person, scheme=scheme)
        data = joined(build_signed_data([CONTENT], None, [spec], [], detached=False))
        return check(data, certificate=pss_person)

    assert result(PSS).findings == ()
    for scheme in (SCHEMES["rsa2048"], SignatureScheme(SignatureKind.RSA_PSS, "sha512")):
        assert result(scheme).signature_valid is False
        assert result(scheme).findings == (Finding.SIGNATURE_INVALID,)


def test_digests_are_computed_once_for_all_signers() -> None:
    class Counted(list[Buffer]):
        read = 0

        def __iter__(self):  # type: ignore[no-untyped-def]  # list's own signature is overloaded
            Counted.read += 1
            return super().__iter__()

    specs = [SignerSpec(key=person(k), scheme=SCHEMES[k]) for k in ("rsa2048", "p256")]
    data = joined(build_signed_data([CONTENT], None, specs, [], detached=True))
    view = parse_signed_data(data)
    content, digests = Counted([CONTENT]), dict[str, bytes]()
    for signer in view.signers:
        assert check_signer(view, signer, content, None, digests=digests).intact
    assert Counted.read == 1


def test_known_digests_spare_reading_the_content() -> None:
    spec = SignerSpec(key=WHO, scheme=SCHEMES["rsa2048"])
    digest = {"sha256": hashlib.sha256(CONTENT).digest()}
    data = joined(build_signed_data(None, digest, [spec], [], detached=True))
    assert check(data, CONTENT).findings == ()
    with pytest.raises(ValueError, match="sha256"):
        build_signed_data(None, None, [spec], [], detached=True)


@pytest.mark.parametrize(
    "scheme",
    [
        SignatureScheme(SignatureKind.RSA_PKCS1, "sha1"),
        SignatureScheme(SignatureKind.RSA_PSS, "md5"),
        SignatureScheme(SignatureKind.ECDSA, "sha224"),
        SignatureScheme(SignatureKind.ED25519, "sha256"),
        SignatureScheme(SignatureKind.ED448, "sha512"),
        SignatureScheme(SignatureKind.DSA, "sha256"),
    ],
    ids=lambda scheme: f"fail/{scheme.kind}-{scheme.digest}",
)
def test_nothing_is_signed_outside_of_the_table(scheme: SignatureScheme) -> None:
    with pytest.raises(UnsupportedAlgorithm):
        build_signed_data([CONTENT], None, [SignerSpec(key=WHO, scheme=scheme)], [], detached=True)


BROKEN = {
    "fail/nothing": b"",
    "fail/no ASN.1": b"-----BEGIN CMS-----",
    "fail/cut off": SIGNED[:-1],
    "fail/another content type": SIGNED.replace(der.oid(oids.SIGNED_DATA), der.oid(oids.DATA)),
    "fail/content that is no OCTET STRING": forge.signed_data(WHO).replace(
        der.octet_string(CONTENT), der.tlv(der.SEQUENCE, CONTENT)
    ),
    "fail/signer named in no way": forge.signed_data(WHO, signer=der.context(3)),
}


@pytest.mark.parametrize("case", BROKEN)
def test_what_is_no_signed_data_is_malformed(case: str) -> None:
    with pytest.raises(MalformedMessage):
        parse_signed_data(BROKEN[case])


LIMITED = {
    "signers": Limits(signers=0),
    "certificates": Limits(certificates=0),
    "attributes": Limits(attributes=5),
    "ber_depth": Limits(ber_depth=5),
    "ber_elements": Limits(ber_elements=20),
}


@pytest.mark.parametrize("name", LIMITED)
def test_limits_hold(name: str) -> None:
    with pytest.raises(LimitExceeded) as error:
        parse_signed_data(SIGNED, limits=LIMITED[name])
    assert error.value.params == {"limit": name}


def test_octets_behind_the_structure_are_ignored() -> None:
    assert check(SIGNED + b"\r\n", CONTENT).findings == ()
