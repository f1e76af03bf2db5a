"""Messages that others made: RFC 4134, and what OpenSSL keeps as malformed or dangerous."""

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes, PublicKeyTypes
from cryptography.hazmat.primitives.serialization import (
    load_der_private_key,
    load_pem_private_key,
)

from siegel.base import ber, oids
from siegel.base.buffers import joined
from siegel.base.errors import LimitExceeded, MalformedMessage, UnsupportedAlgorithm
from siegel.base.findings import Finding
from siegel.base.keys import EmptyKeyring, IssuerAndSerial, KeyKind
from siegel.cms.compressed import decompress
from siegel.cms.content_info import content_type
from siegel.cms.enveloped import EnvelopedView, Opened, decrypt, parse_enveloped
from siegel.cms.signed import SignedDataView, SignerCheck, check_signer, parse_signed_data
from tests.unit.cms.people import Person, Ring, person


@dataclass(frozen=True)
class Shown:
    """A certificate of the corpus as far as ``cryptography`` reads it."""

    der: bytes

    @property
    def x509(self) -> x509.Certificate:
        return x509.load_der_x509_certificate(self.der)

    @property
    def issuer_and_serial(self) -> IssuerAndSerial:
        return IssuerAndSerial(self.x509.issuer.public_bytes(), self.x509.serial_number)

    @property
    def subject_key_identifier(self) -> bytes | None:
        found = self.x509.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
        return found.value.digest

    @property
    def public_key(self) -> PublicKeyTypes | None:
        try:
            return self.x509.public_key()
        except ValueError:
            return None

    @property
    def key_kind(self) -> KeyKind:
        return KeyKind.OTHER


def checked(
    view: SignedDataView, certificates: list[Shown], content: bytes | None = None
) -> list[SignerCheck]:
    checks = []
    for signer in view.signers:
        named = [
            certificate
            for certificate in certificates
            if signer.identifier
            in (certificate.issuer_and_serial, certificate.subject_key_identifier)
        ]
        buffers = None if content is None else [content]
        checks.append(check_signer(view, signer, buffers, named[0] if named else None))
    return checks


@pytest.fixture
def rfc4134(corpora: Path) -> Path:
    return corpora / "rfc4134"


WEAK = {Finding.WEAK_DIGEST, Finding.WEAK_SIGNATURE_KEY}
BARE = {Finding.SIGNED_ATTRIBUTES_MISSING}
UNKNOWN = {Finding.WEAK_DIGEST, *BARE, Finding.SIGNER_CERTIFICATE_MISSING}
SIGNED: dict[str, tuple[list[tuple[bool | None, bool | None]], list[set[Finding]]]] = {
    "4.1": ([(True, True)], [WEAK | BARE]),
    "4.2": ([(True, True)], [WEAK | BARE]),
    "4.3": ([(True, True)], [WEAK | BARE]),
    "4.4": ([(True, True)], [WEAK]),
    "4.5": ([(True, True)], [WEAK | BARE]),
    "4.6": ([(True, True), (None, None)], [WEAK | BARE, UNKNOWN]),
    "4.7": ([(True, True)], [WEAK | BARE]),
    "4.10": ([(True, True)], [WEAK]),
}


@pytest.mark.parametrize("number", SIGNED)
def test_the_signed_examples_of_rfc_4134_hold(rfc4134: Path, number: str) -> None:
    expected, findings = SIGNED[number]
    view = parse_signed_data((rfc4134 / f"{number}.bin").read_bytes())
    content = (rfc4134 / "ExContent.bin").read_bytes()
    assert (view.content is None) == (number == "4.3")
    if view.content is not None:
        assert joined(view.content) == content
    certificates = [
        Shown(file.read_bytes())
        for file in rfc4134.glob("*.cer")
        if file.name != "DianeDSSSignByCarlInherit.cer"  # a key without parameters of its own
    ]
    checks = checked(view, certificates, content if view.content is None else None)
    assert [(check.intact, check.signature_valid) for check in checks] == expected
    assert [set(check.findings) for check in checks] == findings


def test_the_degenerate_example_has_certificates_and_nothing_else(rfc4134: Path) -> None:
    view = parse_signed_data((rfc4134 / "4.11.bin").read_bytes())
    assert (len(view.certificates), len(view.crls)) == (2, 1)
    assert (view.content, view.signers) == (None, ())


@pytest.mark.parametrize(
    ("number", "cipher", "finding"),
    [
        pytest.param("5.1", "3des-cbc", Finding.WEAK_CIPHER, id="ok/3DES"),
        pytest.param("5.2", None, Finding.UNSUPPORTED, id="fail/RC2 of 40 bits"),
    ],
)
def test_encrypted_examples_of_rfc_4134(
    rfc4134: Path, number: str, cipher: str | None, finding: Finding
) -> None:
    certificate = x509.load_der_x509_certificate((rfc4134 / "BobRSASignByCarl.cer").read_bytes())
    private = load_der_private_key((rfc4134 / "BobPrivRSAEncrypt.pri").read_bytes(), None)
    view = parse_enveloped((rfc4134 / f"{number}.bin").read_bytes())
    opened = decrypt(view, Ring(Person(certificate, private, KeyKind.RSA)))
    assert (view.cipher, opened.findings) == (cipher, (finding,))
    content = None if opened.content is None else joined(opened.content)
    expected = (rfc4134 / "ExContent.bin").read_bytes()
    assert content == (expected if cipher else None)


