"""The content types of CMS without signer or recipient: Data, DigestedData, EncryptedData.

RFC 5652 §4, 7, 8, read only. None of them is an S/MIME message (RFC 8551 §3.2.2); they occur in
files and in foreign test collections. AuthenticatedData is not read.
"""

from dataclasses import dataclass
from hmac import compare_digest

from siegel.base import ber, der, oids
from siegel.base.buffers import Buffer
from siegel.base.errors import DecryptionFailed, MalformedMessage, UnsupportedAlgorithm
from siegel.base.limits import DEFAULT, Limits
from siegel.base.secret import Secret
from siegel.cms import content_opening
from siegel.cms.algorithms import Digest, Use, digest_by_oid, read_algorithm
from siegel.cms.content_algorithm import read_encrypted_content
from siegel.cms.content_info import content_of, unwrap
from siegel.cms.content_opening import Extent, Sealed
from siegel.cms.digests import digest_of

_EXPLICIT = 0xA0


def read_data(data: Buffer, *, limits: Limits = DEFAULT) -> tuple[memoryview, ...]:
    """The octets of a ContentInfo of type Data, in their segments."""
    _, content = content_of(data, oids.DATA, limits=limits)
    if content.tag & ~der.CONSTRUCTED != der.OCTET_STRING:
        raise MalformedMessage("Data that is no OCTET STRING")
    return tuple(content.octets())


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestedView:
    """``intact`` tells whether the digest fits: against accidents, not against anybody.

    None: by a digest of no table, or without content. ``digest`` is its name as in hashlib.
    """

    content_type: str
    content: tuple[memoryview, ...] | None
    digest: str | None
    weak: bool
    intact: bool | None


def read_digested(data: Buffer, *, limits: Limits = DEFAULT) -> DigestedView:
    _, fields = unwrap(data, oids.DIGESTED_DATA, limits=limits)
    if len(fields) != 4:
        raise MalformedMessage("no DigestedData")
    digest = digest_by_oid(read_algorithm(fields[1]).oid)
    content_type, content = _encapsulated(fields[2].expect(der.SEQUENCE).children())
    return DigestedView(
        content_type=content_type,
        content=content,
        digest=None if digest is None else digest.name,
        weak=digest is not None and digest.use is Use.LEGACY,
        intact=_intact(digest, content, fields[3].octet_string()),
    )


def _encapsulated(fields: list[ber.Element]) -> tuple[str, tuple[memoryview, ...] | None]:
    if not 1 <= len(fields) <= 2:
        raise MalformedMessage("no EncapsulatedContentInfo")
    content_type = fields[0].expect(der.OID).oid()
    if len(fields) == 1:
        return content_type, None
    explicit = fields[1].expect(_EXPLICIT).children()
    if len(explicit) != 1 or explicit[0].tag & ~der.CONSTRUCTED != der.OCTET_STRING:
        raise MalformedMessage("digested content that is no OCTET STRING")
    return content_type, tuple(explicit[0].octets())


def _intact(
    digest: Digest | None, content: tuple[memoryview, ...] | None, expected: bytes
) -> bool | None:
    if digest is None or digest.use is Use.REFUSE or content is None:
        return None
    return compare_digest(digest_of(content, digest.name), expected)


def open_encrypted_data(data: Buffer, key: Secret, *, limits: Limits = DEFAULT) -> bytearray:
    """The content of an EncryptedData under a key that the reader knows from elsewhere.

    Raises ``UnsupportedAlgorithm``, ``MalformedMessage`` or ``DecryptionFailed``.
    """
    _, fields = unwrap(data, oids.ENCRYPTED_DATA, limits=limits)
    if not 2 <= len(fields) <= 3:
        raise MalformedMessage("no EncryptedData")
    _, algorithm, content = read_encrypted_content(fields[1])
    if algorithm is None or algorithm.cipher.authenticated:
        # an EncryptedData has no place for a tag
        raise UnsupportedAlgorithm("EncryptedData with a cipher that is not read in it")
    if len(key.reveal()) != algorithm.cipher.key_length:
        raise DecryptionFailed("a key of another length than the cipher takes")
    extent = Extent.copied(content.octets())
    sealed = Sealed(algorithm=algorithm, extent=extent, tag=b"", aad=b"")
    return content_opening.decrypt(sealed, [key.reveal()])
