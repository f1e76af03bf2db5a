"""OpenSSL: malformed and dangerous CMS, PKCS #7 and PKCS #12, each the trace of a mistake."""

import re
from collections.abc import Sequence
from pathlib import Path

from siegel.base.errors import SiegelError
from siegel.base.keys import EmptyKeyring, Keyring
from siegel.base.secret import Secret
from siegel.pki.softkeys import SoftwareKeyring
from siegel.pki.verdict import PathFinding, Purpose
from siegel.policy.reasons import Reason
from tests.corpora.drivers import paths, pkcs12, structures
from tests.corpora.foreign_mail import Judged, anchor_set, day, judge, keyring
from tests.corpora.rows import Outcome, Row
from tests.peers import mime

TODAY = "2026-11-21"
SIGNER = "smimersa1@openssl.org"

# key of a row → (private key, certificate); the table names only the key
_PAIRS = {
    "smime-certs/smec3.pem": ("smime-certs/smec3.pem", "smime-certs/smec3.pem"),
    "certs/ee-key.pem": ("certs/ee-key.pem", "certs/ee-cert.pem"),
    "80-test_cms_data/ecdh-key.pem": (
        "80-test_cms_data/ecdh-key.pem",
        "80-test_cms_data/ecdh-cert.pem",
    ),
    "smime-certs/smrsa3-key.pem": ("smime-certs/smrsa3-key.pem", "smime-certs/smrsa3-cert.pem"),
    "certs/serverkey.pem": ("certs/serverkey.pem", "certs/servercert.pem"),
}


def verify(row: Row) -> Outcome:
    found = _judged(row, at=TODAY, anchors=[row.folder / "smime-certs" / "smroot.pem"])
    if row.expected == "sig-invalid":
        broken = Reason.SIGNATURE_BROKEN in found.judgement.reasons
        return found.outcome(broken and not found.counts)
    if row.expected.startswith("error"):
        broken = Reason.SIGNATURE_BROKEN in found.judgement.reasons
        return found.outcome((broken or not found.holds) and not found.counts)
    return _without_path(row, found)


def _without_path(row: Row, found: Judged) -> Outcome:
    """Mathematically valid, but the certification path of the signer is not."""
    (signer,) = found.signers
    assert signer.certificate is not None
    verdict = paths.verdict(
        signer.certificate,
        anchor_set(row.folder / "certs" / "pkitsta.pem"),
        day(row.date),
        sent=found.opened.certificates,
        purpose=Purpose.SIGN,
    )
    right = PathFinding.POLICY in verdict.findings and found.holds and not found.counts
    return Outcome(right=right, says=f"{found.told}; path {paths.told(verdict)}")


def decrypt(row: Row) -> Outcome:
    found = _judged(row, at=TODAY, ring=_ring(row))
    if row.expected.startswith("decrypts"):
        text = (row.folder / "smcont.txt").read_bytes()
        return found.outcome(found.is_decrypted and _lines(found.payload) == _lines(text))
    return found.outcome(not found.is_decrypted and not found.counts)


def parse(row: Row) -> Outcome:
    try:
        says = structures.parsed(structures.octets(row.raw))
    except SiegelError as error:
        return Outcome(right="error" in row.expected, says=error.code)
    return Outcome(right=row.expected.startswith("parses"), says=says)


def _judged(
    row: Row, *, at: str, anchors: Sequence[Path] = (), ring: Keyring | None = None
) -> Judged:
    raw = row.raw
    if b"Content-Type:" not in raw:
        cms = structures.octets(raw)
        raw = mime.mail(mime.pkcs7_mime(cms, "signed-data"), sender=SIGNER)
    return judge(raw, at=day(at), anchors=anchors, keyring=ring)


def _ring(row: Row) -> Keyring:
    given = dict(re.findall(r"(secretkey|keyid|password)=(\S+)", row.key))
    if "secretkey" in given:
        key = Secret(bytes.fromhex(given["secretkey"]))
        # the identifier in the message is this text, not the octets that it writes in hex
        return SoftwareKeyring([], shared_keys={given["keyid"].encode(): key})
    if "password" in given:
        return SoftwareKeyring([], passphrases=[Secret(given["password"])])
    if row.key not in _PAIRS:
        return EmptyKeyring()  # finite field Diffie-Hellman: no key that we take in
    private, certificate = _PAIRS[row.key]
    return keyring(row.folder / private, row.folder / certificate)


def _lines(text: bytes) -> bytes:
    return text.replace(b"\r\n", b"\n")


DRIVERS = {"verify": verify, "decrypt": decrypt, "parse": parse, "pkcs12-open": pkcs12.opened}
