"""Base64 for addresses and JSON (RFC 4648 §5, RFC 7515 §2): another alphabet, no padding."""

import base64
import binascii
import re

from siegel.base.errors import MalformedMessage

_ALPHABET = re.compile(r"[A-Za-z0-9_-]*\Z")


def encode(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode("ascii")


def decode(text: str) -> bytes:
    """Raises ``MalformedMessage`` for any other character, padding and blanks included."""
    if not _ALPHABET.match(text):
        raise MalformedMessage("not base64url")
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error as error:
        raise MalformedMessage("not base64url") from error
