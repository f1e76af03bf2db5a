"""AuthEnvelopedData (RFC 5083, 5084): the shell of authenticated encryption.

Written without attributes; when read, authenticated attributes are the associated data.
``enveloped`` is the door to both kinds of encryption.
"""

from siegel.base import ber, der
from siegel.base.errors import MalformedMessage

_VERSION = 0  # RFC 5083 §2.1: always


def before(recipients: bytes) -> bytes:
    """The fields that stand before the encrypted content."""
    return der.integer(_VERSION) + recipients


def read_authentication(fields: list[ber.Element]) -> tuple[bytes, bytes]:
    """(tag, associated data) from the fields that follow the encrypted content.

    authAttrs [1] count as the SET OF that they are (RFC 5083 §2.2), in DER.
    """
    aad = b""
    if fields and fields[0].tag == 0xA1:
        aad = der.set_of(*map(ber.to_der, fields[0].children()))
        fields = fields[1:]
    if not fields or fields[0].tag & ~der.CONSTRUCTED != der.OCTET_STRING:
        raise MalformedMessage("AuthEnvelopedData without authentication code")
    return fields[0].joined(), aad
