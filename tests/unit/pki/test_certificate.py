"""``pki.certificate``: the facts of a certificate, and that nothing hostile gets past them."""

import base64
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ed448, rsa, x448
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID, ObjectIdentifier
from hypothesis import given
from hypothesis import strategies as st

from siegel.base import der
from siegel.base.address import EmailAddress
from siegel.base.errors import LimitExceeded, MalformedMessage
from siegel.base.keys import CertifiedKey, KeyKind
from siegel.pki.bundle import MAX_CERTIFICATES
from siegel.pki.certificate import MAX_SIZE, Certificate, parse_certificate, parse_certificates
from siegel.pki.classes import Generation, ValidationClass, ValidationType
from tests.peers.programs import must, program
from tests.unit.pki.making import (
    SERIAL,
    certificate_der,
    key_usage,
    mail_names,
    public_key,
)
from tests.world import WORLD, World

EMAIL_PROTECTION = x509.ExtendedKeyUsage([ObjectIdentifier("1.3.6.1.5.5.7.3.4")])
ANY_PURPOSE = x509.ExtendedKeyUsage([ObjectIdentifier("2.5.29.37.0")])
SERVER_AUTH = x509.ExtendedKeyUsage([ObjectIdentifier("1.3.6.1.5.5.7.3.1")])


def person(name: str) -> Certificate:
    return parse_certificate(WORLD.person(name).certificate_der)


def addresses(*texts: str) -> tuple[EmailAddress, ...]:
    return tuple(map(EmailAddress.parse, texts))


# Facts


@pytest.mark.parametrize("somebody", WORLD.everybody, ids=lambda one: one.name)
def test_the_facts_agree_with_cryptography(somebody: World) -> None:
    theirs = x509.load_der_x509_certificate(somebody.certificate_der)
    ours = parse_certificate(somebody.certificate_der)
    spki = theirs.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    key_id = theirs.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
    assert ours.serial == theirs.serial_number
    assert ours.not_before == theirs.not_valid_before_utc
    assert ours.not_after == theirs.not_valid_after_utc
    assert ours.public_key == theirs.public_key()
    assert ours.subject_key_identifier == key_id
    assert ours.issuer_der == theirs.issuer.public_bytes()
    assert ours.subject_der == theirs.subject.public_bytes()
    assert ours.spki_sha256 == _sha256(spki)
    assert ours.fingerprint == _sha256(somebody.certificate_der)
    assert not ours.flaws


def _sha256(data: bytes) -> str:
    import hashlib

    return hashlib.sha256(data).hexdigest()
