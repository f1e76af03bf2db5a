"""Encryption in both directions with OpenSSL, in every form that either writes."""

import pytest
from asn1crypto import cms as asn1_cms

from siegel.base import oids
from siegel.base.buffers import joined
from siegel.base.findings import Finding
from siegel.base.keys import TransportKind, TransportScheme
from siegel.cms.content_info import content_type
from siegel.cms.enveloped import (
    EnvelopedView,
    Opened,
    RecipientSpec,
    build_enveloped_data,
    decrypt,
    parse_enveloped,
)
from siegel.cms.recipients_read import TransportDoor
from tests.unit.cms.conftest import OpensslCms
from tests.unit.cms.people import Person, Ring, person

CONTENT = b"Content-Type: text/plain\r\n\r\nEin Bescheid.\r\n" * 50
CIPHERS = ["aes128-cbc", "aes192-cbc", "aes256-cbc", "aes128-gcm", "aes256-gcm"]
"""OpenSSL 3.0 knows no other: ChaCha20-Poly1305 and derived keys are judged elsewhere."""
CURVES = ["p256", "p384", "p521", "brainpool256", "brainpool384", "brainpool512"]


def opened(data: bytes, *people: Person) -> tuple[EnvelopedView, Opened]:
    view = parse_enveloped(data)
    return view, decrypt(view, Ring(*people))


def transport_of(view: EnvelopedView) -> TransportScheme | None:
    (door,) = view.recipients[0].doors
    assert isinstance(door, TransportDoor)
    return door.transport


def built(*recipients: RecipientSpec, cipher: str = "aes256-cbc") -> bytes:
    return joined(build_enveloped_data([CONTENT], recipients, cipher=cipher))


def version(data: bytes) -> tuple[str, list[tuple[str, str]]]:
    """The versions of the structure and its RecipientInfos, as asn1crypto reads them."""
    content = asn1_cms.ContentInfo.load(data)["content"]
    infos = [(info.name, info.chosen["version"].native) for info in content["recipient_infos"]]
    return content["version"].native, infos


@pytest.mark.parametrize("kind", ["rsa2048", *CURVES])
@pytest.mark.parametrize("cipher", CIPHERS)
def test_openssl_opens_what_we_encrypt(openssl_cms: OpensslCms, kind: str, cipher: str) -> None:
    who = person(kind)
    data = built(RecipientSpec(certificate=who), cipher=cipher)
    decrypted = openssl_cms("-decrypt", "-binary", "-inform", "DER", "-in", data, "-recip", who)
    assert decrypted == CONTENT
    view, result = opened(data, who)
    assert (view.cipher, view.authenticated, view.weak) == (cipher, cipher.endswith("gcm"), False)
    assert result.content is not None
    assert joined(result.content) == CONTENT
    assert (result.matched, result.key_found, result.findings) == ((True,), True, ())
    kind_of = oids.AUTH_ENVELOPED_DATA if view.authenticated else oids.ENVELOPED_DATA
    assert content_type(data) == kind_of


OAEP = {
    "SHA-256": TransportScheme(TransportKind.RSA_OAEP, "sha256", "sha256"),
    "SHA-512": TransportScheme(TransportKind.RSA_OAEP, "sha512", "sha512"),
    "two digests": TransportScheme(TransportKind.RSA_OAEP, "sha256", "sha384"),
    "label": TransportScheme(TransportKind.RSA_OAEP, "sha256", "sha256", b"label"),
}


@pytest.mark.parametrize("form", OAEP)
@pytest.mark.parametrize("by_ski", [True, False])
def test_openssl_opens_our_oaep(openssl_cms: OpensslCms, form: str, by_ski: bool) -> None:
    who = person("rsa2048")
    data = built(RecipientSpec(certificate=who, transport=OAEP[form], by_ski=by_ski))
    decrypted = openssl_cms("-decrypt", "-binary", "-inform", "DER", "-in", data, "-recip", who)
    assert decrypted == CONTENT
    view, result = opened(data, who)
    assert result.content is not None
    assert joined(result.content) == CONTENT
    assert transport_of(view) == OAEP[form]
    who_is = who.subject_key_identifier if by_ski else who.issuer_and_serial
    assert view.recipients[0].identifiers == (who_is,)


@pytest.mark.parametrize("kind", ["rsa2048", "p384"])
def test_openssl_finds_its_certificate_by_key_identifier(
    openssl_cms: OpensslCms, kind: str
) -> None:
    who = person(kind)
    data = built(RecipientSpec(certificate=who, by_ski=True))
    decrypted = openssl_cms("-decrypt", "-binary", "-inform", "DER", "-in", data, "-recip", who)
    assert decrypted == CONTENT
    view, _ = opened(data, who)
    assert view.recipients[0].identifiers == (who.subject_key_identifier,)


