"""ML-DSA in signatures (RFC 9882): the examples of the RFC, our own, and what must not pass."""

import base64
import hashlib
import re
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.mldsa import (
    MLDSA44PublicKey,
    MLDSA65PrivateKey,
    MLDSA65PublicKey,
    MLDSA87PublicKey,
)

from siegel.base import der, oids
from siegel.base.buffers import joined
from siegel.base.errors import UnsupportedAlgorithm
from siegel.base.findings import Finding, Severity, worst
from siegel.base.keys import SignatureKind, SignatureScheme
from siegel.cms.signed import (
    SignerCheck,
    SignerSpec,
    build_signed_data,
    check_signer,
    parse_signed_data,
)
from tests.unit.cms import forge
from tests.unit.cms.forge import CONTENT, content_type, message_digest
from tests.unit.cms.people import ML_DSA, NOW, Person, person

LEVELS = (44, 65, 87)
OIDS = {44: oids.ML_DSA_44, 65: oids.ML_DSA_65, 87: oids.ML_DSA_87}


def check(data: bytes, who: Person) -> SignerCheck:
    view = parse_signed_data(data)
    return check_signer(view, view.signers[0], None, who)


def forged(level: int, digest: str, params: bytes = b"") -> SignerCheck:
    """Signed by the person of ``level``, with the digest and the parameters given."""
    who = person(f"mldsa{level}")
    data = forge.signed_data(
        who,
        [content_type(), message_digest(CONTENT, digest)],
        digest_algorithm=der.algorithm(DIGESTS[digest]),
        signature_algorithm=der.algorithm(OIDS[level], params),
        scheme=ML_DSA,
    )
    return check(data, who)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("place", ["lamps-cms-ml-dsa/examples/mldsa{}-signed-attrs.pem",
                                   "bc/cms/mldsa/SignedData_ML-DSA-{}.pem"])  # fmt: skip
def test_the_examples_of_rfc_9882_hold(corpora: Path, place: str, level: int) -> None:
    pem = (corpora / "pqc" / place.format(level)).read_bytes()
    armoured = re.search(rb"-----BEGIN [A-Z0-9 ]+-----(.*?)-----END", pem, re.DOTALL)
    assert armoured is not None
    data = base64.b64decode(armoured[1])
    name = f"lamps-dilithium-certificates/examples/ML-DSA-{level}.crt"
    certificate = x509.load_pem_x509_certificate((corpora / "pqc" / name).read_bytes())
    found = check(data, Person(certificate, person("p256").private))

    assert (found.intact, found.signature_valid, found.findings) == (True, True, ())
    assert (found.algorithm, found.digest, found.weak) == ("ml_dsa", "sha512", False)
    changed = data.replace(b"signed-data example", b"signed-data exam_le")
    assert changed != data
    assert check(changed, Person(certificate, person("p256").private)).intact is False


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("digest", ["sha512", "sha3_512"])
def test_what_we_sign_holds_for_the_library_alone(level: int, digest: str) -> None:
    who = person(f"mldsa{level}")
    scheme = SignatureScheme(SignatureKind.ML_DSA, digest)
    spec = SignerSpec(key=who, scheme=scheme, signing_time=NOW)
    data = joined(build_signed_data([CONTENT], None, [spec], [who.der], detached=False))
    found = check(data, who)

    assert (found.intact, found.signature_valid, found.findings) == (True, True, ())
    (signer,) = parse_signed_data(data).signers
    assert (signer.version, signer.signature_algorithm.oid) == (1, OIDS[level])
    assert signer.signature_algorithm.params is None
    assert signer.signed_attributes is not None
    attributes = b"\x31" + bytes(signer.signed_attributes.raw)[1:]
    public = who.public_key
    assert isinstance(public, MLDSA44PublicKey | MLDSA65PublicKey | MLDSA87PublicKey)
    public.verify(signer.signature, attributes)


def test_sha_512_is_written_without_parameters() -> None:
    who = person("mldsa65")
    spec = SignerSpec(key=who, scheme=ML_DSA)
    data = joined(build_signed_data([CONTENT], None, [spec], [], detached=True))

    assert der.set_of(der.sequence(der.oid(oids.SHA512))) in data


SUITABLE = {
    44: {"sha256", "sha384", "sha512", "sha3_256", "sha3_384", "sha3_512", "shake_128",
         "shake_256"},
    65: {"sha384", "sha512", "sha3_384", "sha3_512", "shake_256"},
    87: {"sha512", "sha3_512", "shake_256"},
}  # fmt: skip
DIGESTS = {
    "sha224": oids.SHA224,
    "sha256": oids.SHA256,
    "sha384": oids.SHA384,
    "sha512": oids.SHA512,
    "sha3_224": oids.SHA3_224,
    "sha3_256": oids.SHA3_256,
    "sha3_384": oids.SHA3_384,
    "sha3_512": oids.SHA3_512,
    "shake_128": oids.SHAKE128,
    "shake_256": oids.SHAKE256,
}


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("digest", DIGESTS)
def test_a_digest_weaker_than_the_parameter_set_is_marked(level: int, digest: str) -> None:
    """RFC 9882 §3.3, table 1: the weaker of both is what the signature is worth."""
    found = forged(level, digest)

    assert (found.intact, found.signature_valid) == (True, True)
    suitable = digest in SUITABLE[level]
    assert found.findings == (() if suitable else (Finding.WEAK_DIGEST,))
    assert found.weak is not suitable


