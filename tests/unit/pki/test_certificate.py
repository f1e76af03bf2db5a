"""``pki.certificate``: the facts of a certificate, and that nothing hostile gets past them."""

import hashlib
from collections.abc import Callable

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ed448, rsa, x448
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID, ObjectIdentifier
from hypothesis import given
from hypothesis import strategies as st

from siegel.base import ber, der, oids
from siegel.base.address import EmailAddress
from siegel.base.errors import MalformedMessage
from siegel.base.keys import CertifiedKey, KeyKind
from siegel.pki.certificate import MAX_SIZE, Certificate, parse_certificate
from siegel.pki.classes import Generation, ValidationClass, ValidationType
from siegel.pki.public_keys import PssParameters
from siegel.pki.strength import key_weakness
from tests.peers.programs import must, program
from tests.unit.pki.making import (
    SERIAL,
    certificate_der,
    certified_as,
    key_usage,
    mail_names,
    pss_algorithm,
    public_key,
    split_certificate,
)
from tests.world import WORLD, Person

MAIL = "1.3.6.1.5.5.7.3.4"
ANY = "2.5.29.37.0"
SERVER = "1.3.6.1.5.5.7.3.1"

ED448_KEY = ed448.Ed448PrivateKey.generate().public_key()
X448_KEY = x448.X448PrivateKey.generate().public_key()
DSA_KEY = dsa.generate_private_key(2048).public_key()


def of(name: str) -> Certificate:
    return parse_certificate(WORLD.person(name).certificate_der)


def made(*extensions: x509.ExtensionType, **rest: object) -> Certificate:
    return parse_certificate(certificate_der(*extensions, **rest))  # type: ignore[arg-type]  # passed through


def purposes(*oids: str) -> x509.ExtendedKeyUsage:
    return x509.ExtendedKeyUsage(map(ObjectIdentifier, oids))


# Facts


@pytest.mark.parametrize("somebody", WORLD.everybody, ids=lambda one: one.name)
def test_the_facts_agree_with_cryptography(somebody: Person) -> None:
    theirs = x509.load_der_x509_certificate(somebody.certificate_der)
    ours = parse_certificate(somebody.certificate_der)
    spki = theirs.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    key_id = theirs.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
    assert ours.serial == theirs.serial_number
    assert (ours.not_before, ours.not_after) == (
        theirs.not_valid_before_utc,
        theirs.not_valid_after_utc,
    )
    assert ours.public_key == theirs.public_key()
    assert ours.subject_key_identifier == key_id
    assert ours.issuer_der == theirs.issuer.public_bytes()
    assert ours.subject_der == theirs.subject.public_bytes()
    assert ours.spki_sha256 == hashlib.sha256(spki).hexdigest()
    assert ours.fingerprint == theirs.fingerprint(hashes.SHA256()).hex()
    assert not ours.flaws


def test_a_certificate_is_what_cms_needs_of_one() -> None:
    key: CertifiedKey = of("alice")
    assert key.issuer_and_serial.issuer in key.der


def test_issuer_and_subject_are_the_octets_of_the_certificate() -> None:
    """The issuer is written as PrintableString here; writing it anew would make it UTF8String."""
    utf8 = der.tlv(der.UTF8_STRING, b"Issuer")
    printable = der.tlv(0x13, b"Issuer")
    certificate = parse_certificate(certificate_der().replace(utf8, printable))
    assert certificate.issuer_der == der.sequence(
        der.set_of(der.sequence(der.oid("2.5.4.3"), printable))
    )


def test_the_same_octets_are_read_once() -> None:
    blob = certificate_der(mail_names("once@partner.example"))
    assert parse_certificate(blob) is parse_certificate(bytes(bytearray(blob)))


def test_certificates_are_equal_when_their_octets_are() -> None:
    assert of("alice") == of("alice") != of("alice_renewed")
    assert of("alice").spki_sha256 == of("alice_renewed").spki_sha256


def test_a_self_issued_certificate_is_recognised() -> None:
    assert parse_certificate(WORLD.root.der).is_self_issued
    assert not of("alice").is_self_issued


def test_an_authority_is_a_ca_and_a_person_is_not() -> None:
    assert parse_certificate(WORLD.authority("issuing").der).is_ca
    assert not of("alice").is_ca


# Addresses