def test_each_recipient_opens_with_openssl_alone(openssl_cms: OpensslCms) -> None:
    people = [person("rsa2048"), person("rsa2048", 1), person("p256"), person("brainpool384")]
    data = built(*(RecipientSpec(certificate=who) for who in people), cipher="aes128-cbc")
    for who in people:
        decrypted = openssl_cms("-decrypt", "-binary", "-inform", "DER", "-in", data, "-recip", who)
        assert decrypted == CONTENT
        _, result = opened(data, who)
        assert result.content is not None
        assert sum(result.matched) == 1


VERSIONS = {
    "RSA": (["rsa2048"], False, "aes256-cbc", "v0", ["v0"]),
    "RSA by key identifier": (["rsa2048"], True, "aes256-cbc", "v2", ["v2"]),
    "EC": (["p256"], False, "aes256-cbc", "v2", ["v3"]),
    "RSA and EC": (["rsa2048", "p256"], False, "aes256-cbc", "v2", ["v0", "v3"]),
    "GCM": (["rsa2048"], False, "aes256-gcm", "v0", ["v0"]),
    "GCM by key identifier": (["rsa2048"], True, "aes256-gcm", "v0", ["v2"]),
}


@pytest.mark.parametrize("case", VERSIONS)
def test_versions_are_those_of_the_standard(case: str) -> None:
    kinds, by_ski, cipher, whole, infos = VERSIONS[case]
    specs = [RecipientSpec(certificate=person(kind), by_ski=by_ski) for kind in kinds]
    found, found_infos = version(built(*specs, cipher=cipher))
    assert found == whole
    assert [info[1] for info in found_infos] == infos


FORMS: dict[str, tuple[str, tuple[str, ...]]] = {
    "AES-128-CBC": ("aes128-cbc", ("-aes128",)),
    "AES-192-CBC": ("aes192-cbc", ("-aes192",)),
    "AES-256-CBC": ("aes256-cbc", ("-aes256",)),
    "AES-256-CBC in BER": ("aes256-cbc", ("-aes256", "-stream")),
    "AES-256-CBC by key identifier": ("aes256-cbc", ("-aes256", "-keyid")),
    "AES-128-GCM": ("aes128-gcm", ("-aes-128-gcm",)),
    "AES-192-GCM": ("aes192-gcm", ("-aes-192-gcm",)),
    "AES-256-GCM": ("aes256-gcm", ("-aes-256-gcm",)),
    "AES-256-GCM in BER": ("aes256-gcm", ("-aes-256-gcm", "-stream")),
}


@pytest.mark.parametrize("kind", ["rsa2048", "p256", "p521", "brainpool256"])
@pytest.mark.parametrize("form", FORMS)
def test_we_open_what_openssl_encrypts(openssl_cms: OpensslCms, kind: str, form: str) -> None:
    cipher, options = FORMS[form]
    who = person(kind)
    kdf = () if kind == "rsa2048" else ("-keyopt", "ecdh_kdf_md:sha256")
    data = openssl_cms(
        "-encrypt", "-binary", "-outform", "DER", "-in", CONTENT, *options, "-recip", who, *kdf
    )
    view, result = opened(data, who)
    assert view.cipher == cipher
    assert result.content is not None
    assert joined(result.content) == CONTENT
    assert result.findings == ()


KDFS = ["sha1", "sha224", "sha256", "sha384", "sha512"]


@pytest.mark.parametrize("kdf", KDFS)
@pytest.mark.parametrize("cofactor", ["0", "1"])
@pytest.mark.parametrize("wrap", ["-aes128-wrap", "-aes192-wrap", "-aes256-wrap"])
def test_every_key_agreement_of_openssl_is_opened(
    openssl_cms: OpensslCms, kdf: str, cofactor: str, wrap: str
) -> None:
    who = person("p256")
    data = openssl_cms(
        "-encrypt", "-binary", "-outform", "DER", "-in", CONTENT, "-aes256", "-recip", who,
        "-keyopt", f"ecdh_kdf_md:{kdf}", "-keyopt", f"ecdh_cofactor_mode:{cofactor}", wrap,
    )  # fmt: skip
    _, result = opened(data, who)
    assert result.content is not None
    assert joined(result.content) == CONTENT
    assert result.findings == ((Finding.WEAK_KEY_TRANSPORT,) if kdf == "sha1" else ())


