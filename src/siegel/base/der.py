"""Write DER (ITU-T X.690): tag-length-value octets from parts, nothing else.

Every function returns one complete TLV as ``bytes``. No schema, no checks of what belongs where:
the callers know their ASN.1 module. Reading lives in ``siegel.base.ber``.
"""

from datetime import UTC, datetime
from functools import lru_cache

from siegel.base.buffers import Buffer

INTEGER = 0x02
BIT_STRING = 0x03
OCTET_STRING = 0x04
NULL = 0x05
OID = 0x06
UTF8_STRING = 0x0C
UTC_TIME = 0x17
GENERALIZED_TIME = 0x18
SEQUENCE = 0x30
SET = 0x31
CONTEXT = 0x80
CONSTRUCTED = 0x20

_NULL = b"\x05\x00"


def header(tag: int, length: int) -> bytes:
    """Identifier and length octets, shortest form."""
    if length < 0x80:
        return bytes((tag, length))
    size = (length.bit_length() + 7) // 8
    return bytes((tag, 0x80 | size)) + length.to_bytes(size, "big")


def tlv(tag: int, *parts: Buffer) -> bytes:
    content = parts[0] if len(parts) == 1 else b"".join(parts)
    return header(tag, len(content)) + content


def sequence(*parts: Buffer) -> bytes:
    return tlv(SEQUENCE, *parts)


def set_of(*parts: Buffer) -> bytes:
    """SET OF, elements in DER order (X.690 §11.6)."""
    return tlv(SET, *sorted(map(bytes, parts)))


def integer(number: int) -> bytes:
    size = (number if number >= 0 else ~number).bit_length() // 8 + 1
    return tlv(INTEGER, number.to_bytes(size, "big", signed=True))


@lru_cache(maxsize=1024)
def oid(dotted: str) -> bytes:
    """OBJECT IDENTIFIER from its dotted form."""
    first, second, *rest = map(int, dotted.split("."))
    return tlv(OID, b"".join(map(_base128, (first * 40 + second, *rest))))


def _base128(arc: int) -> bytes:
    octets = [arc & 0x7F]
    while arc := arc >> 7:
        octets.append(0x80 | arc & 0x7F)
    return bytes(reversed(octets))


def octet_string(octets: Buffer) -> bytes:
    return tlv(OCTET_STRING, octets)


def bit_string(octets: Buffer) -> bytes:
    """BIT STRING of whole octets."""
    return tlv(BIT_STRING, b"\x00", octets)


def null() -> bytes:
    return _NULL


def context(number: int, *parts: Buffer, constructed: bool = True) -> bytes:
    """Context-specific tag: constructed for EXPLICIT, primitive for an IMPLICIT string."""
    return tlv(CONTEXT | (CONSTRUCTED if constructed else 0) | number, *parts)


def utf8_string(text: str) -> bytes:
    return tlv(UTF8_STRING, text.encode("utf-8"))


def time(at: datetime) -> bytes:
    """UTCTime from 1950 through 2049, else GeneralizedTime (RFC 5280 §4.1.2.5, RFC 8551 §2.5.1)."""
    if at.tzinfo is None:
        raise ValueError("a moment without a time zone")
    utc = at.astimezone(UTC)
    digits = f"{utc.year:04}{utc.month:02}{utc.day:02}{utc.hour:02}{utc.minute:02}{utc.second:02}Z"
    if 1950 <= utc.year <= 2049:
        return tlv(UTC_TIME, digits[2:].encode("ascii"))
    return tlv(GENERALIZED_TIME, digits.encode("ascii"))


def algorithm(dotted: str, *params: Buffer) -> bytes:
    """AlgorithmIdentifier; no ``params`` means the field is absent."""
    return sequence(oid(dotted), *params)
