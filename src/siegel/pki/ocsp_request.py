"""Questions to OCSP responders (RFC 6960 §4.1, RFC 9919 §3.1), one certificate each.

The CertID is of SHA-256; old responders know SHA-1 only. Without a nonce: answers made in advance
are the rule (RFC 9919 §4), and whether one is in time is seen by its nextUpdate.
"""

import base64

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from siegel.pki.certificate import Certificate

MAX_GET = 255  # octets of a whole address that is asked with GET, RFC 9919 §5

_QUOTED = str.maketrans({"+": "%2B", "/": "%2F", "=": "%3D"})
_DIGESTS: tuple[type[hashes.HashAlgorithm], ...] = (hashes.SHA256, hashes.SHA1)


def requests(certificate: Certificate, issuer: Certificate) -> tuple[bytes, ...]:
    """The question, and the same for responders that know SHA-1 only; () if it cannot be asked."""
    try:
        return tuple(_request(certificate, issuer, digest()) for digest in _DIGESTS)
    except Exception:  # a serial number or key that cryptography cannot encode again
        return ()


def get_address(responder: str, request: bytes) -> str | None:
    """The address for GET (RFC 6960 appendix A.1); None if it would be too long: then POST."""
    encoded = base64.b64encode(request).decode().translate(_QUOTED)
    address = f"{responder.rstrip('/')}/{encoded}"
    return address if len(address) <= MAX_GET else None


def _request(certificate: Certificate, issuer: Certificate, digest: hashes.HashAlgorithm) -> bytes:
    builder = ocsp.OCSPRequestBuilder()
    builder = builder.add_certificate(certificate.parsed, issuer.parsed, digest)
    return builder.build().public_bytes(Encoding.DER)
