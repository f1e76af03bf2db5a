"""SignedData put together by hand, also in ways that no honest program writes."""

import hashlib
from collections.abc import Callable, Sequence

from siegel.base import ber, der, oids
from siegel.base.keys import SignatureScheme
from tests.unit.cms.people import SCHEMES, Person

CONTENT = b"Content-Type: text/plain\r\n\r\nhello\r\n"
SHA256 = der.algorithm(oids.SHA256)
SHA512 = der.algorithm(oids.SHA512)
RSA = der.algorithm(oids.RSA, der.null())


def attribute(oid: str, *values: bytes) -> bytes:
    return der.sequence(der.oid(oid), der.set_of(*values))


def content_type(oid: str = oids.DATA) -> bytes:
    return attribute(oids.CONTENT_TYPE, der.oid(oid))


def message_digest(content: bytes = CONTENT, digest: str = "sha256") -> bytes:
    return attribute(oids.MESSAGE_DIGEST, der.octet_string(_digest(content, digest)))


def _digest(content: bytes, name: str) -> bytes:
    if name == "shake_128":
        return hashlib.shake_128(content).digest(32)
    if name == "shake_256":
        return hashlib.shake_256(content).digest(64)
    return hashlib.new(name, content).digest()


BASE = [content_type(), message_digest()]


def signer_info(
    who: Person,
    attributes: Sequence[bytes] | None = None,
    *,
    field: Callable[[list[bytes]], bytes] | None = None,
    digest_algorithm: bytes = SHA256,
    signature_algorithm: bytes = RSA,
    scheme: SignatureScheme = SCHEMES["rsa2048"],
    signed: bytes | None = None,
    signer: bytes | None = None,
    version: int = 1,
    signature: bytes | None = None,
    after: bytes = b"",
) -> bytes:
    """``field`` writes the signedAttrs as they are sent; signed is their DER, or ``signed``.

    ``signature`` stands there instead of an honest one, ``after`` follows it.
    """
    attributes = list(BASE if attributes is None else attributes)
    to_be_signed = der.set_of(*attributes) if signed is None else signed
    sent = b"\xa0" + der.set_of(*attributes)[1:] if field is None else field(attributes)
    named = who.issuer_and_serial
    return der.sequence(
        der.integer(version),
        signer or der.sequence(named.issuer, der.integer(named.serial)),
        digest_algorithm,
        sent,
        signature_algorithm,
        der.octet_string(who.sign(to_be_signed, scheme) if signature is None else signature),
        after,
    )


def signed_data(
    who: Person,
    attributes: Sequence[bytes] | None = None,
    *,
    field: Callable[[list[bytes]], bytes] | None = None,
    digest_algorithm: bytes = SHA256,
    signature_algorithm: bytes = RSA,
    scheme: SignatureScheme = SCHEMES["rsa2048"],
    signed: bytes | None = None,
    content: bytes | None = CONTENT,
    content_type: str = oids.DATA,
    signer: bytes | None = None,
    version: int = 1,
    signature: bytes | None = None,
    after: bytes = b"",
) -> bytes:
    """SignedData with one ``signer_info``."""
    info = signer_info(
        who,
        attributes,
        field=field,
        digest_algorithm=digest_algorithm,
        signature_algorithm=signature_algorithm,
        scheme=scheme,
        signed=signed,
        signer=signer,
        version=version,
        signature=signature,
        after=after,
    )
    inside = [] if content is None else [der.context(0, der.octet_string(content))]
    return wrapped(
        der.set_of(digest_algorithm),
        der.sequence(der.oid(content_type), *inside),
        der.set_of(info),
    )


def wrapped(*fields: bytes) -> bytes:
    """SignedData of these fields after the version, as ContentInfo."""
    inside = der.sequence(der.integer(1), *fields)
    return der.sequence(der.oid(oids.SIGNED_DATA), der.context(0, inside))


def replaced(data: bytes, old: bytes, new: bytes) -> bytes:
    """Replace one TLV; all structures around it get an indefinite length."""
    found = data.index(old)

    def rewritten(element: ber.Element) -> bytes:
        if element.start == found:
            return new
        if not element.start < found < element.end:
            return bytes(element.raw)
        body = b"".join(map(rewritten, element.children()))
        return bytes((element.tag, 0x80)) + body + b"\x00\x00"

    return rewritten(ber.read(data))
