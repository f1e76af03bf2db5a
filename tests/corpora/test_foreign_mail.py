"""Messages of RFC 4134, RFC 9788, KDE and MimeKit, each with our own verdict."""

import re
from pathlib import Path

import pytest

from siegel.base.keys import Keyring
from tests.corpora import foreign_mail_expected as expected
from tests.corpora.foreign_mail import Judged, day, judge, keyring, rows
from tests.peers import mime

# second signer's certificate inherits its DSA parameters: a form that nobody issues today
UNREADABLE_SIGNER = "4.6.bin"


def _classic(folder: Path, name: str, keys: Keyring) -> Judged:
    raw = (folder / name).read_bytes()
    if name.endswith(".bin"):
        raw = mime.mail(mime.pkcs7_mime(raw, "signed-data"), sender="AliceDSS@example.com")
    return judge(
        raw,
        at=day("2004-07-01"),
        anchors=[folder / "CarlDSSSelf.cer", folder / "CarlRSASelf.cer"],
        known=[folder / "AliceDSSSignByCarlNoInherit.cer", folder / "AliceRSASignByCarl.cer"],
        keyring=keys,
    )


@pytest.mark.requirement("A11")
def test_classic_messages_get_their_verdict(corpora: Path) -> None:
    folder = corpora / "rfc4134"
    keys = keyring(folder / "BobPrivRSAEncrypt.pri", folder / "BobRSASignByCarl.cer")

    told = {name: _classic(folder, name, keys).told for name in expected.RFC4134}

    assert told == expected.RFC4134


def test_the_mathematics_of_classic_signatures_agree_with_the_table(corpora: Path) -> None:
    folder = corpora / "rfc4134"
    keys = keyring(folder / "BobPrivRSAEncrypt.pri", folder / "BobRSASignByCarl.cer")
    valid = {row["file"] for row in rows(folder) if row["expected"] == "sig-valid"}
    compared = valid & set(expected.RFC4134) - {UNREADABLE_SIGNER}

    wrong = [
        name
        for name in compared
        for layer in _classic(folder, name, keys).opened.signed_layers
        for signer in layer.signers
        if (signer.intact, signer.signature_valid) != (True, True)
    ]

    assert len(compared) == 8
    assert wrong == []


def test_classic_encryption_is_read(corpora: Path) -> None:
    folder = corpora / "rfc4134"
    keys = keyring(folder / "BobPrivRSAEncrypt.pri", folder / "BobRSASignByCarl.cer")
    content = (folder / "ExContent.bin").read_bytes()

    for name in ("5.1.bin", "5.3.eml"):
        assert bytes(_classic(folder, name, keys).opened.payload.exact) == content


# header protection


@pytest.mark.parametrize("reader", ["bob", "alice"])
def test_protected_header_fields_are_those_of_the_table(corpora: Path, reader: str) -> None:
    keys = corpora / "rfc9216"
    ring = keyring(keys / f"{reader}.encrypt.key", keys / f"{reader}.encrypt.crt")
    told = {}
    for row in rows(corpora / "rfc9788"):
        raw = (corpora / "rfc9788" / row["file"]).read_bytes()
        found = judge(raw, at=day(row["date"]), anchors=[keys / "ca.rsa.crt"], keyring=ring)
        told[row["file"]] = found.told
        fields = re.findall(r"([\w-]+)='([^']*)':signed", row["expected"])
        assert list(found.opened.protected_fields) == fields
        assert len(fields) >= 6

    assert told == expected.RFC9788


# mail programs


def test_messages_of_kde_get_their_verdict(corpora: Path) -> None:
    folder = corpora / "kde-mimetreeparser"
    own = folder / "keys" / "unittest-cert.pem"
    ring = keyring(folder / "keys" / "unittest-cert.key.pem", own)
    told, texts = {}, {}
    for row in rows(folder):
        found = judge(
            (folder / row["file"]).read_bytes(),
            at=day(row["date"]),
            anchors=[own],
            known=[folder / "keys" / "all-certs.pem"],
            keyring=ring,
        )
        told[row["file"]] = found.told
        texts[row["file"]] = bytes(found.opened.payload.exact)

    assert told == expected.KDE
    assert b"quick brown fox" in texts["testdata/smime-encrypted.mbox"]
    assert b"quick brown fox" in texts["testdata/smime-encrypted-octet-stream.mbox"]
    assert b"Encrypted and signed mail." in texts["testdata/smime-opaque-enc+sign.mbox"]
    assert b"A simple signed only test." in texts["testdata/smime-opaque-sign.mbox"]
    closed = texts["testdata/smime-encrypted-not-so-ambiguous-mime.mbox"]
    assert b"Encrypted and signed mail." not in closed


@pytest.mark.parametrize("at", ["2013-12-01", "2026-11-21"])
def test_a_real_message_with_sha_1_is_intact_and_not_green(corpora: Path, at: str) -> None:
    folder = corpora / "mimekit" / "smime"

    found = judge(
        (folder / "thunderbird-signed.txt").read_bytes(),
        at=day(at),
        anchors=[folder / "StartComCertificationAuthority.crt"],
        known=[folder / "StartComClass1PrimaryIntermediateClientCA.crt"],
    )

    (signer,) = found.opened.signed_layers[0].signers
    assert (signer.intact, signer.signature_valid) == (True, True)
    assert found.told == expected.THUNDERBIRD_2013