@pytest.mark.requirement("A23")
@pytest.mark.parametrize(
    "name",
    [
        pytest.param("anna@partner.example", id="ok/plain"),
        pytest.param("Anna.B+tag@Partner.EXAMPLE", id="ok/case-and-tag"),
        pytest.param('"anna b"@partner.example', id="ok/quoted"),
        pytest.param("anna@xn--grn-ioa.example", id="ok/a-label"),
    ],
)
def test_a_mail_name_of_the_certificate_is_its_address(name: str) -> None:
    certificate = made(mail_names(name))
    assert certificate.addresses == (EmailAddress.parse(name),)
    assert certificate.malformed_addresses == ()


@pytest.mark.requirement("A23")
@pytest.mark.parametrize(
    "name",
    [
        pytest.param("", id="fail/empty"),
        pytest.param("anna", id="fail/no-at"),
        pytest.param("partner.example", id="fail/host-only"),
        pytest.param("@partner.example", id="fail/no-local-part"),
        pytest.param("anna@", id="fail/no-domain"),
        pytest.param("a@b@partner.example", id="fail/two-at"),
        pytest.param('"a@b"@partner.example', id="fail/at-inside-quotes"),
        pytest.param("anna@partner.example\x00.evil.example", id="fail/nul"),
        pytest.param(" anna@partner.example", id="fail/blank"),
        pytest.param("anna@partner.example, eve@evil.example", id="fail/list"),
        pytest.param("Anna <anna@partner.example>", id="fail/display-name"),
        pytest.param("anna@[192.0.2.1]", id="fail/address-literal"),
        pytest.param("*@partner.example", id="ok-not/wildcard-is-a-name-of-its-own"),
        pytest.param("anna(boss)@partner.example", id="fail/comment"),
        pytest.param("mailto:anna@partner.example\n", id="fail/line-end"),
    ],
)
def test_a_mail_name_that_is_no_exact_address_never_becomes_one(name: str) -> None:
    certificate = made(
        mail_names(name, "right@partner.example"),
        subject=((NameOID.COMMON_NAME, "Anna"), (NameOID.EMAIL_ADDRESS, "dn@partner.example")),
    )
    if name.startswith("*"):  # a dot-atom, and nobody's address but its own
        assert EmailAddress.parse("anna@partner.example") not in certificate.addresses
        return
    assert certificate.addresses == (EmailAddress.parse("right@partner.example"),)
    assert certificate.malformed_addresses == (name,)


def test_an_address_that_occurs_twice_is_one_address() -> None:
    certificate = made(mail_names("a@b.example", "c@b.example", "A@B.EXAMPLE"))
    assert list(map(str, certificate.addresses)) == ["a@b.example", "c@b.example"]


def _with_subject_address(*alternatives: x509.ExtensionType) -> Certificate:
    subject = ((NameOID.COMMON_NAME, "Dora"), (NameOID.EMAIL_ADDRESS, "dora@partner.example"))
    return made(*alternatives, subject=subject)


def test_the_address_of_the_subject_counts_without_alternative_mail_names() -> None:
    dns_only = x509.SubjectAlternativeName([x509.DNSName("partner.example")])
    for certificate in (of("dora"), _with_subject_address(), _with_subject_address(dns_only)):
        assert list(map(str, certificate.addresses)) == ["dora@partner.example"]


@pytest.mark.parametrize("name", ["other@partner.example", "malformed"], ids=["other", "malformed"])
def test_the_address_of_the_subject_is_void_beside_any_alternative_mail_name(name: str) -> None:
    certificate = _with_subject_address(mail_names(name))
    assert EmailAddress.parse("dora@partner.example") not in certificate.addresses


@pytest.mark.parametrize(
    ("value", "address"),
    [
        pytest.param(der.utf8_string("jörg@partner.example"), "jörg@partner.example", id="ok/utf8"),
        pytest.param(
            der.utf8_string("jörg@xn--grn-ioa.example"), "jörg@grün.example", id="ok/a-label"
        ),
        pytest.param(der.utf8_string("jörg@grün.example"), "jörg@grün.example", id="ok/u-label"),
        pytest.param(der.utf8_string("anna@partner.example"), None, id="fail/ascii-local-part"),
        pytest.param(der.utf8_string("\ufeffjörg@partner.example"), None, id="fail/bom"),
        pytest.param(der.tlv(0x16, b"j@partner.example"), None, id="fail/ia5"),
        pytest.param(b"\x0c\x05\xff\xfe@b.", None, id="fail/not-utf8"),
    ],
)
def test_international_mail_names_follow_rfc_9598(value: bytes, address: str | None) -> None:
    certificate = made(mail_names(utf8=[value]))
    expected = (EmailAddress.parse(address),) if address else ()
    assert certificate.addresses == expected
    assert bool(certificate.malformed_addresses) is (address is None)


