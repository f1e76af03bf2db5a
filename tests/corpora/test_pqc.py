"""Post-quantum keys of other implementations belong to their certificates, and are named."""

from pathlib import Path

import pytest

from siegel.base.keys import KeyKind
from siegel.pki.certificate import Certificate
from siegel.pki.keyfile import private_key_from_file
from siegel.pki.post_quantum import MlKemPrivateKey, MlKemPublicKey
from siegel.pki.softkeys import key_matches
from siegel.pki.strength import key_weakness
from tests.corpora.foreign_mail import certificates

DILITHIUM = "lamps-dilithium-certificates/examples"
KYBER = "lamps-kyber-certificates/example"


@pytest.mark.requirement("C12")
@pytest.mark.parametrize("form", ["seed", "both"])
@pytest.mark.parametrize(
    ("folder", "name"),
    [
        (DILITHIUM, "ML-DSA-44"),
        (DILITHIUM, "ML-DSA-65"),
        (DILITHIUM, "ML-DSA-87"),
        (KYBER, "ML-KEM-768"),
        (KYBER, "ML-KEM-1024"),
    ],
)
def test_a_private_key_is_that_of_the_certificate(
    corpora: Path, folder: str, name: str, form: str
) -> None:
    place = corpora / "pqc" / folder
    (certificate,) = certificates(place / f"{name}.crt")
    private = private_key_from_file((place / f"{name}-{form}.priv").read_bytes(), None)

    assert certificate.key_name == name
    assert key_matches(certificate, private)
    assert not key_matches(_another(corpora, name), private)


def _another(corpora: Path, name: str) -> Certificate:
    other = "ML-DSA-44" if name != "ML-DSA-44" else "ML-DSA-65"
    return certificates(corpora / "pqc" / DILITHIUM / f"{other}.crt")[0]


def test_what_is_encapsulated_to_a_foreign_certificate_is_opened(corpora: Path) -> None:
    place = corpora / "pqc" / KYBER
    (certificate,) = certificates(place / "ML-KEM-768.crt")
    private = private_key_from_file((place / "ML-KEM-768-both.priv").read_bytes(), None)
    assert isinstance(certificate.public_key, MlKemPublicKey)
    assert isinstance(private, MlKemPrivateKey)

    secret, ciphertext = certificate.public_key.encapsulate()

    assert private.decapsulate(ciphertext) == secret


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("bc/cert/slhdsa/SLH-DSA-SHA2-128S.pem", "SLH-DSA-SHA2-128s"),
        ("bc/cert/mlkem/ML-KEM-512.pem", "ML-KEM-512"),
    ],
)
def test_a_certificate_that_cannot_be_used_is_read_and_named(
    corpora: Path, file: str, name: str
) -> None:
    certificate = certificates(corpora / "pqc" / file)[0]

    assert (certificate.key_kind, certificate.key_name) == (KeyKind.OTHER, name)
    assert key_weakness(certificate) == f"{name} is not supported"
    assert not certificate.may_sign
    assert not certificate.may_encrypt


@pytest.mark.parametrize(
    ("file", "name", "kind"),
    [
        *((f"mldsa/ML-DSA-{level}", f"ML-DSA-{level}", KeyKind.ML_DSA) for level in (44, 65, 87)),
        *((f"mlkem/ML-KEM-{level}", f"ML-KEM-{level}", KeyKind.ML_KEM) for level in (768, 1024)),
    ],
)
def test_certificates_of_bouncycastle_are_read(
    corpora: Path, file: str, name: str, kind: KeyKind
) -> None:
    certificate = certificates(corpora / "pqc" / "bc" / "cert" / f"{file}.pem")[0]

    assert (certificate.key_kind, certificate.key_name) == (kind, name)
    assert key_weakness(certificate) is None
