"""ContentInfo (RFC 5652 §3): the shell around every CMS structure."""

from siegel.base import ber, der
from siegel.base.buffers import Buffer
from siegel.base.errors import MalformedMessage
from siegel.base.limits import DEFAULT, Limits


def content_type(data: Buffer, *, limits: Limits = DEFAULT) -> str:
    """The OID that says what ``data`` is; file names and smime-type parameters only hint at it."""
    return ber.first(data, limits=limits).expect(der.OID).oid()


def unwrap(data: Buffer, *expected: str, limits: Limits = DEFAULT) -> tuple[str, list[ber.Element]]:
    """The content type, one of ``expected``, and the fields of the structure inside."""
    found, inside = content_of(data, *expected, limits=limits)
    return found, inside.expect(der.SEQUENCE).children()


def content_of(data: Buffer, *expected: str, limits: Limits = DEFAULT) -> tuple[str, ber.Element]:
    """The content type, one of ``expected``, and what is inside.

    Octets behind the ContentInfo are ignored: mail programs append line ends to binary parts.
    """
    fields = ber.read(data, limits=limits).expect(der.SEQUENCE).children()
    if len(fields) != 2:
        raise MalformedMessage("no CMS ContentInfo")
    found = fields[0].expect(der.OID).oid()
    if found not in expected:
        raise MalformedMessage(f"CMS content type {found} where another belongs")
    inside = fields[1].expect(der.CONTEXT | der.CONSTRUCTED).children()
    if len(inside) != 1:
        raise MalformedMessage("CMS ContentInfo without content")
    return found, inside[0]


def wrapped_header(oid: str, length: int) -> bytes:
    """What stands before ``length`` octets of a structure to make it a ContentInfo."""
    explicit = der.header(der.CONTEXT | der.CONSTRUCTED, length)
    name = der.oid(oid)
    return b"".join((der.header(der.SEQUENCE, len(name) + len(explicit) + length), name, explicit))
