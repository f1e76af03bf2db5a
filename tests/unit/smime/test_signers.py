"""Whose signature it is: several certificates of one name, files beside their signature, ML-DSA."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from siegel.base.buffers import joined
from siegel.base.errors import LimitExceeded, MalformedMessage
from siegel.base.findings import Finding
from siegel.base.keys import SignatureKind, SignatureScheme
from siegel.base.limits import Limits
from siegel.cms.signed import SignerSpec, build_signed_data
from siegel.mime.parse import parse_message
from siegel.pki.certificate import Certificate, parse_certificate
from siegel.policy.inbound import CryptographicSummary
from siegel.smime import protect
from siegel.smime.verify import verify_detached
from tests.peers.openssl import OpenSSL
from tests.unit.smime import mails
from tests.unit.smime.mails import MAIL, NOW, certificate, identity, judged, opened
from tests.world import WORLD

VERIFIED = CryptographicSummary.VERIFIED
FILE = b"Zeile 1\nZeile 2\n\x00\xff" * 40


def signature(*, content: bytes = FILE, detached: bool = True, by_ski: bool = False) -> bytes:
    one = identity("alice")
    spec = SignerSpec(key=one.key, scheme=one.scheme, signing_time=NOW, by_ski=by_ski)
    return joined(build_signed_data([content], None, [spec], one.chain, detached=detached))


# names and keys that several certificates share


def double(*, name: bool, key_identifier: bool) -> Certificate:
    """Another key with Alice's issuer and serial number, or with her key identifier."""
    alice = WORLD.person("alice").certificate
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Double")])
    serial = alice.serial_number if name else x509.random_serial_number()
    builder = x509.CertificateBuilder(alice.issuer, subject, key.public_key(), serial)
    builder = builder.not_valid_before(NOW).not_valid_after(NOW + timedelta(days=1))
    if key_identifier:
        found = alice.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
        builder = builder.add_extension(found, critical=False)
    return parse_certificate(builder.sign(key, SHA256()).public_bytes(Encoding.DER))


@pytest.mark.parametrize("by_ski", [False, True])
def test_of_several_certificates_of_one_name_the_right_one_is_found(by_ski: bool) -> None:
    one = replace(identity("alice"), by_ski=by_ski, chain=())
    raw = joined(protect.sign(parse_message(MAIL), [one], at=NOW).chunks())
    double_name = double(name=True, key_identifier=False)
    double_key = double(name=False, key_identifier=True)
    both = double(name=True, key_identifier=True)

    for known in permutations([certificate("alice"), double_name, double_key, both]):
        (signer,) = opened(raw, certificates=known).signed_layers[0].signers
        assert (signer.certificate, signer.signature_valid) == (certificate("alice"), True)


@pytest.mark.parametrize("by_ski", [False, True])
def test_a_double_alone_never_verifies(by_ski: bool) -> None:
    one = replace(identity("alice"), by_ski=by_ski, chain=())
    raw = joined(protect.sign(parse_message(MAIL), [one], at=NOW).chunks())
    both = double(name=True, key_identifier=True)
    (signer,) = opened(raw, certificates=[both]).signed_layers[0].signers

    assert (signer.certificate, signer.signature_valid) == (both, False)
    assert Finding.SIGNATURE_INVALID in signer.findings


@pytest.mark.parametrize("by_ski", [False, True])
def test_nobody_else_is_taken_for_the_signer(by_ski: bool) -> None:
    one = replace(identity("alice"), by_ski=by_ski, chain=())
    raw = joined(protect.sign(parse_message(MAIL), [one], at=NOW).chunks())
    (signer,) = opened(raw, certificates=[certificate("bob")]).signed_layers[0].signers

    assert (signer.certificate, signer.signature_valid) == (None, None)
    assert signer.findings == (Finding.SIGNER_CERTIFICATE_MISSING,)


def test_a_signer_named_by_the_key_is_verified() -> None:
    one = replace(identity("alice"), by_ski=True)
    found = opened(joined(protect.sign(parse_message(MAIL), [one], at=NOW).chunks()))

    assert (
        found.signed_layers[0].signers[0].identifier == certificate("alice").subject_key_identifier
    )
    assert judged(found).summary is VERIFIED


# files beside their signature


