"""MimeKit: a PKI in .pfx files of old make, a real signed message of 2013, and TNEF."""

from functools import cache
from pathlib import Path
from warnings import catch_warnings, simplefilter

from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization.pkcs12 import load_pkcs12

from siegel.base.errors import UnsupportedAlgorithm
from siegel.mime.parse import parse_message
from siegel.pki.anchors import AnchorSet, AnchorSource, TrustAnchor
from siegel.pki.certificate import Certificate, parse_certificate
from siegel.pki.verdict import PathStatus
from tests.corpora.drivers import paths, pkcs12
from tests.corpora.foreign_mail import Judged, day, judge
from tests.corpora.rows import Outcome, Row

PASSWORD = "no.secret"
_TNEF_HEADER = (
    b"From: alice@office.example\r\nSubject: winmail.dat\r\nMIME-Version: 1.0\r\n"
    b'Content-Type: application/ms-tnef; name="winmail.dat"\r\n'
    b"Content-Transfer-Encoding: binary\r\n\r\n"
)


def thunderbird(row: Row) -> Judged:
    folder = row.folder / "smime"
    return judge(
        row.raw,
        at=day(row.date),
        anchors=[folder / "StartComCertificationAuthority.crt"],
        known=[folder / "StartComClass1PrimaryIntermediateClientCA.crt"],
    )


def verify(row: Row) -> Outcome:
    found = thunderbird(row)
    if row.expected.startswith("sig-valid"):
        return found.outcome(found.holds and found.counts)
    return found.outcome(bool(found.signers) and not found.counts)


def path(row: Row) -> Outcome:
    found = paths.verdict(
        leaf(row.path), AnchorSet(anchors=(root(row.folder),)), day(row.date), sent=chain(row.path)
    )
    valid = row.expected.startswith("valid")
    return Outcome(right=(found.status is PathStatus.VALID) is valid, says=paths.told(found))


def root(folder: Path) -> TrustAnchor:
    (authority,) = chain(folder / "smime" / "certificate-authority.pfx")
    return TrustAnchor(certificate=authority, source=AnchorSource.ORGANISATION)


def leaf(path: Path) -> Certificate:
    (entry,) = [one for one in chain(path) if not one.is_ca]
    return entry


@cache
def chain(path: Path) -> tuple[Certificate, ...]:
    """The certificates of a file, also where we do not take in its private key."""
    try:
        return pkcs12.open_file(path, PASSWORD).certificates
    except UnsupportedAlgorithm:
        with catch_warnings():
            simplefilter("ignore")  # BER, which the library announces to read no more
            found = load_pkcs12(path.read_bytes(), PASSWORD.encode())
    entries = [one for one in (found.cert, *found.additional_certs) if one is not None]
    return tuple(parse_certificate(one.certificate.public_bytes(Encoding.DER)) for one in entries)


def tnef(row: Row) -> Outcome:
    """As the attachment of a message: left as it is. Names and contents are not taken out."""
    raw = _TNEF_HEADER + row.raw
    found = judge(raw, at=day("2026-11-21"))
    root = parse_message(raw).root
    assert found.payload == raw
    assert root.decoded() == row.raw
    return found.outcome(bool(root.children))


DRIVERS = {"verify": verify, "path": path, "pkcs12-open": pkcs12.opened, "tnef-unpack": tnef}
