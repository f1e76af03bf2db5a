"""Chains of every kind of key and signature, and names of authorities that constrain each other."""

from itertools import product

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, mldsa
from cryptography.x509.oid import NameOID

from siegel.pki.evidence import Evidence
from siegel.pki.path import validate
from siegel.pki.verdict import PathFinding, PathStatus, PathVerdict, RevocationStatus
from tests.unit.pki.chains import (
    AT,
    Key,
    Party,
    Shape,
    anchored,
    issue,
    leaf_of,
    mail_leaf,
    revocation_list,
    root,
    sent,
)
from tests.world import WORLD

SIGNS = ("digital_signature",)
KEYS: dict[str, Key] = {
    "RSA": WORLD.authority("root").key,
    "RSASSA-PSS": WORLD.authority("issuing").key,
    "P-256": ec.generate_private_key(ec.SECP256R1()),
    "P-384": ec.generate_private_key(ec.SECP384R1()),
    "P-521": ec.generate_private_key(ec.SECP521R1()),
    "brainpoolP256r1": ec.generate_private_key(ec.BrainpoolP256R1()),
    "brainpoolP384r1": ec.generate_private_key(ec.BrainpoolP384R1()),
    "brainpoolP512r1": ec.generate_private_key(ec.BrainpoolP512R1()),
    "Ed25519": ed25519.Ed25519PrivateKey.generate(),
    "Ed448": ed448.Ed448PrivateKey.generate(),
    "ML-DSA-44": mldsa.MLDSA44PrivateKey.generate(),
    "ML-DSA-65": mldsa.MLDSA65PrivateKey.generate(),
    "ML-DSA-87": mldsa.MLDSA87PrivateKey.generate(),
}


def top(kind: str) -> Party:
    return root(f"Root {kind}", Shape(pss=kind == "RSASSA-PSS"), key=KEYS[kind])


ROOTS = {kind: top(kind) for kind in KEYS}


@pytest.mark.parametrize(("above", "below"), list(product(KEYS, KEYS)))
def test_any_kind_of_authority_may_certify_any_other(above: str, below: str) -> None:
    pss, by_pss = above == "RSASSA-PSS", below == "RSASSA-PSS"
    authority = issue(ROOTS[above], f"CA {below}", Shape(pss=pss), key=KEYS[below])
    good = leaf_of(authority, usage=SIGNS, pss=by_pss)
    spoilt = issue(authority, "Leaf", mail_leaf(usage=SIGNS, pss=by_pss, broken=True))
    spoilt_above = issue(ROOTS[above], f"CA {below}", Shape(pss=pss, broken=True), key=KEYS[below])

    assert judged(good, authority, above=above).status is PathStatus.VALID
    assert judged(spoilt, authority, above=above).findings == (PathFinding.BAD_SIGNATURE,)
    assert judged(good, spoilt_above, above=above).findings == (PathFinding.ISSUER_UNKNOWN,)


def judged(leaf: Party, authority: Party, *, above: str) -> PathVerdict:
    return validate(leaf.certificate, anchored(ROOTS[above]), sent(authority), AT)


@pytest.mark.parametrize("kind", KEYS)
def test_lists_of_any_kind_of_authority_are_believed(kind: str) -> None:
    leaf = leaf_of(ROOTS[kind], usage=SIGNS, pss=kind == "RSASSA-PSS")
    serial = leaf.certificate.serial
    for revoked, expected in (
        ({}, RevocationStatus.GOOD),
        ({serial: (AT, None)}, RevocationStatus.REVOKED),
    ):
        lists = (revocation_list(ROOTS[kind], revoked),)
        verdict = validate(leaf.certificate, anchored(ROOTS[kind]), Evidence(crls=lists), AT)
        assert verdict.revocation is expected


def name(*parts: tuple[x509.ObjectIdentifier, str]) -> x509.Name:
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in parts])


GERMANY = (NameOID.COUNTRY_NAME, "DE")
OFFICE = name(GERMANY, (NameOID.ORGANIZATION_NAME, "Office"))
IN_OFFICE = name(GERMANY, (NameOID.ORGANIZATION_NAME, "Office"), (NameOID.COMMON_NAME, "Somebody"))
SPELT = name(GERMANY, (NameOID.ORGANIZATION_NAME, "OFFICE"), (NameOID.COMMON_NAME, "Somebody"))
ELSEWHERE = name(GERMANY, (NameOID.ORGANIZATION_NAME, "Elsewhere"))
OTHER_ORDER = name((NameOID.ORGANIZATION_NAME, "Office"), GERMANY)


@pytest.mark.parametrize(
    ("subject", "within"),
    [
        pytest.param(OFFICE, True, id="ok/the name itself"),
        pytest.param(IN_OFFICE, True, id="ok/below"),
        pytest.param(SPELT, True, id="ok/other case"),
        pytest.param(ELSEWHERE, False, id="fail/elsewhere"),
        pytest.param(OTHER_ORDER, False, id="fail/other order"),
        pytest.param(name(GERMANY), False, id="fail/above"),
    ],
)
def test_constraints_hold_for_directory_names(subject: x509.Name, within: bool) -> None:
    top = root("Root")
    subtree: list[x509.GeneralName] = [x509.DirectoryName(OFFICE)]
    for excluded in (False, True):
        limits = x509.NameConstraints(*((None, subtree) if excluded else (subtree, None)))
        authority = issue(top, "CA", Shape(constraints=limits))
        leaf = leaf_of(authority, subject)

        verdict = validate(leaf.certificate, anchored(top), sent(authority), AT)

        good = within is not excluded
        assert verdict.findings == (() if good else (PathFinding.NAME_CONSTRAINT,))
        assert (verdict.status is PathStatus.VALID) is good


def test_constraints_on_directory_names_hold_for_authorities_below_too() -> None:
    top = root("Root")
    subtree: list[x509.GeneralName] = [x509.DirectoryName(OFFICE)]
    authority = issue(top, "CA", Shape(constraints=x509.NameConstraints(subtree, None)))
    outside = issue(authority, ELSEWHERE)
    inside = issue(authority, IN_OFFICE)

    for between, good in ((inside, True), (outside, False)):
        leaf = leaf_of(between, OFFICE)
        verdict = validate(leaf.certificate, anchored(top), sent(authority, between), AT)
        assert (verdict.status is PathStatus.VALID) is good
