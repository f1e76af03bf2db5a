"""RFC 4134: the classic examples, as messages and – where they are none – as bare CMS."""

import re
from pathlib import Path

from siegel.base.keys import EmptyKeyring, Keyring
from siegel.pki.usage import PathRules
from siegel.pki.verdict import RevocationStatus
from tests.corpora.drivers import paths, structures
from tests.corpora.foreign_mail import Judged, anchor_set, certificates, day, judge, keyring
from tests.corpora.rows import Outcome, Row
from tests.peers import mime

LEAVES = {"AliceDSS": "AliceDSSSignByCarlNoInherit.cer", "AliceRSA": "AliceRSASignByCarl.cer"}
SIGNER = "AliceDSS@example.com"  # the name in the certificates; the e-mails write another


def content(row: Row) -> Outcome:
    text = row.raw
    right = text == b"This is some sample content." and len(text) == 28
    return Outcome(right=right, says=f"{len(text)} octets")


def judged(row: Row) -> Judged:
    raw = row.raw
    if row.file.endswith(".bin"):
        raw = mime.mail(mime.pkcs7_mime(raw, "signed-data"), sender=SIGNER)
    folder = row.folder
    return judge(
        raw,
        at=day("2004-07-01" if row.date == "-" else row.date),
        anchors=[folder / "CarlDSSSelf.cer", folder / "CarlRSASelf.cer"],
        known=[folder / name for name in LEAVES.values()],
        keyring=_bob(folder) if row.operation == "decrypt" else EmptyKeyring(),
    )


def verify(row: Row) -> Outcome:
    """Right only if the mathematics hold, the path does, and the signature counts."""
    if "content=" in row.key:
        leaves = [one for name in LEAVES.values() for one in certificates(row.folder / name)]
        return structures.detached(row.raw, _content(row.folder), leaves)
    found = judged(row)
    return found.outcome(found.holds and found.counts)


def certificates_only(row: Row) -> Outcome:
    found = judged(row)
    names = sorted(one.subject for one in found.opened.certificates)
    right = names == ["CN=AliceDSS", "CN=CarlDSS"] and not found.signers and not found.counts
    return found.outcome(right)


def decrypt(row: Row) -> Outcome:
    found = judged(row)
    return found.outcome(found.is_decrypted and found.payload == _content(row.folder))


def unwrap_data(row: Row) -> Outcome:
    found = structures.data(row.raw)
    return Outcome(right=found == _content(row.folder), says=f"{len(found)} octets")


def digest_verify(row: Row) -> Outcome:
    return structures.digested(row.raw, _content(row.folder))


def decrypt_with_key(row: Row) -> Outcome:
    key = bytes.fromhex(re.sub(r".*secretkey=(\w+).*", r"\1", row.key))
    return structures.encrypted(row.raw, key, _content(row.folder))


def revocation(row: Row) -> Outcome:
    """By RFC 5280 alone: keys of 1024 bits and SHA-1 are too weak for mail whatever a list says."""
    given = dict(re.findall(r"(\w+)=(\S+)", row.key))
    found = paths.verdict(
        certificates(row.folder / LEAVES[given["leaf"]])[0],
        anchor_set(row.folder / given["anchor"]),
        day(row.date),
        lists=[row.raw],
        rules=PathRules(mail=False),
    )
    revoked = row.expected == "revoked"
    wanted = RevocationStatus.REVOKED if revoked else RevocationStatus.GOOD
    return Outcome(right=found.revocation is wanted, says=paths.told(found))


def _content(folder: Path) -> bytes:
    return (folder / "ExContent.bin").read_bytes()


def _bob(folder: Path) -> Keyring:
    return keyring(folder / "BobPrivRSAEncrypt.pri", folder / "BobRSASignByCarl.cer")


DRIVERS = {
    "content": content,
    "unwrap-data": unwrap_data,
    "verify": verify,
    "certs-only": certificates_only,
    "decrypt": decrypt,
    "digest-verify": digest_verify,
    "decrypt EncryptedData": decrypt_with_key,
    "path+crl": revocation,
}
