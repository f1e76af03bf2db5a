"""Where the certificates of an address stand in DNS (RFC 8162 §3)."""

import hashlib
import unicodedata

from siegel.base.address import EmailAddress

RECORD_TYPE = 53  # SMIMEA
_LABEL = "_smimecert"
_OCTETS = 28  # of the hash, so that it fits into a label


def owner_name(address: EmailAddress) -> str:
    """The name, without a dot at its end.

    The local part is hashed as it was spelled, without quotes: no folding, which the RFC forbids,
    but in normal form C, which it advises.
    """
    local = unicodedata.normalize("NFC", address.exact_local)
    digest = hashlib.sha256(local.encode("utf-8")).digest()[:_OCTETS]
    return f"{digest.hex()}.{_LABEL}.{address.domain}"