@pytest.mark.parametrize("digest", ["sha1", "sha224", "sha256", "sha384", "sha512"])
@pytest.mark.parametrize("mask", ["sha1", "sha256", "sha512"])
def test_every_oaep_of_openssl_is_opened(openssl_cms: OpensslCms, digest: str, mask: str) -> None:
    who = person("rsa2048")
    options = ("rsa_padding_mode:oaep", f"rsa_oaep_md:{digest}", f"rsa_mgf1_md:{mask}")
    words = [word for option in options for word in ("-keyopt", option)]
    data = openssl_cms(
        "-encrypt", "-binary", "-outform", "DER", "-in", CONTENT, "-aes256", "-recip", who, *words
    )
    view, result = opened(data, who)
    assert result.content is not None
    assert joined(result.content) == CONTENT
    expected = TransportScheme(TransportKind.RSA_OAEP, digest, mask)
    assert transport_of(view) == expected


def test_an_oaep_label_of_openssl_is_read(openssl_cms: OpensslCms) -> None:
    who = person("rsa2048")
    data = openssl_cms(
        "-encrypt", "-binary", "-outform", "DER", "-in", CONTENT, "-aes256", "-recip", who,
        "-keyopt", "rsa_padding_mode:oaep", "-keyopt", "rsa_oaep_label:6162",
    )  # fmt: skip
    view, result = opened(data, who)
    assert result.content is not None
    transport = transport_of(view)
    assert transport is not None
    assert transport.label == b"ab"


OLD = {
    "3DES": ("rsa2048", ("-des3",), "3des-cbc", [Finding.WEAK_CIPHER]),
    "3DES with 3DES wrap": (
        "p256",
        ("-des3", "-des3-wrap", "-keyopt", "ecdh_kdf_md:sha256"),
        "3des-cbc",
        [Finding.WEAK_CIPHER, Finding.WEAK_KEY_TRANSPORT],
    ),
    "RC2 of 128 bits": ("rsa2048", ("-rc2",), "rc2-128-cbc", [Finding.WEAK_CIPHER]),
}


@pytest.mark.parametrize("form", OLD)
def test_old_ciphers_are_opened_and_marked_weak(openssl_cms: OpensslCms, form: str) -> None:
    kind, options, cipher, findings = OLD[form]
    who = person(kind)
    data = openssl_cms(
        "-encrypt", "-binary", "-outform", "DER", "-in", CONTENT, "-recip", who, *options,
        "-provider", "default", "-provider", "legacy",
    )  # fmt: skip
    view, result = opened(data, who)
    assert (view.cipher, view.weak) == (cipher, True)
    assert result.content is not None
    assert joined(result.content) == CONTENT
    assert list(result.findings) == findings


CLOSED = {"DES": ("-des",), "RC2 of 40 bits": ("-rc2-40-cbc",), "CAMELLIA": ("-camellia256",)}


@pytest.mark.parametrize("form", CLOSED)
def test_what_is_in_no_table_stays_closed(openssl_cms: OpensslCms, form: str) -> None:
    who = person("rsa2048")
    data = openssl_cms(
        "-encrypt", "-binary", "-outform", "DER", "-in", CONTENT, "-recip", who, *CLOSED[form],
        "-provider", "default", "-provider", "legacy",
    )  # fmt: skip
    view, result = opened(data, who)
    assert (view.cipher, result.content) == (None, None)
    assert (result.key_found, result.findings) == (True, (Finding.UNSUPPORTED,))


def test_passwords_and_shared_keys_are_skipped_without_them(openssl_cms: OpensslCms) -> None:
    who = person("rsa2048")
    data = openssl_cms(
        "-encrypt", "-binary", "-outform", "DER", "-in", CONTENT, "-aes256",
        "-secretkey", "00" * 32, "-secretkeyid", "01", "-pwri_password", "geheim", "-recip", who,
    )  # fmt: skip
    view, result = opened(data, who)
    assert {recipient.kind for recipient in view.recipients} == {"ktri", "kekri", "pwri"}
    assert result.content is not None
    assert joined(result.content) == CONTENT
    assert sum(result.matched) == 1


@pytest.mark.parametrize("kind", ["x25519", "x448"])
@pytest.mark.parametrize("cipher", CIPHERS)
def test_montgomery_curves_are_written_and_opened(kind: str, cipher: str) -> None:
    """OpenSSL 3.0 knows neither in CMS, so that this is our own word in both directions."""
    who = person(kind)
    view, result = opened(built(RecipientSpec(certificate=who), cipher=cipher), who)
    assert result.content is not None
    assert joined(result.content) == CONTENT
    assert view.recipients[0].kind == "kari"
