"""``pki.bundle``: certificates out of every form of file that people are given."""

import base64
from pathlib import Path

import pytest

from siegel.base import der
from siegel.base.errors import LimitExceeded, MalformedMessage, SiegelError
from siegel.pki.bundle import MAX_CERTIFICATES, MAX_SIZE, parse_certificates
from siegel.pki.certificate import parse_certificate
from tests.peers.programs import must, program
from tests.unit.pki.making import certificate_der
from tests.world import WORLD

ALICE = WORLD.person("alice")
ISSUING = WORLD.authority("issuing")
BOTH = (parse_certificate(ALICE.certificate_der), parse_certificate(ISSUING.der))
PEM = ALICE.certificate_pem + ISSUING.pem
BARE = base64.b64encode(ALICE.certificate_der)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(ALICE.certificate_der, BOTH[:1], id="der"),
        pytest.param(ALICE.certificate_der + ISSUING.der, BOTH, id="der-one-behind-the-other"),
        pytest.param(ALICE.certificate_der + b"\r\n", BOTH[:1], id="der-with-line-end"),
        pytest.param(PEM, BOTH, id="pem"),
        pytest.param(PEM.replace(b"\n", b"\r\n"), BOTH, id="pem-crlf"),
        pytest.param(PEM.replace(b"\n", b"\r"), BOTH, id="pem-cr"),
        pytest.param(b"\xef\xbb\xbf" + PEM, BOTH, id="pem-with-byte-order-mark"),
        pytest.param(PEM.decode().encode("utf-16"), BOTH, id="pem-utf-16"),
        pytest.param(b"Bag Attributes\n  friendlyName: x\n" + PEM, BOTH, id="pem-bag-attributes"),
        pytest.param(PEM + PEM, BOTH, id="pem-twice"),
        pytest.param(ALICE.key_pem + PEM, BOTH, id="pem-beside-a-key"),
        pytest.param(BARE, BOTH[:1], id="base64"),
        pytest.param(base64.encodebytes(ALICE.certificate_der), BOTH[:1], id="base64-lines"),
        pytest.param(PEM.replace(b" CERTIFICATE", b" X509 CERTIFICATE"), BOTH, id="pem-old-label"),
    ],
)
def test_every_form_of_file_is_read(data: bytes, expected: tuple[object, ...]) -> None:
    assert parse_certificates(data) == expected


@pytest.mark.interop
@pytest.mark.parametrize("form", ["PEM", "DER"])
def test_p7b_files_of_openssl_are_read(form: str, tmp_path: Path) -> None:
    source = tmp_path / "both.pem"
    source.write_bytes(PEM)
    crl = tmp_path / "crl.pem"
    crl.write_bytes(must((program("openssl"), "crl", "-inform", "DER"), given=WORLD.crl()))
    command = (program("openssl"), "crl2pkcs7", "-in", crl, "-certfile", source, "-outform", form)
    assert set(parse_certificates(must(list(map(str, command))))) == set(BOTH)


@pytest.mark.interop
def test_trusted_certificates_of_openssl_are_read() -> None:
    command = (program("openssl"), "x509", "-trustout", "-addtrust", "emailProtection")
    trusted = must(command, given=ALICE.certificate_pem)
    assert b"TRUSTED" in trusted
    assert parse_certificates(trusted) == BOTH[:1]


def test_one_broken_certificate_does_not_spoil_the_others() -> None:
    broken = der.sequence(der.sequence(der.integer(1)))
    assert parse_certificates(broken + ALICE.certificate_der) == BOTH[:1]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"Sehr geehrte Damen und Herren", id="text"),
        pytest.param(ALICE.key_pem, id="a-key"),
        pytest.param(b"-----BEGIN CERTIFICATE-----\nMIIB", id="no-end"),
        pytest.param(b"-----BEGIN CERTIFICATE-----\n?\n-----END CERTIFICATE-----", id="no-base64"),
        pytest.param(der.sequence(der.sequence(der.integer(1))), id="only-a-broken-one"),
        pytest.param(der.sequence(der.oid("1.2.840.113549.1.7.1")), id="other-cms"),
        pytest.param(der.sequence(der.oid("1.2.840.113549.1.7.2"), der.null()), id="empty-cms"),
        pytest.param(ALICE.certificate_der + b"junk", id="junk-behind"),
    ],
)
def test_a_file_without_certificates_is_malformed(data: bytes) -> None:
    with pytest.raises(MalformedMessage):
        parse_certificates(data)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(bytes(MAX_SIZE + 1), id="octets"),
        pytest.param(
            b"".join(certificate_der(serial=n + 1) for n in range(MAX_CERTIFICATES + 1)),
            id="certificates",
        ),
    ],
)
def test_files_beyond_the_limits_are_refused(data: bytes) -> None:
    with pytest.raises(LimitExceeded):
        parse_certificates(data)


def test_files_of_foreign_programs_are_certificates_or_a_clean_refusal(corpora: Path) -> None:
    """Whatever is in there: nothing but our own errors comes out."""
    seen = 0
    for file in corpora.rglob("*"):
        if file.suffix in {".pem", ".crt", ".cer", ".der", ".p7b", ".p7c", ".p7s", ".key"}:
            try:
                seen += len(parse_certificates(file.read_bytes()))
            except SiegelError:
                continue
    assert seen > 450
