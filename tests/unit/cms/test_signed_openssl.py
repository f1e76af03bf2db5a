"""Signatures in both directions with OpenSSL, in every form that either writes."""

import subprocess
from pathlib import Path

import pytest

from siegel.base import oids
from siegel.base.buffers import joined
from siegel.base.findings import Finding
from siegel.base.keys import SignatureKind, SignatureScheme
from siegel.cms.content_info import content_type
from siegel.cms.signed import (
    SignerCheck,
    SignerSpec,
    build_signed_data,
    check_signer,
    parse_signed_data,
)
from tests.unit.cms.conftest import OpensslCms
from tests.unit.cms.people import NOW, PSS, SCHEMES, Person, person

CONTENT = b"Content-Type: text/plain\r\n\r\nEin Bescheid.\r\n" * 50


def checked(data: bytes, *people: Person, content: bytes | None = None) -> list[SignerCheck]:
    view = parse_signed_data(data)
    buffers = None if content is None else [content]
    return [
        check_signer(view, signer, buffers, who)
        for signer, who in zip(view.signers, people, strict=True)
    ]


def good(check: SignerCheck) -> bool:
    return (check.intact, check.signature_valid, check.findings) == (True, True, ())


OPENSSL_VERIFIES = [kind for kind in SCHEMES if kind not in ("rsa1024", "ed25519", "ed448")]


@pytest.mark.parametrize("kind", OPENSSL_VERIFIES)
@pytest.mark.parametrize("detached", [True, False])
def test_openssl_accepts_what_we_sign(
    openssl_cms: OpensslCms, anchor: str, kind: str, detached: bool
) -> None:
    who = person(kind)
    spec = SignerSpec(key=who, scheme=SCHEMES[kind], signing_time=NOW)
    data = joined(build_signed_data([CONTENT], None, [spec], [who.der], detached=detached))
    args = ["-content", CONTENT] if detached else []
    trust = ["-CAfile", anchor, "-purpose", "any"]
    assert (
        openssl_cms("-verify", "-binary", "-inform", "DER", "-in", data, *trust, *args) == CONTENT
    )
    (check,) = checked(data, who, content=CONTENT if detached else None)
    assert good(check)
    assert (check.digest, check.algorithm) == (SCHEMES[kind].digest, SCHEMES[kind].kind)
    assert check.signing_time == NOW
    assert not check.weak


@pytest.mark.parametrize("digest", ["sha256", "sha384", "sha512"])
def test_openssl_accepts_our_pss(openssl_cms: OpensslCms, anchor: str, digest: str) -> None:
    who = person("rsa2048")
    scheme = SignatureScheme(SignatureKind.RSA_PSS, digest)
    spec = SignerSpec(key=who, scheme=scheme, signing_time=NOW)
    data = joined(build_signed_data([CONTENT], None, [spec], [who.der], detached=False))
    trust = ["-CAfile", anchor, "-purpose", "any"]
    assert openssl_cms("-verify", "-binary", "-inform", "DER", "-in", data, *trust) == CONTENT
    assert good(checked(data, who)[0])


@pytest.mark.requirement("A50")
def test_openssl_accepts_two_signers_of_ours(openssl_cms: OpensslCms, anchor: str) -> None:
    people = [person("rsa2048"), person("p384")]
    specs = [
        SignerSpec(key=people[0], scheme=PSS, signing_time=NOW, encryption_certificate=people[1]),
        SignerSpec(key=people[1], scheme=SCHEMES["p384"]),
    ]
    certificates = [who.der for who in people]
    data = joined(build_signed_data([CONTENT], None, specs, certificates, detached=False))
    trust = ["-CAfile", anchor, "-purpose", "any"]
    assert openssl_cms("-verify", "-binary", "-inform", "DER", "-in", data, *trust) == CONTENT
    view = parse_signed_data(data)
    assert view.certificates == tuple(sorted(certificates))
    checks = {
        signer.identifier: check_signer(
            view, signer, None, next(p for p in people if p.issuer_and_serial == signer.identifier)
        )
        for signer in view.signers
    }
    assert all(map(good, checks.values()))
    first = checks[people[0].issuer_and_serial]
    assert first.encryption_key_preference == people[1].issuer_and_serial
    assert checks[people[1].issuer_and_serial].encryption_key_preference is None