@pytest.mark.parametrize("by_ski", [False, True])
def test_a_file_beside_its_signature_is_checked(by_ski: bool) -> None:
    layer = verify_detached(signature(by_ski=by_ski), [FILE[:7], b"", memoryview(FILE)[7:]])
    (signer,) = layer.signers

    assert layer.detached
    assert layer.findings == signer.findings == ()
    assert (signer.intact, signer.signature_valid) == (True, True)
    assert signer.certificate == certificate("alice")


def test_openssl_agrees_about_a_file(openssl: OpenSSL) -> None:
    made = openssl.sign(FILE, WORLD.person("alice"), detached=True, form="DER")
    layer = verify_detached(made, [FILE])

    assert [(one.intact, one.findings) for one in layer.signers] == [(True, ())]
    assert verify_detached(made, [FILE, b"\n"]).signers[0].intact is False


def test_octets_of_a_file_are_taken_as_they_are() -> None:
    """What a mail store does to line ends is forgiven to mail only."""
    made = signature(content=FILE.replace(b"\n", b"\r\n"))
    (signer,) = verify_detached(made, [FILE]).signers

    assert (signer.intact, signer.findings) == (False, (Finding.DIGEST_MISMATCH,))


def test_content_in_both_places_is_refused() -> None:
    layer = verify_detached(signature(detached=False), [FILE])

    assert layer.findings == (Finding.DUPLICATE_CONTENT,)
    assert [one.intact for one in layer.signers] == [False]


def test_nobody_signed_a_bundle_of_certificates() -> None:
    bundle = joined(build_signed_data([FILE], None, [], [certificate("alice").der], detached=True))
    layer = verify_detached(bundle, [FILE])

    assert (layer.signers, layer.findings) == ((), (Finding.NO_SIGNER,))


def test_certificates_from_elsewhere_are_used() -> None:
    one = identity("alice")
    spec = SignerSpec(key=one.key, scheme=one.scheme)
    bare = joined(build_signed_data([FILE], None, [spec], [], detached=True))

    assert verify_detached(bare, [FILE]).signers[0].certificate is None
    (signer,) = verify_detached(bare, [FILE], [certificate("alice")]).signers
    assert (signer.certificate, signer.findings) == (certificate("alice"), ())


def test_what_is_no_signature_beside_a_file_is_malformed() -> None:
    with pytest.raises(MalformedMessage):
        verify_detached(FILE, [FILE])
    with pytest.raises(LimitExceeded):
        verify_detached(signature(), [FILE], limits=Limits(signers=0))


def test_the_detached_example_of_rfc_4134_holds(corpora: Path) -> None:
    place = corpora / "rfc4134"
    alice = parse_certificate((place / "AliceDSSSignByCarlNoInherit.cer").read_bytes())
    content = (place / "ExContent.bin").read_bytes()
    layer = verify_detached((place / "4.3.bin").read_bytes(), [content], [alice])

    assert [(one.intact, one.signature_valid) for one in layer.signers] == [(True, True)]
    changed = verify_detached((place / "4.3.bin").read_bytes(), [content + b" "], [alice])
    assert [one.intact for one in changed.signers] == [False]


# ML-DSA


@pytest.mark.parametrize("opaque", [False, True])
def test_mail_signed_with_ml_dsa_is_verified(opaque: bool) -> None:
    mail = MAIL.replace(b"alice@office.example", b"quentin@partner.example")
    raw = mails.signed_mail("quentin", mail=mail, opaque=opaque)
    found = opened(raw)
    (signer,) = found.signed_layers[0].signers

    assert (signer.algorithm, signer.digest, signer.weak) == ("ml_dsa", "sha512", False)
    assert judged(found).summary is VERIFIED
    assert opaque or b"micalg=sha-512;" in raw


def test_a_digest_without_a_name_in_mail_is_called_unknown() -> None:
    """RFC 8551 §3.5.3.2; what was used stands in the signature anyway."""
    scheme = SignatureScheme(SignatureKind.RSA_PKCS1, "sha3_256")
    identities = [replace(identity("alice"), scheme=scheme), identity("alice")]
    raw = joined(protect.sign(parse_message(MAIL), identities, at=NOW).chunks())

    assert b' micalg="unknown,sha-256"; boundary=' in raw
    found = opened(raw)
    assert sorted(str(one.digest) for one in found.signed_layers[0].signers) == [
        "sha256",
        "sha3_256",
    ]
    assert judged(found).summary is VERIFIED
