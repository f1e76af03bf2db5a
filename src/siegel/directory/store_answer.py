"""Asking a certificate store over HTTP (RFC 4387): its URL for an address, and its answer.

An answer counts by its media type: a page that says "not found" with status 200 is no certificate,
whatever is in it.
"""

from urllib.parse import quote, urlsplit

from siegel.base.address import EmailAddress
from siegel.base.errors import MalformedMessage
from siegel.mime.parse import parse_entity
from siegel.mime.transfer import decode
from siegel.pki.bundle import parse_certificates
from siegel.pki.certificate import Certificate

MAX_ANSWER = 1024 * 1024  # octets; a certificate has about 2,000
MAX_PARTS = 20  # of a multipart answer
ACCEPT = "application/pkix-cert, multipart/mixed, application/pkcs7-mime"
LONGEST_URL = 1000  # characters, without the address
_SEVERAL = "multipart/mixed"
_HOLDING = frozenset({"application/pkix-cert", "application/pkcs7-mime"})


def checked_base(url: str) -> str:
    """The address of a store as an administrator enters it; raises ``ValueError``."""
    text = url.strip()
    parts = urlsplit(text)
    if len(text) > LONGEST_URL or not text.isascii() or not text.isprintable() or " " in text:
        raise ValueError("too long, or characters that no address has")
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        raise ValueError("not an http or https address")
    if parts.query or parts.fragment:
        raise ValueError("with a query of its own")
    return text


def question(base: str, address: EmailAddress) -> str:
    """RFC 4387 §2: the attribute ``email``, its value percent-encoded (``+`` too)."""
    return f"{checked_base(base)}?email={quote(str(address), safe='')}"


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