def test_the_same_text_is_no_international_name_as_rfc822name() -> None:
    assert of("joerg").addresses == (EmailAddress.parse("jörg@partner.example"),)


# Usage

_RSA, _EC, _ED, _X = "alice", "dana", "carla", "carla_encrypt"
_USAGE = [
    # key, keyUsage, purposes, signs, is encrypted to
    ("ok/rsa-nothing-said", _RSA, None, None, True, True),
    ("ok/rsa-both", _RSA, ("digital_signature", "key_encipherment"), (MAIL,), True, True),
    ("ok/rsa-non-repudiation", _RSA, ("content_commitment",), (MAIL,), True, False),
    ("ok/rsa-encrypt", _RSA, ("key_encipherment",), (MAIL,), False, True),
    ("ok/any-purpose", _RSA, None, (ANY,), True, True),
    ("ok/mail-among-others", _RSA, None, (SERVER, MAIL), True, True),
    ("ok/ec-nothing-said", _EC, None, None, True, True),
    ("ok/ec-agreement", _EC, ("key_agreement",), (MAIL,), False, True),
    ("ok/ec-sign", _EC, ("digital_signature",), (MAIL,), True, False),
    ("ok/ed25519", _ED, None, None, True, False),
    ("ok/x25519", _X, None, None, False, True),
    ("fail/server-only", _RSA, None, (SERVER,), False, False),
    ("fail/rsa-agreement", _RSA, ("key_agreement",), (MAIL,), False, False),
    ("fail/rsa-data", _RSA, ("data_encipherment",), (MAIL,), False, False),
    ("fail/ec-encipherment", _EC, ("key_encipherment",), (MAIL,), False, False),
    ("fail/ed25519-agreement", _ED, ("key_agreement",), (MAIL,), False, False),
    ("fail/x25519-signature", _X, ("digital_signature",), (MAIL,), False, False),
    ("fail/authority", _RSA, ("key_cert_sign", "crl_sign"), None, False, False),
]


@pytest.mark.parametrize(
    ("key", "bits", "eku", "signs", "encrypts"),
    [pytest.param(*row[1:], id=row[0]) for row in _USAGE],
)
def test_usage_follows_key_usage_purposes_and_the_kind_of_key(
    key: str, bits: tuple[str, ...] | None, eku: tuple[str, ...] | None, signs: bool, encrypts: bool
) -> None:
    extensions: list[x509.ExtensionType] = []
    if bits is not None:
        extensions.append(key_usage(*bits))
    if eku is not None:
        extensions.append(purposes(*eku))
    certificate = made(*extensions, key=public_key(key))
    assert (certificate.may_sign, certificate.may_encrypt) == (signs, encrypts)
    assert (certificate.key_usage is None) is (bits is None)
    assert certificate.extended_key_usage == (None if eku is None else frozenset(eku))


@pytest.mark.parametrize(
    ("key", "kind", "size", "signs", "encrypts"),
    [
        pytest.param(public_key("alice"), KeyKind.RSA, 2048, True, True, id="rsa"),
        pytest.param(public_key("petra"), KeyKind.EC, 384, True, True, id="p384"),
        pytest.param(public_key("bruno"), KeyKind.EC, 256, True, True, id="brainpool"),
        pytest.param(public_key("carla"), KeyKind.ED25519, 256, True, False, id="ed25519"),
        pytest.param(ED448_KEY, KeyKind.ED448, 456, True, False, id="ed448"),
        pytest.param(public_key("carla_encrypt"), KeyKind.X25519, 256, False, True, id="x25519"),
        pytest.param(X448_KEY, KeyKind.X448, 448, False, True, id="x448"),
        pytest.param(DSA_KEY, KeyKind.DSA, 2048, True, False, id="dsa"),
        pytest.param(
            rsa.RSAPublicNumbers(65537, (1 << 16383) | 1).public_key(),
            KeyKind.RSA,
            16384,
            True,
            True,
            id="rsa-16384",
        ),
    ],
)
def test_every_kind_of_key_is_recognised(
    key: CertificatePublicKeyTypes, kind: KeyKind, size: int, signs: bool, encrypts: bool
) -> None:
    certificate = made(key=key)
    assert (certificate.key_kind, certificate.key_bits) == (kind, size)
    assert (certificate.may_sign, certificate.may_encrypt) == (signs, encrypts)


