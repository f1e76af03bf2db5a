"""Files that certificates come in: DER, PEM, base64 without armour, .p7b and .p7c.

``parse_certificates`` finds the certificates and nothing else: keys, requests and revocation lists
in the same file are passed over. PKCS #12 is not read here, because it needs a passphrase.
"""

from collections.abc import Iterator
from itertools import islice

from siegel.base import b64, ber, oids, pem
from siegel.base.errors import LimitExceeded, MalformedMessage
from siegel.pki.certificate import Certificate, parse_certificate

MAX_SIZE = 1024 * 1024  # octets of one file; 200 certificates with PEM armour take 500,000
MAX_CERTIFICATES = 200  # of one file; the public list of roots has about 90

_SEQUENCE = 0x30
_OID = 0x06
_CERTIFICATES = 0xA0  # [0] IMPLICIT CertificateSet, and [0] EXPLICIT content
_BEGIN = b"-----BEGIN "
_CERTIFICATE_LABELS = {b"CERTIFICATE", b"X509 CERTIFICATE", b"TRUSTED CERTIFICATE"}
_CMS_LABELS = {b"PKCS7", b"CMS", b"PKCS #7 SIGNED DATA"}


def parse_certificates(blob: bytes) -> tuple[Certificate, ...]:
    """All certificates of a file, whatever its form (DER, PEM, base64, .p7b, .p7c), each once.

    One that cannot be read does not spoil the others. Raises ``MalformedMessage`` if none can,
    ``LimitExceeded`` above the limits.
    """
    found: dict[Certificate, None] = {}
    broken: MalformedMessage | None = None
    for der in _blobs_of(blob):
        try:
            found[parse_certificate(der)] = None
        except MalformedMessage as error:
            broken = error
    if broken is not None and not found:
        raise broken
    return tuple(found)


def _blobs_of(data: bytes) -> list[bytes]:
    if len(data) > MAX_SIZE:
        raise LimitExceeded(f"certificate file longer than {MAX_SIZE} octets", limit="file_size")
    found = list(islice(_blobs(data), MAX_CERTIFICATES + 1))
    if len(found) > MAX_CERTIFICATES:
        raise LimitExceeded(f"more than {MAX_CERTIFICATES} certificates", limit="certificates")
    if not found:
        raise MalformedMessage("no certificate in this file")
    return found


def _blobs(data: bytes) -> Iterator[bytes]:
    text = _narrow(data)
    if text[:1] == b"\x30":
        return _from_der(text)
    if _BEGIN in text:
        return _from_pem(text)
    return _from_der(b64.decode(text))


def _narrow(data: bytes) -> bytes:
    """Without byte order mark; Windows editors save armoured text as UTF-16, too."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace").encode("ascii", "replace")
    return data.removeprefix(b"\xef\xbb\xbf").lstrip() if data[:1] != b"\x30" else data


def _from_pem(text: bytes) -> Iterator[bytes]:
    for block in pem.blocks(text):
        if block.label in _CMS_LABELS:
            yield from _from_der(b64.decode(_body(block.body)))
        elif block.label in _CERTIFICATE_LABELS:
            der = b64.decode(_body(block.body))
            yield bytes(ber.read(der).raw)  # OpenSSL's TRUSTED CERTIFICATE has settings behind it


def _body(text: bytes) -> bytes:
    """Without the header fields of RFC 1421 that old programs put in front."""
    head, blank, body = text.replace(b"\r\n", b"\n").rpartition(b"\n\n")
    return body if blank and b":" in head else text


def _from_der(data: bytes) -> Iterator[bytes]:
    """Certificates or certs-only messages, one behind the other."""
    start = 0
    while start < len(data):
        element = ber.read(data, start).expect(_SEQUENCE)
        first = next(iter(element.children()), None)
        if first is not None and first.tag == _OID:
            yield from _from_signed_data(element)
        else:
            yield bytes(element.raw)
        start = len(data) if not data[element.end :].strip(b"\r\n\0") else element.end


def _from_signed_data(content_info: ber.Element) -> Iterator[bytes]:
    """RFC 8551 §3.8: a SignedData for its certificates; whoever signed it does not matter."""
    parts = content_info.children()
    if parts[0].oid() != oids.SIGNED_DATA or len(parts) != 2:
        raise MalformedMessage("CMS, but no SignedData")
    content = parts[1].expect(_CERTIFICATES).children()
    if len(content) != 1:
        raise MalformedMessage("a ContentInfo without its one content")
    for field in content[0].expect(_SEQUENCE).children():
        if field.tag == _CERTIFICATES:
            yield from (bytes(c.raw) for c in field.children() if c.tag == _SEQUENCE)