FORMS = {
    "detached": (),
    "opaque": ("-nodetach",),
    "opaque in BER": ("-nodetach", "-stream"),
    "by key identifier": ("-nodetach", "-keyid"),
    "without capabilities": ("-nodetach", "-nosmimecap"),
    "with signingCertificate": ("-nodetach", "-cades"),
    "without certificate": ("-nodetach", "-nocerts"),
    "SHA-512": ("-nodetach", "-md", "sha512"),
    "SHA-224": ("-nodetach", "-md", "sha224"),
}


@pytest.mark.requirement("A61")
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", ["rsa2048", "p256", "p521", "brainpool256"])
def test_we_accept_what_openssl_signs(openssl_cms: OpensslCms, form: str, kind: str) -> None:
    who = person(kind)
    data = openssl_cms(
        "-sign", "-binary", "-outform", "DER", "-in", CONTENT, "-signer", who, *FORMS[form]
    )
    assert content_type(data) == oids.SIGNED_DATA
    view = parse_signed_data(data)
    assert (view.content is None) == (form == "detached")
    assert view.certificates == (() if form == "without certificate" else (who.der,))
    expected = who.subject_key_identifier if "-keyid" in FORMS[form] else who.issuer_and_serial
    assert view.signers[0].identifier == expected
    (check,) = checked(data, who, content=CONTENT if form == "detached" else None)
    assert good(check)
    assert check.signing_time is not None


@pytest.mark.parametrize("kind", ["ed25519", "ed448"])
@pytest.mark.parametrize("detached", [True, False])
def test_our_eddsa_holds_over_the_attributes_for_openssl(
    tmp_path: Path, kind: str, detached: bool
) -> None:
    """``openssl cms`` 3.0 knows no EdDSA, but its ``pkeyutl`` does."""
    who = person(kind)
    spec = SignerSpec(key=who, scheme=SCHEMES[kind], signing_time=NOW)
    data = joined(build_signed_data([CONTENT], None, [spec], [who.der], detached=detached))
    (check,) = checked(data, who, content=CONTENT if detached else None)
    assert good(check)
    (signer,) = parse_signed_data(data).signers
    assert signer.signed_attributes is not None
    (tmp_path / "attributes").write_bytes(b"\x31" + bytes(signer.signed_attributes.raw)[1:])
    (tmp_path / "signature").write_bytes(signer.signature)
    (tmp_path / "certificate").write_bytes(who.pem)
    command = "openssl pkeyutl -verify -rawin -certin -inkey certificate -in attributes"
    subprocess.run([*command.split(), "-sigfile", "signature"], check=True, cwd=tmp_path)


PSS_FORMS = {
    "salt as long as the digest": (("rsa_pss_saltlen:-1",), ()),
    "longest salt": (("rsa_pss_saltlen:-2",), (Finding.UNUSUAL_PSS,)),
    "salt of 20 octets": (("rsa_pss_saltlen:20",), (Finding.UNUSUAL_PSS,)),
    "mask with SHA-1": (
        ("rsa_pss_saltlen:-1", "rsa_mgf1_md:sha1"),
        (Finding.UNUSUAL_PSS,),
    ),
    "mask with SHA-512": (
        ("rsa_pss_saltlen:-1", "rsa_mgf1_md:sha512"),
        (Finding.UNUSUAL_PSS,),
    ),
}


@pytest.mark.parametrize("form", PSS_FORMS)
def test_we_accept_every_pss_of_openssl(openssl_cms: OpensslCms, form: str) -> None:
    who = person("rsa2048")
    options, findings = PSS_FORMS[form]
    args = [word for option in ("rsa_padding_mode:pss", *options) for word in ("-keyopt", option)]
    data = openssl_cms(
        "-sign", "-binary", "-nodetach", "-outform", "DER", "-in", CONTENT, "-signer", who, *args
    )
    (check,) = checked(data, who)
    assert (check.intact, check.signature_valid) == (True, True)
    assert check.findings == findings
    assert check.algorithm == "rsa_pss"