def test_an_rsa_key_certified_for_pss_only_signs() -> None:
    certificate = parse_certificate(certified_as(der.algorithm("1.2.840.113549.1.1.10")))
    assert certificate.key_kind is KeyKind.RSA_PSS
    assert certificate.key_name == "RSASSA-PSS 2048"
    assert (certificate.may_sign, certificate.may_encrypt) == (True, False)
    assert certificate.pss is None


@pytest.mark.parametrize(
    ("algorithm", "restriction"),
    [
        (pss_algorithm(), PssParameters(digest="sha512", mask_digest="sha512", salt=64)),
        (
            pss_algorithm(oids.SHA256, oids.SHA256, 21),
            PssParameters(digest="sha256", mask_digest="sha256", salt=21),
        ),
        (der.algorithm(oids.RSA_PSS, der.sequence()), PssParameters()),  # all defaults: SHA-1
        (der.algorithm(oids.RSA), None),
    ],
)
def test_a_key_keeps_the_one_way_of_signing_it_was_certified_for(
    algorithm: bytes, restriction: PssParameters | None
) -> None:
    """RFC 4055 §1.2."""
    assert parse_certificate(certified_as(algorithm)).pss == restriction


@pytest.mark.parametrize(
    "parameters",
    [
        pytest.param(der.integer(1), id="fail/integer"),
        pytest.param(der.sequence(der.context(0, der.algorithm("1.2.3"))), id="fail/digest"),
        pytest.param(der.sequence(der.context(0)), id="fail/empty"),
        pytest.param(
            der.sequence(der.context(1, der.algorithm(oids.RSA, der.algorithm(oids.SHA256)))),
            id="fail/mask",
        ),
        pytest.param(der.sequence(der.context(3, der.integer(2))), id="fail/trailer"),
    ],
)
def test_a_restriction_that_nobody_understands_makes_the_key_useless(parameters: bytes) -> None:
    blob = certified_as(der.algorithm(oids.RSA_PSS, parameters))
    try:
        certificate = parse_certificate(blob)
    except MalformedMessage:  # cryptography does not read it either
        return
    assert certificate.public_key is None
    assert (certificate.may_sign, certificate.may_encrypt) == (False, False)


def test_capabilities_in_the_certificate_are_kept_as_encoded() -> None:
    """RFC 4262."""
    capabilities = der.sequence(der.algorithm(oids.AES256_GCM), der.algorithm(oids.AES128_CBC))
    extension = x509.UnrecognizedExtension(
        x509.ObjectIdentifier("1.2.840.113549.1.9.15"), capabilities
    )

    assert made(extension).capabilities == capabilities
    assert made().capabilities is None


@pytest.mark.parametrize(
    ("person", "name"),
    [
        ("alice", "RSA 2048"),
        ("petra", "secp384r1"),
        ("bruno", "brainpoolP256r1"),
        ("carla", "Ed25519"),
        ("carla_encrypt", "X25519"),
        ("quentin", "ML-DSA-65"),
        ("quentin_encrypt", "ML-KEM-768"),
    ],
)
def test_a_key_has_a_name_for_people(person: str, name: str) -> None:
    assert made(key=public_key(person)).key_name == name


@pytest.mark.parametrize(
    ("algorithm", "name"),
    [
        (oids.ML_KEM_512, "ML-KEM-512"),
        ("2.16.840.1.101.3.4.3.20", "SLH-DSA-SHA2-128s"),
        ("1.3.6.1.5.5.7.6.45", "composite ML-DSA"),
        ("1.2.3.4.5", "1.2.3.4.5"),
    ],
)
def test_a_key_that_cannot_be_used_is_named_and_refused(algorithm: str, name: str) -> None:
    certificate = parse_certificate(certified_as(der.algorithm(algorithm)))
    assert (certificate.key_name, certificate.key_kind) == (name, KeyKind.OTHER)
    assert key_weakness(certificate) == f"{name} is not supported"
    assert not certificate.may_sign
    assert not certificate.may_encrypt


