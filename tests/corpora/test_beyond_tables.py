"""What the collections are good for besides their rows: the reasons of deviations, and variants."""

from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding

from siegel.pki.anchors import AnchorSet
from siegel.pki.certificate import Certificate
from siegel.pki.usage import PathRules
from siegel.pki.verdict import PathStatus, PathVerdict, Purpose, RevocationStatus
from tests.corpora.drivers import james, mimekit, paths, pkcs12
from tests.corpora.foreign_mail import anchor_set, certificates, day
from tests.corpora.rows import Row, rows

pytestmark = pytest.mark.usefixtures("corpora")

TODAY = datetime(2026, 11, 21, tzinfo=UTC)


def _row(corpus: str, name: str) -> Row:
    return next(row for row in rows(corpus) if row.name == name)


@pytest.mark.requirement("A2", "A6")
def test_a_signature_of_the_future_counts_from_its_day_on() -> None:
    valid = [row for row in rows("james") if row.expected == "sig-valid"]

    told = {james.judged(row, "2024-08-23").told for row in valid}

    assert len(valid) == 3
    assert told == {"signature valid - verified: signature_counts"}


def test_what_james_calls_invalid_is_not_green_later_either() -> None:
    rest = [row for row in rows("james") if row.expected != "sig-valid"]

    assert len(rest) == 6
    assert not any(james.judged(row, "2024-08-23").counts for row in rest)


@pytest.mark.parametrize("name", ["CarlDSSCRLEmpty.crl", "CarlDSSCRLForCarl.crl"])
def test_a_list_without_an_end_counts_for_ten_days(name: str) -> None:
    row = _row("rfc4134", f"{name} path+crl")
    (leaf,) = certificates(row.folder / "AliceDSSSignByCarlNoInherit.cer")
    anchors = anchor_set(row.folder / "CarlDSSSelf.cer")

    def revocation(at: str) -> RevocationStatus:
        rules = PathRules(mail=False)
        return paths.verdict(leaf, anchors, day(at), lists=[row.raw], rules=rules).revocation

    assert revocation("1999-08-30") is RevocationStatus.GOOD
    assert revocation("1999-09-30") is RevocationStatus.UNKNOWN


# the collection means these to be revoked by lists that its users make: all its keys are there


@pytest.mark.requirement("A67")
@pytest.mark.parametrize(
    ("leaf", "authority", "names"),
    [
        pytest.param("revoked", "intermediate2.pfx", "leaf", id="the leaf"),
        pytest.param("revokedsubca", "certificate-authority.pfx", "issuer", id="its authority"),
    ],
)
def test_what_is_meant_to_be_revoked_is_revoked(leaf: str, authority: str, names: str) -> None:
    folder = _row("mimekit", f"smime/{leaf}/smime.pfx path").folder / "smime"
    chain = mimekit.chain(folder / leaf / "smime.pfx")
    subject = mimekit.leaf(folder / leaf / "smime.pfx")
    revoked = subject if names == "leaf" else _issuer(subject, chain)
    (key,) = pkcs12.open_file(folder / authority, mimekit.PASSWORD).keys

    def verdict(*lists: bytes) -> PathVerdict:
        anchors = AnchorSet(anchors=(mimekit.root(folder.parent),))
        return paths.verdict(subject, anchors, TODAY, sent=chain, lists=lists)

    assert isinstance(key.key, rsa.RSAPrivateKey)
    assert verdict().status is PathStatus.VALID
    found = verdict(_list(_issuer(revoked, chain), key.key, revoked))
    assert (found.status, found.revocation) == (PathStatus.INVALID, RevocationStatus.REVOKED)


def _issuer(certificate: Certificate, chain: tuple[Certificate, ...]) -> Certificate:
    return next(one for one in chain if one.subject_der == certificate.issuer_der)


def _list(issuer: Certificate, key: rsa.RSAPrivateKey, revoked: Certificate) -> bytes:
    entry = (
        x509.RevokedCertificateBuilder()
        .serial_number(revoked.issuer_and_serial.serial)
        .revocation_date(TODAY - timedelta(days=2))
        .build()
    )
    made = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.parsed.subject)
        .last_update(TODAY - timedelta(days=1))
        .next_update(TODAY + timedelta(days=1))
        .add_revoked_certificate(entry)
        .sign(key, hashes.SHA256())
    )
    return made.public_bytes(Encoding.DER)


@pytest.mark.parametrize(
    "order",
    [
        pytest.param(("ca.rsa", "ca.rsa.cross"), id="ok/own root first"),
        pytest.param(("ca.rsa.cross", "ca.rsa"), id="ok/cross certificate first"),
        pytest.param(("ca.rsa", "ca.rsa.cross", "ca.25519", "ca.25519.cross"), id="ok/all four"),
    ],
)
def test_a_root_in_the_mail_does_not_hide_the_cross_certificate(order: tuple[str, ...]) -> None:
    folder = rows("rfc9216")[0].folder
    sent = [certificates(folder / f"{name}.crt")[0] for name in order]

    verdict = paths.verdict(
        certificates(folder / "alice.sign.crt")[0],
        anchor_set(folder / "ca.25519.crt"),
        TODAY,
        sent=sent,
        purpose=Purpose.SIGN,
    )

    assert verdict.status is PathStatus.VALID
    assert len(verdict.path) == 3