@pytest.mark.parametrize("digest", ["sha256", "sha384", "sha1", "md5"])
def test_no_signature_is_made_with_a_digest_too_weak(digest: str) -> None:
    spec = SignerSpec(key=person("mldsa87"), scheme=SignatureScheme(SignatureKind.ML_DSA, digest))
    with pytest.raises(UnsupportedAlgorithm):
        build_signed_data([CONTENT], None, [spec], [], detached=True)


def test_no_ml_dsa_signature_is_made_with_a_key_of_another_kind() -> None:
    spec = SignerSpec(key=person("ed25519"), scheme=ML_DSA)
    with pytest.raises(UnsupportedAlgorithm):
        build_signed_data([CONTENT], None, [spec], [], detached=True)


@pytest.mark.parametrize("params", [der.null(), der.sequence()])
def test_parameters_beside_ml_dsa_are_refused(params: bytes) -> None:
    found = forged(65, "sha512", params)

    assert (found.signature_valid, found.findings) == (None, (Finding.UNSUPPORTED,))


@pytest.mark.parametrize("said", LEVELS)
def test_the_parameter_set_is_the_one_of_the_key(said: int) -> None:
    """Whatever the message says, the key decides; a wrong name is a wrong signature."""
    who = person("mldsa65")
    data = forge.signed_data(
        who,
        [content_type(), message_digest(CONTENT, "sha512")],
        digest_algorithm=forge.SHA512,
        signature_algorithm=der.algorithm(OIDS[said]),
        scheme=ML_DSA,
    )
    found = check(data, who)

    assert found.signature_valid is (said == 65)
    assert found.findings == (() if said == 65 else (Finding.SIGNATURE_INVALID,))


def test_a_signature_with_a_context_does_not_hold() -> None:
    """RFC 9882 §3.2: pure mode, and the context is empty."""
    who = person("mldsa65")
    attributes = [content_type(), message_digest(CONTENT, "sha512")]
    signed = der.set_of(*attributes)

    private = who.private
    assert isinstance(private, MLDSA65PrivateKey)

    def found(context: bytes | None) -> bool | None:
        data = forge.signed_data(
            who,
            attributes,
            digest_algorithm=forge.SHA512,
            signature_algorithm=der.algorithm(oids.ML_DSA_65),
            signature=private.sign(signed, context),
        )
        return check(data, who).signature_valid

    assert found(None) is True
    assert found(b"mail") is False


def test_signing_the_digest_of_the_attributes_does_not_hold() -> None:
    """HashML-DSA, or a pre-hash by mistake (RFC 9882 §3.1)."""
    who = person("mldsa65")
    attributes = [content_type(), message_digest(CONTENT, "sha512")]
    assert isinstance(who.public_key, MLDSA65PublicKey)
    data = forge.signed_data(
        who,
        attributes,
        digest_algorithm=forge.SHA512,
        signature_algorithm=der.algorithm(oids.ML_DSA_65),
        scheme=ML_DSA,
        signed=hashlib.sha512(der.set_of(*attributes)).digest(),
    )

    assert check(data, who).signature_valid is False


@pytest.mark.parametrize("digest", ["sha512", "sha224"])
def test_without_attributes_the_content_itself_is_signed_and_does_not_count(digest: str) -> None:
    """RFC 9882 §3.3: then digestAlgorithm means nothing, however weak it is."""
    who = person("mldsa87")
    data = forge.signed_data(
        who,
        field=lambda _: b"",
        digest_algorithm=der.algorithm(DIGESTS[digest]),
        signature_algorithm=der.algorithm(oids.ML_DSA_87),
        scheme=ML_DSA,
        signed=CONTENT,
    )
    found = check(data, who)

    assert (found.intact, found.signature_valid) == (True, True)
    assert found.findings == (Finding.SIGNED_ATTRIBUTES_MISSING,)


NAMED = {
    "2.16.840.1.101.3.4.3.20": "SLH-DSA-SHA2-128s",
    "2.16.840.1.101.3.4.3.25": "SLH-DSA-SHA2-256f",
    "2.16.840.1.101.3.4.3.26": "SLH-DSA-SHAKE-128s",
    "2.16.840.1.101.3.4.3.31": "SLH-DSA-SHAKE-256f",
    "1.2.840.113549.1.9.16.3.17": "HSS/LMS",
    "1.3.6.1.5.5.7.6.37": "composite ML-DSA",
    "1.3.6.1.5.5.7.6.54": "composite ML-DSA",
    "1.2.3.4": None,
}


@pytest.mark.parametrize("oid", NAMED)
def test_what_is_not_computed_is_at_least_called_by_its_name(oid: str) -> None:
    data = forge.signed_data(person("rsa2048"), signature_algorithm=der.algorithm(oid))
    found = check(data, person("rsa2048"))

    assert (found.algorithm, found.signature_valid) == (NAMED[oid], None)
    assert found.findings == (Finding.UNSUPPORTED,)
    assert worst(found.findings) is Severity.BAD
