"""What a certificate store answers over HTTP (RFC 4387).

An answer counts by its media type: a page that says "not found" with status 200 is no certificate,
whatever is in it.
"""

from siegel.base.errors import MalformedMessage
from siegel.mime.parse import parse_entity
from siegel.mime.transfer import decode
from siegel.pki.bundle import parse_certificates
from siegel.pki.certificate import Certificate

MAX_ANSWER = 1024 * 1024  # octets; a certificate has about 2,000
MAX_PARTS = 20  # of a multipart answer
ACCEPT = "application/pkix-cert, multipart/mixed, application/pkcs7-mime"
_SEVERAL = "multipart/mixed"
_HOLDING = frozenset({"application/pkix-cert", "application/pkcs7-mime"})


def certificates_of(content_type: str, body: bytes) -> tuple[Certificate, ...]:
    """What a store answered; raises ``SiegelError`` for everything that is no certificate."""
    if len(body) > MAX_ANSWER:
        raise MalformedMessage("the answer is too long")
    shown = "".join(c for c in content_type if c.isascii() and c.isprintable())[:500]
    answer = parse_entity(f"Content-Type: {shown}\r\n\r\n".encode() + body)
    found: dict[Certificate, None] = {}
    for part in (answer.children if answer.media == _SEVERAL else (answer,))[:MAX_PARTS]:
        if part.media in _HOLDING:
            octets = decode(part.body, part.transfer_encoding)
            found |= dict.fromkeys(parse_certificates(octets))
    if not found:
        raise MalformedMessage("the answer is no certificate")
    return tuple(found)