MALFORMED_ATTRIBUTES = [
    "bad_signtime_attr.cms",
    "ct_multiple_attr.cms",
    "no_ct_attr.cms",
    "no_md_attr.cms",
]


@pytest.mark.parametrize("name", MALFORMED_ATTRIBUTES)
def test_bad_attributes_of_openssl_are_recognised(corpora: Path, name: str) -> None:
    data = read(corpora / "openssl" / "80-test_cms_data" / name)
    view = parse_signed_data(data)
    for check in checked(view, [Shown(der) for der in view.certificates]):
        assert Finding.SIGNED_ATTRIBUTES_MALFORMED in check.findings


def read(path: Path) -> bytes:
    """The CMS in a file: DER, PEM, or the body of a mail."""
    data = path.read_bytes()
    armoured = re.search(rb"-----BEGIN [A-Z0-9 ]+-----(.*?)-----END", data, re.DOTALL)
    if armoured:
        return base64.b64decode(armoured[1])
    if data[:1] == b"\x30":
        return data
    return base64.b64decode(re.split(rb"\r?\n\r?\n", data, maxsplit=1)[1])


def test_ecdh_of_an_old_openssl_opens(corpora: Path) -> None:
    place = corpora / "openssl"
    pem = (place / "smime-certs" / "smec3.pem").read_bytes()
    data = read(place / "80-test_cms_data" / "ciphertext_from_1_1_1.cms")
    opened = decrypt(parse_enveloped(data), Ring(holder(pem, pem)))
    assert opened.content is not None
    expected = (place / "smcont.txt").read_bytes()
    assert joined(opened.content).replace(b"\r\n", b"\n") == expected.replace(b"\r\n", b"\n")
    assert Finding.WEAK_CIPHER in opened.findings


def holder(certificate: bytes, key: bytes) -> Person:
    private: PrivateKeyTypes = load_pem_private_key(key, None)
    return Person(x509.load_pem_x509_certificate(certificate), private)


CLOSED = {
    "80-test_cms_data/ecdh-malformed.der": (
        "80-test_cms_data/ecdh-cert.pem",
        "80-test_cms_data/ecdh-key.pem",
    ),
    "80-test_cms_data/rsa-malformed.der": ("smime-certs/smrsa3-cert.pem", None),
    "cms-msg/enveloped-content-type-for-aes-gcm.pem": (None, None),
    "cms-msg/missing-kdf.der": (None, None),
    "80-test_cmsapi_data/encDataWithTooLongIV.pem": (None, None),
    "80-test_cmsapi_data/cms_pwri_kek_oob.der": (None, None),
    "80-test_cms_data/pkcs7-md4-encrypted.pem": (None, None),
    "d2i-tests/bad-cms.der": (None, None),
}


@pytest.mark.parametrize("name", CLOSED)
def test_what_once_crashed_openssl_stays_closed(corpora: Path, name: str) -> None:
    place = corpora / "openssl"
    certificate, key = CLOSED[name]
    ring = (
        EmptyKeyring()
        if key is None
        else Ring(holder((place / str(certificate)).read_bytes(), (place / key).read_bytes()))
    )
    try:
        opened: Opened | None = decrypt(parse_enveloped(read(place / name)), ring)
    except (MalformedMessage, LimitExceeded):
        opened = None
    assert opened is None or opened.content is None


def test_agreement_with_a_dh_key_is_unsupported(corpora: Path) -> None:
    """Also written in a way that once crashed OpenSSL; no mail certificate has such a key."""

    class Anybody(Ring):
        def matching(self, identifier: object) -> list[Person]:
            return list(self.people)

    data = read(corpora / "openssl" / "80-test_cms_data" / "dh-malformed.der")
    opened = decrypt(parse_enveloped(data), Anybody(person("p256")))
    assert (opened.content, opened.findings) == (None, (Finding.UNSUPPORTED,))


READERS: dict[str, Callable[[bytes], object]] = {
    oids.SIGNED_DATA: parse_signed_data,
    oids.ENVELOPED_DATA: parse_enveloped,
    oids.AUTH_ENVELOPED_DATA: parse_enveloped,
    oids.COMPRESSED_DATA: decompress,
}


def test_fuzz_inputs_of_openssl_are_read_or_refused(corpora: Path) -> None:
    """Nothing but our own errors, whatever the input; a share of them must be readable."""
    files = sorted((corpora / "openssl" / "fuzz" / "corpora" / "cms").iterdir())
    assert len(files) > 500
    read_well = signers = 0
    for file in files:
        data = file.read_bytes()
        try:
            view = READERS.get(content_type(data), ber.read)(data)
        except (MalformedMessage, LimitExceeded, UnsupportedAlgorithm):
            continue
        read_well += 1
        if isinstance(view, EnvelopedView):
            assert not decrypt(view, EmptyKeyring()).key_found
        if isinstance(view, SignedDataView):
            for signer in view.signers:
                signers += 1
                check = check_signer(view, signer, None, None)
                assert check.signature_valid is None
    assert read_well > 50
    assert signers > 20
