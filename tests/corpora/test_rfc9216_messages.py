"""Messages between the people of RFC 9216: signed and encrypted with their keys, opened again."""

from datetime import UTC, datetime
from itertools import product
from pathlib import Path

import pytest

from siegel.base.buffers import joined
from siegel.mime.parse import parse_message
from siegel.policy.inbound import CryptographicSummary
from siegel.smime import protect
from siegel.smime.schemes import recipient_spec, signature_scheme
from siegel.smime.sign import SigningIdentity
from tests.corpora import foreign_mail
from tests.peers.programs import must, program

AT = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
PEOPLE = ("alice", "bob", "carlos", "dana")
RSA = ("alice", "bob")
TEXT = b"Content-Type: text/plain\r\n\r\nEin Bescheid.\r\n"


def _key(folder: Path, name: str, use: str) -> Path:
    suffix = "" if name in RSA else ".25519"
    return folder / f"{name}.{use}{suffix}.key"


def _root(folder: Path, name: str) -> Path:
    return folder / ("ca.rsa.crt" if name in RSA else "ca.25519.crt")


def _signed(folder: Path, name: str) -> protect.SignedMessage:
    key = foreign_mail.software_key(_key(folder, name, "sign"), folder / f"{name}.sign.crt")
    scheme = signature_scheme(key.certificate)
    identity = SigningIdentity(key=key, scheme=scheme, chain=(key.certificate.der,))
    header = f"From: {name}@smime.example\r\nTo: you@smime.example\r\n".encode()
    return protect.sign(parse_message(header + TEXT), [identity], at=AT)


def _sealed(folder: Path, sender: str, *recipients: str, cipher: str) -> bytes:
    specs = [
        recipient_spec(foreign_mail.certificates(folder / f"{name}.encrypt.crt")[0])
        for name in recipients
    ]
    return joined(protect.encrypt(_signed(folder, sender), specs, cipher=cipher))


@pytest.mark.requirement("A1", "A2", "A11", "A14", "A65")
@pytest.mark.parametrize("cipher", ["aes256-cbc", "aes256-gcm"])
@pytest.mark.parametrize(("sender", "reader"), list(product(PEOPLE, PEOPLE)))
def test_everybody_can_write_to_everybody(
    corpora: Path, sender: str, reader: str, cipher: str
) -> None:
    folder = corpora / "rfc9216"
    ring = foreign_mail.keyring(_key(folder, reader, "encrypt"), folder / f"{reader}.encrypt.crt")

    found = foreign_mail.judge(
        _sealed(folder, sender, *PEOPLE, cipher=cipher),
        at=AT,
        anchors=[_root(folder, sender)],
        keyring=ring,
    )

    assert found.judgement.summary is CryptographicSummary.CONFIDENTIAL
    assert bytes(found.opened.payload.exact) == TEXT


@pytest.mark.requirement("A18", "A67")
@pytest.mark.parametrize("name", PEOPLE)
def test_without_their_root_nobody_is_trusted(corpora: Path, name: str) -> None:
    raw = joined(_signed(corpora / "rfc9216", name).chunks())

    told = foreign_mail.judge(raw, at=AT).told

    assert told == "signature valid - unprotected: signer_not_trusted"


@pytest.mark.requirement("A11")
@pytest.mark.parametrize(("sender", "reader"), list(product(RSA, RSA)))
def test_openssl_opens_and_verifies_what_it_has_algorithms_for(
    corpora: Path, tmp_path: Path, sender: str, reader: str
) -> None:
    """OpenSSL 3.0 knows neither EdDSA nor X25519 in CMS."""
    folder = corpora / "rfc9216"
    openssl = program("openssl")
    sealed, inside = tmp_path / "sealed", tmp_path / "inside"
    sealed.write_bytes(_sealed(folder, sender, *RSA, cipher="aes256-cbc"))
    key, certificate = _key(folder, reader, "encrypt"), folder / f"{reader}.encrypt.crt"

    opening = ["-inkey", str(key), "-recip", str(certificate), "-out", str(inside)]
    must([openssl, "cms", "-decrypt", "-in", str(sealed), *opening])
    trust = ["-CAfile", str(_root(folder, sender)), "-purpose", "smimesign"]
    said = must([openssl, "cms", "-verify", "-in", str(inside), *trust, "-no_check_time"])

    assert said == TEXT
