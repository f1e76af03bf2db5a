"""Lines of the certificate standards: name constraints, and keys certified for OAEP alone."""

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from siegel.base import der, oids
from siegel.pki.certificate import parse_certificate
from siegel.pki.path import validate
from siegel.pki.verdict import PathFinding, PathStatus
from tests.unit.pki.chains import (
    AT,
    NOT_AFTER,
    NOT_BEFORE,
    Party,
    Shape,
    anchored,
    issue,
    leaf_of,
    root,
    sent,
)
from tests.unit.pki.making import certified_as

ROOT = root("Root")


def names(*values: str) -> list[x509.GeneralName] | None:
    return [x509.RFC822Name(value) for value in values] or None


def below(permitted: tuple[str, ...], excluded: tuple[str, ...]) -> Party:
    constraints = x509.NameConstraints(names(*permitted), names(*excluded))
    return issue(ROOT, "Limited CA", Shape(constraints=constraints))


def findings(authority: Party, leaf: Party) -> tuple[PathFinding, ...]:
    verdict = validate(leaf.certificate, anchored(ROOT), sent(authority), AT)
    assert (verdict.status is PathStatus.VALID) is not bool(verdict.findings)
    return verdict.findings


@pytest.mark.parametrize(
    ("permitted", "excluded", "address", "valid"),
    [
        pytest.param((), ("office.example",), "a@elsewhere.example", True, id="ok/elsewhere"),
        pytest.param((), ("office.example",), "a@office.example", False, id="fail/host"),
        pytest.param((), (".office.example",), "a@office.example", True, id="ok/not-below"),
        pytest.param((), (".office.example",), "a@x.office.example", False, id="fail/below"),
        pytest.param(
            ("office.example",), ("a@office.example",), "b@office.example", True, id="ok/other"
        ),
        pytest.param(
            ("office.example",), ("a@office.example",), "a@office.example", False, id="fail/first"
        ),
    ],
)
def test_what_is_excluded_is_excluded_whatever_is_permitted(
    permitted: tuple[str, ...], excluded: tuple[str, ...], address: str, valid: bool
) -> None:
    """RFC 5280 §4.2.1.10."""
    authority = below(permitted, excluded)
    leaf = leaf_of(authority, names=(x509.RFC822Name(address),))

    assert findings(authority, leaf) == (() if valid else (PathFinding.NAME_CONSTRAINT,))


@pytest.mark.parametrize(
    ("address", "valid"), [("a@office.example", True), ("a@elsewhere.example", False)]
)
def test_constraints_hold_for_an_address_in_the_subject(address: str, valid: bool) -> None:
    """RFC 5280 §4.2.1.10: where no alternative name is an address."""
    authority = below(("office.example",), ())
    subject = x509.Name([x509.NameAttribute(NameOID.EMAIL_ADDRESS, address)])
    leaf = _with_subject(authority, subject)

    assert leaf.certificate.addresses[0].spelling == address
    assert findings(authority, leaf) == (() if valid else (PathFinding.NAME_CONSTRAINT,))


def _with_subject(authority: Party, subject: x509.Name) -> Party:
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(authority.name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOT_BEFORE)
        .not_valid_after(NOT_AFTER)
        .sign(authority.key, SHA256())
    )
    return Party(parse_certificate(certificate.public_bytes(Encoding.DER)), key)


@pytest.mark.parametrize("parameters", [b"", der.sequence()], ids=["absent", "defaults"])
def test_a_key_certified_for_oaep_alone_does_nothing_else(parameters: bytes) -> None:
    """RFC 4055 §1.2: it never signs, and no other way of transport is used with it."""
    certificate = parse_certificate(certified_as(der.algorithm(oids.RSA_OAEP, parameters)))

    assert (certificate.may_sign, certificate.may_encrypt) == (False, False)
    assert certificate.public_key is None
    assert certificate.key_name == oids.RSA_OAEP
