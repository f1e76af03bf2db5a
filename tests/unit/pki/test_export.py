"""``pki.export`` and ``pki.keyguard``: the public part goes out, a private key is noticed."""

import base64
import io
import os
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    pkcs7,
)
from hypothesis import given
from hypothesis import strategies as st

from siegel.base import ber, der
from siegel.pki import keyguard
from siegel.pki.bundle import parse_certificates
from siegel.pki.certificate import Certificate, parse_certificate
from siegel.pki.export import ExportFormat, contains_private_key, public_part
from tests.peers.programs import must, program
from tests.unit.pki.making import certificate_der
from tests.world import WORLD, Person

ALICE, DANA, CARLA = (WORLD.person(name) for name in ("alice", "dana", "carla"))


def parsed(person: Person) -> tuple[Certificate, tuple[Certificate, ...]]:
    chain = tuple(parse_certificate(blob) for blob in person.chain)
    return parse_certificate(person.certificate_der), chain


def exported(person: Person, form: str) -> bytes:
    return public_part(*parsed(person), format=form)


# The public part


@pytest.mark.requirement("A31", "A54", "A55", "A56")
@pytest.mark.parametrize("form", ["pem", "p7c"])
def test_certificate_and_chain_go_out_together(form: str) -> None:
    certificate, chain = parsed(ALICE)
    assert set(parse_certificates(exported(ALICE, form))) == {certificate, *chain}


@pytest.mark.requirement("A54", "A55", "A56")
def test_der_is_the_certificate_and_nothing_else() -> None:
    assert exported(ALICE, "der") == ALICE.certificate_der == public_part(*parsed(ALICE))


@pytest.mark.requirement("A55")
def test_pem_is_written_as_cryptography_writes_it() -> None:
    assert exported(ALICE, "pem") == ALICE.certificate_pem + ALICE.intermediates[0].pem


@pytest.mark.interop
@pytest.mark.requirement("A55")
def test_p7c_is_read_by_openssl_and_cryptography() -> None:
    blob = exported(ALICE, "p7c")
    command = (program("openssl"), "pkcs7", "-inform", "DER", "-print_certs", "-noout")
    assert b"Alice Adler" in must(command, given=blob)
    theirs = pkcs7.load_der_pkcs7_certificates(blob)
    assert {one.public_bytes(Encoding.DER) for one in theirs} == {
        ALICE.certificate_der,
        *ALICE.chain,
    }


@pytest.mark.interop
@pytest.mark.requirement("A55")
def test_p7c_is_imported_by_gpgsm(tmp_path: Path) -> None:
    home = tmp_path / "gnupg"
    home.mkdir(mode=0o700)
    file = tmp_path / "alice.p7c"
    file.write_bytes(exported(ALICE, "p7c"))
    command = (program("gpgsm"), "--homedir", str(home), "--batch", "--no-autostart")
    must((*command, "--import", str(file)))
    assert b"alice@office.example" in must((*command, "--list-keys"))


@pytest.mark.requirement("A55")
@pytest.mark.parametrize(
    "person", [ALICE, DANA, CARLA, WORLD.person("joerg")], ids=lambda p: p.name
)
def test_a_vcard_carries_name_address_and_certificate(person: Person) -> None:
    text = exported(person, "vcard")
    lines = text.decode("utf-8").split("\r\n")
    assert all(len(line.encode()) <= 75 for line in lines)
    unfolded = text.decode("utf-8").replace("\r\n ", "").split("\r\n")
    assert unfolded[:2] == ["BEGIN:VCARD", "VERSION:4.0"]
    assert unfolded[-2:] == ["END:VCARD", ""]
    assert f"FN:{person.role.subject}" in unfolded
    assert f"EMAIL:{person.address}" in unfolded
    key = next(line for line in unfolded if line.startswith("KEY:"))
    assert base64.b64decode(key.partition(",")[2]) == person.certificate_der
    assert key.startswith("KEY:data:application/pkix-cert;base64,")


def test_a_hostile_name_adds_no_line_to_a_vcard() -> None:
    hostile = "Eve\r\nEMAIL:alice@office.example;,"
    blob = certificate_der(subject=((x509.NameOID.COMMON_NAME, hostile),))
    text = public_part(parse_certificate(blob), (), format=ExportFormat.VCARD)
    assert b"\r\nEMAIL" not in text
    assert b"\\;\\," in text


