"""The test mails of Apache James, every row with our own verdict."""

from pathlib import Path

import pytest

from siegel.base.secret import Secret
from siegel.mime.parse import parse_message
from siegel.pki.pkcs12 import open_pkcs12
from siegel.pki.softkeys import SoftwareKey, SoftwareKeyring
from siegel.policy.inbound import CryptographicSummary
from tests.corpora.foreign_mail import Judged, day, judge, rows
from tests.corpora.james_expected import EXPECTED, FOLDER

DAY = "2024-08-18"
ANCHOR = FOLDER + "rootCA.crt"


def _judged(folder: Path, row: dict[str, str], at: str | None = None) -> Judged:
    anchored = "anchor" in row["key_or_cert"]
    return judge(
        (folder / row["file"]).read_bytes(),
        at=day(at or (DAY if row["date"] == "-" else row["date"])),
        anchors=[folder / ANCHOR] if anchored else [],
        keyring=_keyring(folder) if row["operation"] == "decrypt" else None,
    )


def _keyring(folder: Path) -> SoftwareKeyring:
    opened = open_pkcs12((folder / "smime.p12").read_bytes(), Secret("secret"))
    return SoftwareKeyring([SoftwareKey(one.key, one.certificates) for one in opened.keys])


@pytest.mark.requirement("A2", "A6", "A11", "A65")
def test_every_row_gets_its_verdict(corpora: Path) -> None:
    folder = corpora / "james"

    told = {row["file"]: _judged(folder, row).told for row in rows(folder)}

    assert told == EXPECTED


def test_what_the_table_calls_valid_is_mathematically_valid(corpora: Path) -> None:
    folder = corpora / "james"
    valid = [row for row in rows(folder) if row["expected"] == "sig-valid"]

    for row in valid:
        (signer,) = _judged(folder, row).opened.signed_layers[0].signers
        assert (signer.intact, signer.signature_valid) == (True, True)
        assert _judged(folder, row, "2024-08-23").told == "verified: signature_counts"
    assert len(valid) == 3


def test_what_the_table_calls_invalid_is_never_green(corpora: Path) -> None:
    folder = corpora / "james"
    rest = [row for row in rows(folder) if row["expected"] != "sig-valid"]

    for row in rest:
        summary = _judged(folder, row, "2024-08-23").judgement.summary
        assert summary is CryptographicSummary.UNPROTECTED


@pytest.mark.parametrize(
    ("name", "inside"),
    [("crypted.eml", "text/plain"), ("crypted_with_attachment.eml", "multipart/mixed")],
)
@pytest.mark.requirement("A65", "A66")
def test_what_the_table_calls_decryptable_is_opened(corpora: Path, name: str, inside: str) -> None:
    folder = corpora / "james"
    row = next(row for row in rows(folder) if row["file"] == f"eml/{name}")

    found = _judged(folder, row).opened

    assert found.encrypted_layers[0].opened
    assert found.payload.media == inside


def test_a_message_that_does_not_open_stays_as_it_came(corpora: Path) -> None:
    folder = corpora / "james"
    row = next(row for row in rows(folder) if row["file"] == "eml/bad_crypted.eml")

    found = _judged(folder, row).opened
    raw = (folder / row["file"]).read_bytes()

    assert bytes(found.payload.exact) == raw == bytes(parse_message(raw).raw)