@pytest.mark.parametrize(
    "algorithm",
    [
        pytest.param(der.algorithm("1.2.3.4.5"), id="unknown-algorithm"),
        pytest.param(der.algorithm("1.2.840.10045.2.1", der.oid("1.2.3.4")), id="unknown-curve"),
        pytest.param(der.algorithm("1.2.840.10045.2.1", der.null()), id="no-curve"),
        pytest.param(
            der.algorithm("1.2.840.113549.1.3.1", der.sequence(der.integer(23), der.integer(5))),
            id="diffie-hellman",
        ),
    ],
)
def test_a_key_that_nobody_knows_does_nothing(algorithm: bytes) -> None:
    certificate = parse_certificate(certified_as(algorithm))
    assert certificate.public_key is None
    assert (certificate.key_kind, certificate.key_bits) == (KeyKind.OTHER, 0)
    assert (certificate.may_sign, certificate.may_encrypt) == (False, False)
    assert certificate.flaws == ("public_key",)


# What hostile or careless authorities write


@pytest.mark.parametrize("number", [-1, 0, -0x0102030405], ids=str)
def test_serial_numbers_that_are_not_positive_are_read_and_say_nothing(number: int) -> None:
    blob = certificate_der()
    tbs, rest = split_certificate(blob)
    tbs = tbs.replace(der.integer(SERIAL), der.integer(number))
    certificate = parse_certificate(der.sequence(der.sequence(tbs), rest))
    assert certificate.serial == number


def _duplicated(blob: bytes) -> bytes:
    extension = der.sequence(der.oid("2.5.29.15"), der.octet_string(b"\x03\x02\x00\x80"))
    return _other_extensions(blob, extension, extension)


def _garbage(blob: bytes) -> bytes:
    extension = der.sequence(der.oid("2.5.29.17"), der.octet_string(b"\x30\x03abc"))
    return _other_extensions(blob, extension)


def _other_extensions(blob: bytes, *extensions: bytes) -> bytes:
    tbs, rest = split_certificate(blob)
    fields = ber.read(der.sequence(tbs)).children()
    kept = b"".join(bytes(field.raw) for field in fields if field.tag != 0xA3)
    return der.sequence(der.sequence(kept, der.context(3, der.sequence(*extensions))), rest)


@pytest.mark.parametrize("spoil", [_duplicated, _garbage], ids=["duplicated", "garbage"])
def test_a_certificate_with_unreadable_extensions_stands_for_nobody(
    spoil: Callable[[bytes], bytes],
) -> None:
    blob = spoil(WORLD.person("dora").certificate_der)
    certificate = parse_certificate(blob)
    assert certificate.flaws == ("extensions",)
    assert certificate.addresses == ()
    assert (certificate.may_sign, certificate.may_encrypt) == (False, False)
    assert certificate.subject == of("dora").subject


@pytest.mark.parametrize(
    "blob",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"0", id="one-octet"),
        pytest.param(certificate_der()[:-1], id="cut-off"),
        pytest.param(certificate_der() + b"\0", id="trailing"),
        pytest.param(b"0\x80" + certificate_der()[4:] + b"\0\0", id="indefinite"),
        pytest.param(b"0\x82\xff\xff" + bytes(MAX_SIZE), id="too-long"),
        pytest.param(b"0\x80" * 1000, id="nested"),
        pytest.param(der.sequence(der.sequence()), id="empty-tbs"),
        pytest.param(WORLD.person("alice").pkcs8, id="private-key"),
        pytest.param(WORLD.crl(), id="revocation-list"),
    ],
)
def test_what_is_no_certificate_is_malformed(blob: bytes) -> None:
    with pytest.raises(MalformedMessage):
        parse_certificate(blob)


@given(st.data())
def test_a_damaged_certificate_is_facts_or_malformed_and_nothing_else(data: st.DataObject) -> None:
    blob = bytearray(WORLD.person("maria").certificate_der)
    for _ in range(data.draw(st.integers(1, 4))):
        position = data.draw(st.integers(0, len(blob) - 1))
        blob[position] = data.draw(st.integers(0, 255))
    try:
        certificate = parse_certificate(bytes(blob))
    except MalformedMessage:
        return
    assert certificate.der == bytes(blob)
    assert certificate.subject.isprintable()


@given(st.binary(max_size=300))
def test_arbitrary_octets_are_malformed_and_nothing_else(blob: bytes) -> None:
    with pytest.raises(MalformedMessage):
        parse_certificate(blob)


# Who it is, for people


