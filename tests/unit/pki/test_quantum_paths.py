"""Paths with ML-DSA authorities, ML-DSA and ML-KEM leaves, and their revocation."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import mldsa, mlkem
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp as wire

from siegel.pki.certificate import Certificate
from siegel.pki.evidence import Evidence
from siegel.pki.path import forget, validate
from siegel.pki.verdict import PathFinding, PathStatus, PathVerdict, Purpose, RevocationStatus
from tests.unit.pki.chains import (
    AT,
    Party,
    Shape,
    anchored,
    certified,
    issue,
    leaf_of,
    revocation_list,
    root,
    sent,
)

DAY = timedelta(days=1)
ROOT = root("Quantum root", key=mldsa.MLDSA87PrivateKey.generate())
CA = issue(ROOT, "Quantum CA", key=mldsa.MLDSA65PrivateKey.generate())
SIGNS: dict[str, Any] = {"usage": ("digital_signature",)}
RECEIVES: dict[str, Any] = {"usage": ("key_encipherment",)}

KEM_768 = mlkem.MLKEM768PrivateKey.generate().public_key()
KEM_1024 = mlkem.MLKEM1024PrivateKey.generate().public_key()
DSA_44 = mldsa.MLDSA44PrivateKey.generate().public_key()


@pytest.fixture(autouse=True)
def _nothing_is_remembered() -> None:
    forget()


def judge(
    leaf: Certificate, *sent_along: Party, purpose: Purpose = Purpose.ANY, anchor: Party = ROOT
) -> PathVerdict:
    return validate(leaf, anchored(anchor), sent(*sent_along), AT, purpose=purpose)


def found(verdict: PathVerdict) -> list[tuple[PathFinding, int]]:
    return [(one.finding, one.depth) for one in verdict.reasons]


@pytest.mark.requirement("C12")
@pytest.mark.parametrize(
    ("leaf", "purpose"),
    [
        pytest.param(certified(CA, DSA_44, **SIGNS), Purpose.SIGN, id="ok/ML-DSA-44"),
        pytest.param(certified(CA, KEM_768, **RECEIVES), Purpose.ENCRYPT, id="ok/ML-KEM-768"),
        pytest.param(certified(CA, KEM_1024, **RECEIVES), Purpose.ENCRYPT, id="ok/ML-KEM-1024"),
    ],
)
def test_a_path_of_ml_dsa_authorities_is_valid(leaf: Certificate, purpose: Purpose) -> None:
    verdict = judge(leaf, CA, purpose=purpose)

    assert verdict.status is PathStatus.VALID, verdict.reasons
    assert verdict.path[1:] == (CA.certificate.fingerprint, ROOT.certificate.fingerprint)


def test_a_classic_authority_may_certify_such_keys_and_the_reverse() -> None:
    classic = root("Classic root")
    kem = certified(classic, KEM_768, **RECEIVES)
    curve = leaf_of(CA).certificate

    assert judge(kem, anchor=classic).status is PathStatus.VALID
    assert judge(curve, CA).status is PathStatus.VALID


@pytest.mark.parametrize(
    ("leaf", "purpose"),
    [
        (certified(CA, DSA_44, **SIGNS), Purpose.ENCRYPT),
        (certified(CA, KEM_768, **RECEIVES), Purpose.SIGN),
        (certified(CA, DSA_44), Purpose.SIGN),  # keyEncipherment and keyAgreement, too
        (certified(CA, KEM_768), Purpose.ENCRYPT),
    ],
)
def test_a_key_is_not_used_for_what_it_cannot(leaf: Certificate, purpose: Purpose) -> None:
    verdict = judge(leaf, CA, purpose=purpose)

    assert verdict.status is PathStatus.INVALID
    assert found(verdict) == [(PathFinding.WRONG_USAGE, 0)]


def test_an_authority_certified_for_encryption_as_well_is_refused() -> None:
    """RFC 9881 §5."""
    usage = ("key_cert_sign", "crl_sign", "key_encipherment")
    odd = issue(ROOT, "Odd CA", Shape(usage=usage), key=mldsa.MLDSA65PrivateKey.generate())

    verdict = judge(certified(odd, KEM_768, **RECEIVES), odd)

    assert verdict.status is PathStatus.INVALID
    assert found(verdict) == [(PathFinding.WRONG_USAGE, 1)]


def test_a_forged_ml_dsa_signature_is_seen() -> None:
    forged = certified(CA, KEM_768, broken=True, **RECEIVES)

    verdict = judge(forged, CA)

    assert verdict.status is PathStatus.INVALID
    assert found(verdict) == [(PathFinding.BAD_SIGNATURE, 0)]


def test_another_ml_dsa_key_of_the_same_name_vouches_for_nothing() -> None:
    twin = issue(ROOT, "Quantum CA", key=mldsa.MLDSA65PrivateKey.generate())
    leaf = certified(twin, KEM_768, **RECEIVES)

    assert judge(leaf, CA).status is not PathStatus.VALID
    assert judge(leaf, CA, twin).status is PathStatus.VALID


# Revocation


def _judged(leaf: Certificate, *lists: bytes, responses: tuple[bytes, ...] = ()) -> PathVerdict:
    evidence = Evidence(
        intermediates=(CA.certificate,), crls=lists, ocsp_responses=responses, gathered_at=AT
    )
    return validate(leaf, anchored(ROOT), evidence, AT)


def test_lists_signed_with_ml_dsa_are_believed() -> None:
    leaf = certified(CA, KEM_768, **RECEIVES)
    revoked: dict[int, tuple[datetime, x509.ReasonFlags | None]] = {
        leaf.serial: (AT - DAY, x509.ReasonFlags.key_compromise)
    }
    above = revocation_list(ROOT)

    good = _judged(leaf, above, revocation_list(CA))
    gone = _judged(leaf, above, revocation_list(CA, revoked))

    assert (good.status, good.revocation) == (PathStatus.VALID, RevocationStatus.GOOD)
    assert (gone.status, gone.revocation) == (PathStatus.INVALID, RevocationStatus.REVOKED)


def test_a_list_of_another_ml_dsa_key_is_not_believed() -> None:
    leaf = certified(CA, KEM_768, **RECEIVES)
    stranger = mldsa.MLDSA65PrivateKey.generate()

    verdict = _judged(leaf, revocation_list(ROOT), revocation_list(CA, key=stranger))

    assert verdict.revocation is RevocationStatus.UNKNOWN


def test_an_answer_signed_with_ml_dsa_is_believed_while_it_is_whole() -> None:
    leaf = certified(CA, KEM_768, **RECEIVES)
    builder = (
        wire.OCSPResponseBuilder()
        .add_response(
            cert=leaf.parsed,
            issuer=CA.certificate.parsed,
            algorithm=SHA256(),
            cert_status=wire.OCSPCertStatus.REVOKED,
            this_update=AT - DAY,
            next_update=AT + DAY,
            revocation_time=AT - DAY,
            revocation_reason=x509.ReasonFlags.key_compromise,
        )
        .responder_id(wire.OCSPResponderEncoding.HASH, CA.certificate.parsed)
    )
    whole = builder.sign(CA.key, None).public_bytes(Encoding.DER)
    spoilt = whole[:-1] + bytes([whole[-1] ^ 1])  # the last octet of the signature

    assert _judged(leaf, responses=(whole,)).revocation is RevocationStatus.REVOKED
    assert _judged(leaf, responses=(spoilt,)).revocation is RevocationStatus.UNKNOWN