def _numbers(person: Person) -> Iterator[int]:
    """Every number that must stay at home."""
    private = person.private_key
    if isinstance(private, rsa.RSAPrivateKey):
        numbers = private.private_numbers()
        yield from (numbers.d, numbers.p, numbers.q, numbers.dmp1, numbers.dmq1, numbers.iqmp)
    elif isinstance(private, ec.EllipticCurvePrivateKey):
        yield private.private_numbers().private_value
    else:
        raw = private.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
        yield int.from_bytes(raw)


def _readings(data: bytes) -> Iterator[bytes]:
    """``data``, and whatever base64 hides in it."""
    yield data
    for text in re.findall(rb"[A-Za-z0-9+/=\s]{40,}", data.replace(b"\r\n ", b"")):
        packed = re.sub(rb"\s", b"", text)
        yield base64.b64decode(packed[: len(packed) // 4 * 4])


def _contains(data: bytes, number: int) -> bool:
    octets = number.to_bytes((number.bit_length() + 7) // 8)
    return any(octets in one or octets[::-1] in one for one in _readings(data))


@pytest.mark.requirement("A29", "A53", "A54")
@pytest.mark.parametrize("form", list(ExportFormat))
@pytest.mark.parametrize("person", WORLD.everybody, ids=lambda one: one.name)
def test_no_exported_octets_contain_a_number_of_the_private_key(person: Person, form: str) -> None:
    data = exported(person, form)
    assert not any(_contains(data, number) for number in _numbers(person))
    assert not contains_private_key(data)


def test_the_search_for_private_numbers_finds_them_where_they_are() -> None:
    for person in (ALICE, DANA, CARLA):
        for data in (person.pkcs8, person.key_pem):
            assert any(_contains(data, number) for number in _numbers(person))


# Private keys about to leave


def _private(person: Person, encoding: Encoding, form: PrivateFormat, secret: bytes = b"") -> bytes:
    encryption = BestAvailableEncryption(secret) if secret else NoEncryption()
    return person.private_key.private_bytes(encoding, form, encryption)


def _indefinite(blob: bytes) -> bytes:
    """The outermost SEQUENCE with indefinite length, as BER writers do."""
    return b"0\x80" + bytes(ber.read(blob).content) + b"\0\0"


def _zipped(*entries: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return file.getvalue()


def _encrypted_zip(name: str) -> bytes:
    """With the flag that says: this entry is encrypted."""
    blob = bytearray(_zipped((name, b"x" * 100), method=zipfile.ZIP_STORED))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        blob[blob.index(signature) + offset] |= 1
    return bytes(blob)


P12 = ALICE.p12("geheim")
PEM_KEY = ALICE.key_pem
TRADITIONAL = PrivateFormat.TraditionalOpenSSL
_KEYS = {
    "pem-pkcs8": PEM_KEY,
    "pem-pkcs8-ed25519": CARLA.key_pem,
    "pem-pkcs8-crlf": PEM_KEY.replace(b"\n", b"\r\n"),
    "pem-pkcs8-utf-16": PEM_KEY.decode().encode("utf-16"),
    "pem-encrypted": _private(ALICE, Encoding.PEM, PrivateFormat.PKCS8, b"x"),
    "pem-rsa": _private(ALICE, Encoding.PEM, TRADITIONAL),
    "pem-rsa-encrypted": _private(ALICE, Encoding.PEM, TRADITIONAL, b"x"),
    "pem-ec": _private(DANA, Encoding.PEM, TRADITIONAL),
    "pem-openssh": _private(CARLA, Encoding.PEM, PrivateFormat.OpenSSH),
    "pem-behind-certificates": ALICE.certificate_pem + b"Key Attributes: <none>\n" + PEM_KEY,
    "pem-in-a-letter": b"Hallo,\r\nanbei mein Zertifikat:\r\n\r\n" + PEM_KEY + b"\r\nGruss\r\n",
    "pem-pkcs12": b"-----BEGIN PKCS12-----\n" + base64.encodebytes(P12) + b"-----END PKCS12-----\n",
    "der-pkcs8-rsa": ALICE.pkcs8,
    "der-pkcs8-ec": DANA.pkcs8,
    "der-pkcs8-ed25519": CARLA.pkcs8,
    "der-pkcs8-indefinite": _indefinite(ALICE.pkcs8),
    "der-encrypted": _private(ALICE, Encoding.DER, PrivateFormat.PKCS8, b"x"),
    "der-pkcs1": _private(ALICE, Encoding.DER, TRADITIONAL),
    "der-sec1-p256": _private(DANA, Encoding.DER, TRADITIONAL),
    "der-sec1-p521": _private(WORLD.person("quirin"), Encoding.DER, TRADITIONAL),
    "base64-pkcs8": base64.b64encode(ALICE.pkcs8),
    "base64-pkcs12": base64.encodebytes(P12),
    "pkcs12": P12,
    "pkcs12-compatible": ALICE.p12("geheim", "compatible"),
    "pkcs12-indefinite": _indefinite(P12),
    "zip-p12": _zipped(("readme.txt", b"Hallo"), ("alice.bin", P12)),
    "zip-stored-pem": _zipped(("a/b/c", PEM_KEY), method=zipfile.ZIP_STORED),
    "zip-bzip2": _zipped(("key", PEM_KEY), method=zipfile.ZIP_BZIP2),
    "zip-in-zip": _zipped(("inner.zip", _zipped(("alice.p12", P12)))),
    "zip-encrypted-p12": _encrypted_zip("Zertifikat.P12"),
    "zip-encrypted-pfx": _encrypted_zip("alice.pfx"),
    "zip-encrypted-key": _encrypted_zip("server.key"),
}


@pytest.mark.requirement("A29", "A53")
@pytest.mark.parametrize("data", _KEYS.values(), ids=_KEYS)
def test_a_private_key_is_noticed_in_every_container(data: bytes) -> None:
    assert contains_private_key(data)


@pytest.mark.interop
@pytest.mark.requirement("A53")
@pytest.mark.parametrize(
    "command",
    [
        "openssl genrsa 2048",
        "openssl genrsa -traditional 2048",
        "openssl genrsa -aes128 -passout pass:geheim 2048",
        "openssl genrsa -aes128 -traditional -passout pass:geheim 2048",
        "openssl ecparam -name prime256v1 -genkey",
        "openssl ecparam -name brainpoolP384r1 -genkey -outform DER -noout",
        "openssl genpkey -algorithm ED25519 -outform DER",
        "openssl genpkey -algorithm X448",
        "openssl genpkey -algorithm RSA-PSS -outform DER",
    ],
)
def test_a_private_key_made_by_openssl_is_noticed(command: str) -> None:
    name, *rest = command.split()
    assert contains_private_key(must((program(name), *rest)))


@pytest.mark.interop
@pytest.mark.requirement("A53")
@pytest.mark.parametrize("kind", ["JKS", "JCEKS", "PKCS12"])
def test_a_java_key_store_is_noticed(kind: str, tmp_path: Path) -> None:
    store = tmp_path / "store"
    make = [program("keytool"), "-genkeypair", "-keystore", str(store), "-storetype", kind]
    make += ["-storepass", "geheim", "-keypass", "geheim", "-dname", "CN=x", "-keyalg", "EC"]
    must(make)
    assert contains_private_key(store.read_bytes())


@pytest.mark.interop
@pytest.mark.parametrize("kind", ["JKS", "JCEKS"])
def test_a_java_store_of_trusted_roots_raises_no_alarm_until_a_key_is_added(
    kind: str, tmp_path: Path
) -> None:
    store, root = tmp_path / "store", tmp_path / "root.cer"
    common = ["-keystore", str(store), "-storetype", kind, "-storepass", "geheim"]
    for number, authority in enumerate(WORLD.trusted_roots):
        root.write_bytes(authority.der)
        add = [program("keytool"), "-importcert", "-noprompt", "-file", str(root), *common]
        must([*add, "-alias", f"root{number}"])
    assert not contains_private_key(store.read_bytes())
    make = [program("keytool"), "-genkeypair", *common, "-keypass", "geheim", "-dname", "CN=x"]
    must([*make, "-keyalg", "EC", "-alias", "zuletzt"])
    assert contains_private_key(store.read_bytes())


@pytest.mark.requirement("A53")
def test_every_private_key_of_the_corpora_is_noticed(corpora: Path) -> None:
    missed = [
        file.name
        for folder in ("pkcs12", "rfc9216")
        for file in (corpora / folder).rglob("*")
        if file.suffix in {".p12", ".pfx", ".key"} and not contains_private_key(file.read_bytes())
    ]
    assert missed == []


# No false alarms

_CSR = (
    x509.CertificateSigningRequestBuilder()
    .subject_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Anna")]))
    .sign(DANA.private_key, hashes.SHA256())  # type: ignore[arg-type]  # an EC key
)
_SIGNED = (
    pkcs7.PKCS7SignatureBuilder()
    .set_data(b"Hallo")
    .add_signer(ALICE.certificate, ALICE.private_key, hashes.SHA256())  # type: ignore[arg-type]  # an RSA key
)
_ENVELOPED = pkcs7.PKCS7EnvelopeBuilder().set_data(PEM_KEY).add_recipient(ALICE.certificate)
_SHA256 = der.algorithm("2.16.840.1.101.3.4.2.1", der.null())
_PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n" + os.urandom(5000)
_PUBLIC = ALICE.certificate.public_key()
_HARMLESS = {
    "nothing": b"",
    "text": b"Bitte senden Sie niemals Ihren privaten Schluessel (PRIVATE KEY)!",
    "text-about-pem": b"Erste Zeile:\r\n-----BEGIN PRIVATE KEY-----\r\nBitte geheim halten.",
    "text-with-both-lines": b"-----BEGIN PRIVATE KEY-----\r\n...\r\n-----END PRIVATE KEY-----",
    "certificate-der": ALICE.certificate_der,
    "certificate-pem": ALICE.certificate_pem,
    "certificate-base64": base64.b64encode(ALICE.certificate_der),
    "certificate-p7c": exported(ALICE, "p7c"),
    "certificate-vcard": exported(ALICE, "vcard"),
    "revocation-list": WORLD.crl(),
    "request-der": _CSR.public_bytes(Encoding.DER),
    "request-pem": _CSR.public_bytes(Encoding.PEM),
    "p7s": _SIGNED.sign(Encoding.DER, [pkcs7.PKCS7Options.DetachedSignature]),
    "p7m": _ENVELOPED.encrypt(Encoding.DER, []),
    "signed-mail": _SIGNED.sign(Encoding.SMIME, [pkcs7.PKCS7Options.DetachedSignature]),
    "public-key-der": _PUBLIC.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
    "public-key-pem": _PUBLIC.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
    "public-key-pkcs1": _PUBLIC.public_bytes(Encoding.DER, PublicFormat.PKCS1),
    "public-key-ssh": _PUBLIC.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH),
    "digest-info": der.sequence(_SHA256, der.octet_string(bytes(32))),
    "ecdsa-signature": der.sequence(der.integer(1 << 250), der.integer(1 << 249)),
    "pdf": _PDF,
    "zip-certificate": _zipped(("a.cer", ALICE.certificate_der), ("a.pem", ALICE.certificate_pem)),
    "zip-encrypted-document": _encrypted_zip("vertrag.pdf"),
    "zip-three-deep": _zipped(("a.zip", _zipped(("b.zip", _zipped(("c", P12)))))),
    "zip-broken": _zipped(("alice.p12", P12))[:-30],
    "zip-bomb": _zipped(("zeros", bytes(20_000_000)), ("more", bytes(20_000_000))),
    "not-a-zip": b"PK\x03\x04" + os.urandom(100),
}


@pytest.mark.parametrize("data", _HARMLESS.values(), ids=_HARMLESS)
def test_what_holds_no_private_key_raises_no_alarm(data: bytes) -> None:
    assert not contains_private_key(data)


@pytest.mark.parametrize("suffix", [".crt", ".cer", ".p7s", ".p7c", ".eml"])
def test_files_of_other_programs_raise_no_alarm(corpora: Path, suffix: str) -> None:
    """The mails about keys are excepted, because they are quoted with their keys."""
    alarms = [
        str(file)
        for file in corpora.rglob(f"*{suffix}")
        if contains_private_key(file.read_bytes())
        and not re.search(rb"BEGIN [A-Z ]*PRIVATE KEY", file.read_bytes())
    ]
    assert alarms == []


@given(st.binary(max_size=2000))
def test_arbitrary_octets_raise_no_alarm(data: bytes) -> None:
    assert not contains_private_key(data)


@given(st.binary(max_size=200), st.integers(0, 2000))
def test_a_certificate_with_anything_in_it_raises_no_alarm(data: bytes, position: int) -> None:
    blob = ALICE.certificate_der
    place = position % len(blob)
    assert not contains_private_key(blob[:place] + data + blob[place:])


@given(st.binary(max_size=400))
def test_a_damaged_archive_is_looked_into_without_an_error(junk: bytes) -> None:
    archive = bytearray(_zipped(("readme", b"Hallo"), ("alice.cer", ALICE.certificate_der)))
    archive[40 : 40 + len(junk)] = junk
    assert not contains_private_key(bytes(archive))


def test_depth_is_a_parameter() -> None:
    once = _zipped(("alice.p12", P12))
    assert not contains_private_key(once, depth=0)
    assert contains_private_key(once, depth=1)


def test_an_archive_is_not_unpacked_beyond_its_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second entry would be found; the budget ends with the first."""
    monkeypatch.setattr(keyguard, "MAX_TOTAL_SIZE", 5000)
    filler = os.urandom(4900)
    assert not contains_private_key(_zipped(("a", filler), ("b", PEM_KEY)))
    assert contains_private_key(_zipped(("b", PEM_KEY), ("a", filler)))