@pytest.mark.parametrize("kind", ["rsa2048", "p256"])
@pytest.mark.parametrize("digest", ["sha1", "sha256"])
def test_signatures_without_attributes_hold_but_do_not_count(
    openssl_cms: OpensslCms, kind: str, digest: str
) -> None:
    who = person(kind)
    sign = ("-sign", "-binary", "-nodetach", "-outform", "DER", "-noattr", "-md", digest)
    data = openssl_cms(*sign, "-in", CONTENT, "-signer", who)
    (check,) = checked(data, who)
    assert (check.intact, check.signature_valid) == (True, True)
    assert Finding.SIGNED_ATTRIBUTES_MISSING in check.findings
    assert (Finding.WEAK_DIGEST in check.findings) == (digest == "sha1")
    (changed,) = checked(data, who, content=CONTENT + b" ")
    assert (changed.intact, changed.signature_valid) == (False, False)


WEAK = {
    "SHA-1": ("rsa2048", "sha1", Finding.WEAK_DIGEST),
    "SHA-1 with ECDSA": ("p256", "sha1", Finding.WEAK_DIGEST),
    "RSA 1024": ("rsa1024", "sha256", Finding.WEAK_SIGNATURE_KEY),
    "DSA": ("dsa", "sha256", Finding.WEAK_SIGNATURE_KEY),
}


@pytest.mark.parametrize("form", WEAK)
def test_weak_signatures_hold_and_are_marked(openssl_cms: OpensslCms, form: str) -> None:
    kind, digest, finding = WEAK[form]
    who = person(kind)
    data = openssl_cms(
        "-sign", "-binary", "-nodetach", "-outform", "DER", "-in", CONTENT, "-signer", who,
        "-md", digest,
    )  # fmt: skip
    (check,) = checked(data, who)
    assert (check.intact, check.signature_valid, check.weak) == (True, True, True)
    assert check.findings == (finding,)


@pytest.mark.parametrize("digest", ["md5", "ripemd160"])
def test_md5_and_unknown_digests_are_never_valid(openssl_cms: OpensslCms, digest: str) -> None:
    who = person("rsa2048")
    data = openssl_cms(
        "-sign", "-binary", "-nodetach", "-outform", "DER", "-in", CONTENT, "-signer", who,
        "-md", digest, "-provider", "default", "-provider", "legacy",
    )  # fmt: skip
    (check,) = checked(data, who)
    assert (check.intact, check.signature_valid) == (None, None)
    assert Finding.UNSUPPORTED in check.findings


def test_a_curve_outside_of_the_table_is_refused(openssl_cms: OpensslCms) -> None:
    who = person("p224")
    sign = ("-sign", "-binary", "-nodetach", "-outform", "DER", "-md", "sha256")
    (check,) = checked(openssl_cms(*sign, "-in", CONTENT, "-signer", who), who)
    assert (check.intact, check.signature_valid) == (True, None)
    assert check.findings == (Finding.UNSUPPORTED,)


def test_two_signers_of_openssl_are_checked_apart(openssl_cms: OpensslCms) -> None:
    one, two = person("rsa2048"), person("p256")
    data = openssl_cms(
        "-sign", "-binary", "-nodetach", "-outform", "DER", "-in", CONTENT,
        "-signer", one, "-signer", two,
    )  # fmt: skip
    view = parse_signed_data(data)
    assert {signer.identifier for signer in view.signers} == {
        one.issuer_and_serial,
        two.issuer_and_serial,
    }
    for signer in view.signers:
        right, wrong = (one, two) if signer.identifier == one.issuer_and_serial else (two, one)
        assert good(check_signer(view, signer, None, right))
        assert check_signer(view, signer, None, wrong).signature_valid is False


def test_a_signature_carries_the_capabilities_of_openssl(openssl_cms: OpensslCms) -> None:
    who = person("rsa2048")
    data = openssl_cms("-sign", "-binary", "-outform", "DER", "-in", CONTENT, "-signer", who)
    (check,) = checked(data, who, content=CONTENT)
    assert check.capabilities is not None
    assert b"\x60\x86\x48\x01\x65\x03\x04\x01\x2a" in check.capabilities  # aes256-CBC