@pytest.mark.requirement("A25")
@pytest.mark.parametrize(
    ("oid", "expected"),
    [
        ("2.23.140.1.5.1.1", ValidationClass(ValidationType.MAILBOX, Generation.LEGACY)),
        ("2.23.140.1.5.2.2", ValidationClass(ValidationType.ORGANISATION, Generation.MULTIPURPOSE)),
        ("2.23.140.1.5.3.3", ValidationClass(ValidationType.SPONSOR, Generation.STRICT)),
        ("2.23.140.1.5.4.3", ValidationClass(ValidationType.INDIVIDUAL, Generation.STRICT)),
        ("2.23.140.1.5.5.1", None),
        ("2.23.140.1.2.2", None),
    ],
)
def test_the_validation_class_is_shown(oid: str, expected: ValidationClass | None) -> None:
    other = x509.PolicyInformation(ObjectIdentifier("1.2.3.4"), None)
    named = x509.PolicyInformation(ObjectIdentifier(oid), None)
    assert made(x509.CertificatePolicies([other, named])).validation_class == expected


@pytest.mark.requirement("A32")
def test_the_validation_class_changes_neither_use_nor_addresses() -> None:
    names = mail_names("anna@partner.example")
    plain = made(names)
    for x in "1234":
        policy = x509.PolicyInformation(ObjectIdentifier(f"2.23.140.1.5.{x}.3"), None)
        classed = made(names, x509.CertificatePolicies([policy]))
        assert classed.addresses == plain.addresses
        assert (classed.may_sign, classed.may_encrypt) == (plain.may_sign, plain.may_encrypt)


@pytest.mark.requirement("A26")
def test_person_and_organisation_come_from_the_subject() -> None:
    certificate = made(
        subject=(
            (NameOID.ORGANIZATION_NAME, "Landesamt"),
            (NameOID.COMMON_NAME, "Dr. Erika Muster"),
            (NameOID.GIVEN_NAME, "Erika"),
            (NameOID.SURNAME, "Muster"),
        )
    )
    assert certificate.organisation == "Landesamt"
    assert certificate.common_name == "Dr. Erika Muster"
    assert certificate.person == "Erika Muster"


@pytest.mark.requirement("A26")
def test_a_common_name_alone_proves_no_person() -> None:
    assert made(subject=((NameOID.COMMON_NAME, "Erika Muster"),)).person is None
    pseudonym = ((NameOID.COMMON_NAME, "x"), (NameOID.PSEUDONYM, "Poststelle:PN"))
    assert made(subject=pseudonym).person == "Poststelle:PN"


@pytest.mark.parametrize("somebody", WORLD.everybody, ids=lambda one: one.name)
def test_names_are_written_as_cryptography_writes_them(somebody: Person) -> None:
    name = somebody.certificate.subject
    spelled = {NameOID.EMAIL_ADDRESS: "emailAddress"}
    assert parse_certificate(somebody.certificate_der).subject == name.rfc4514_string(spelled)


@pytest.mark.interop
def test_names_are_written_as_openssl_writes_them() -> None:
    blob = certificate_der(
        subject=(
            (NameOID.COUNTRY_NAME, "DE"),
            (NameOID.STATE_OR_PROVINCE_NAME, 'Baden, "Württemberg" + <mehr>; #1'),
            (NameOID.ORGANIZATION_NAME, "#Amt"),
            (NameOID.COMMON_NAME, " Müller \\ Söhne "),
        )
    )
    command = (program("openssl"), "x509", "-inform", "DER", "-noout", "-subject", "-nameopt")
    theirs = must((*command, "RFC2253,utf8,-esc_msb"), given=blob).decode().strip()
    assert f"subject={parse_certificate(blob).subject}" == theirs


def test_a_hostile_name_cannot_move_a_persons_eyes() -> None:
    hostile = "Alice\n\u202eecilA\x00\x1b[2J"
    certificate = made(subject=((NameOID.COMMON_NAME, hostile),))
    assert certificate.subject == "CN=Alice\\0A\\E2\\80\\AEecilA\\00\\1B[2J"
    assert certificate.common_name is not None
    assert certificate.common_name.isprintable()


def test_a_name_that_is_no_string_shows_as_digits() -> None:
    blob = certificate_der(subject=((NameOID.COMMON_NAME, "1234567"),))
    tbs, rest = split_certificate(blob)
    tbs = tbs.replace(der.utf8_string("1234567"), der.octet_string(b"1234567"))
    certificate = parse_certificate(der.sequence(der.sequence(tbs), rest))
    assert certificate.subject == "CN=#040731323334353637"
