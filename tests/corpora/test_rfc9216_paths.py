"""Paths to the example certificates of RFC 9216: two authorities that certified each other."""

import csv
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from siegel.pki.anchors import AnchorSet, AnchorSource, TrustAnchor
from siegel.pki.bundle import parse_certificates
from siegel.pki.certificate import Certificate
from siegel.pki.evidence import Evidence
from siegel.pki.path import validate
from siegel.pki.verdict import PathFinding, PathStatus, PathVerdict, Purpose

ROWS = 32
AT = datetime(2026, 11, 21, tzinfo=UTC)

# What the collection calls invalid, in our words: the missing link may turn up, the date will not.
OURS = {
    "transvalid: intermediate missing": (PathStatus.INDETERMINATE, PathFinding.ISSUER_UNKNOWN),
    "before notBefore 2019-11-20": (PathStatus.INVALID, PathFinding.NOT_YET_VALID),
    "after notAfter 2052-09-27": (PathStatus.INVALID, PathFinding.EXPIRED),
}


def test_every_row_of_the_collection_gets_its_verdict(corpora: Path) -> None:
    folder = corpora / "rfc9216"
    rows = _rows(folder)
    wrong = [row["file"] + " " + row["why"] for row in rows if not _is_right(row, folder)]

    assert len(rows) == ROWS
    assert wrong == []


@pytest.mark.parametrize(
    "order",
    [
        pytest.param(("ca.rsa", "ca.rsa.cross"), id="ok/own root first"),
        pytest.param(("ca.rsa.cross", "ca.rsa"), id="ok/cross certificate first"),
        pytest.param(("ca.rsa", "ca.rsa.cross", "ca.25519", "ca.25519.cross"), id="ok/all four"),
    ],
)
def test_a_root_in_the_mail_does_not_hide_the_cross_certificate(
    corpora: Path, order: tuple[str, ...]
) -> None:
    folder = corpora / "rfc9216"
    sent = tuple(_certificate(folder, name) for name in order)

    verdict = _validate(folder, "alice.sign", "ca.25519", sent, AT, Purpose.SIGN)

    assert verdict.status is PathStatus.VALID
    assert len(verdict.path) == 3


def _is_right(row: dict[str, str], folder: Path) -> bool:
    given = dict(re.findall(r"(\w+)=(\S+)", row["key_or_cert"]))
    names = [] if given["intermediates"] == "-" else given["intermediates"].split(",")
    verdict = _validate(
        folder,
        row["file"].removesuffix(".crt"),
        given["anchor"].removesuffix(".crt"),
        tuple(_certificate(folder, name.removesuffix(".crt")) for name in names),
        datetime.fromisoformat(row["date"]).replace(tzinfo=UTC),
        Purpose.ENCRYPT if ".encrypt" in row["file"] else Purpose.SIGN,
    )
    if row["expected"] == "valid":
        return verdict.status is PathStatus.VALID
    return (verdict.status, verdict.reasons[0].finding) == OURS[row["why"]]


def _validate(
    folder: Path,
    leaf: str,
    root: str,
    sent: tuple[Certificate, ...],
    at: datetime,
    purpose: Purpose,
) -> PathVerdict:
    anchor = TrustAnchor(certificate=_certificate(folder, root), source=AnchorSource.ORGANISATION)
    return validate(
        _certificate(folder, leaf),
        AnchorSet(anchors=(anchor,)),
        Evidence(intermediates=sent),
        at,
        purpose=purpose,
    )


def _certificate(folder: Path, name: str) -> Certificate:
    return parse_certificates((folder / f"{name}.crt").read_bytes())[0]


def _rows(folder: Path) -> list[dict[str, str]]:
    with (folder / "expected.tsv").open(encoding="utf-8") as lines:
        return [row for row in csv.DictReader(lines, delimiter="\t") if row["operation"] == "path"]
