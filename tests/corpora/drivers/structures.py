"""Bare CMS: what is no S/MIME message (RFC 8551 §3.2.2), but stands in the collections."""

import base64
import re
from collections.abc import Callable, Mapping, Sequence

from siegel.base import oids
from siegel.base.errors import DecryptionFailed
from siegel.base.findings import Severity, worst
from siegel.base.secret import Secret
from siegel.cms.compressed import decompress
from siegel.cms.content_info import content_type
from siegel.cms.enveloped import parse_enveloped
from siegel.cms.plain import open_encrypted_data, read_data, read_digested
from siegel.cms.signed import parse_signed_data
from siegel.pki.certificate import Certificate
from siegel.smime.verify import verify_detached
from tests.corpora.foreign_mail import mathematics
from tests.corpora.rows import Outcome

READERS: Mapping[str, Callable[[bytes], object]] = {
    oids.DATA: read_data,
    oids.SIGNED_DATA: parse_signed_data,
    oids.ENVELOPED_DATA: parse_enveloped,
    oids.AUTH_ENVELOPED_DATA: parse_enveloped,
    oids.DIGESTED_DATA: read_digested,
    oids.COMPRESSED_DATA: decompress,
}
NO_KEY = Secret(b"")
_ARMOUR = re.compile(rb"-----BEGIN [A-Z0-9 ]+-----(.*?)-----END", re.DOTALL)


def octets(data: bytes) -> bytes:
    """The CMS of a file that is DER or PEM."""
    armoured = _ARMOUR.search(data)
    return base64.b64decode(armoured[1]) if armoured else data


def parsed(blob: bytes) -> str:
    """Read the structure with the reader of its kind; the name of what came out."""
    kind = content_type(blob)
    if kind == oids.ENCRYPTED_DATA:
        try:
            open_encrypted_data(blob, NO_KEY)
        except DecryptionFailed:
            return "EncryptedData"  # read up to the key, which nobody has
    return type(READERS[kind](blob)).__name__


def data(blob: bytes) -> bytes:
    return b"".join(read_data(blob))


def digested(blob: bytes, content: bytes) -> Outcome:
    view = read_digested(blob)
    same = view.content is not None and b"".join(view.content) == content
    says = f"{view.digest} {'intact' if view.intact else 'broken'}"
    return Outcome(right=same and view.intact is True, says=says)


def encrypted(blob: bytes, key: bytes, content: bytes) -> Outcome:
    opened = open_encrypted_data(blob, Secret(key))
    return Outcome(right=opened == content, says=f"{len(opened)} octets")


def detached(signature: bytes, content: bytes, known: Sequence[Certificate]) -> Outcome:
    """A signature beside its content: right only if nothing at all speaks against a signer."""
    layer = verify_detached(signature, [content], known)
    words = [
        f"signature {mathematics(one)} ({' '.join(finding.value for finding in one.findings)})"
        for one in layer.signers
    ]
    bad = any(worst(one.findings) is Severity.BAD for one in layer.signers)
    holds = all(mathematics(one) == "valid" for one in layer.signers)
    return Outcome(right=holds and not bad, says=", ".join(words))
