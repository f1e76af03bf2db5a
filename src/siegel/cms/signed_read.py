"""Read SignedData (RFC 5652 §5): BER or DER, as slices of the buffer it came in.

Nothing is judged here; ``signer_check`` does. PKCS#7 v1.5 content of another type than OCTET
STRING is malformed. Attribute certificates, other certificate and revocation formats are skipped.
"""

from dataclasses import dataclass

from siegel.base import ber, der, oids
from siegel.base.buffers import Buffer
from siegel.base.errors import LimitExceeded, MalformedMessage
from siegel.base.keys import KeyId
from siegel.base.limits import DEFAULT, Limits
from siegel.cms.algorithms import AlgorithmId, read_algorithm
from siegel.cms.content_info import unwrap
from siegel.cms.identifiers import read_identifier


@dataclass(frozen=True, slots=True, kw_only=True)
class SignerInfoView:
    """One SignerInfo. ``signed_attributes`` is the field as it came, None without attributes.

    ``attributes`` and ``unsigned`` are the single attributes.
    """

    version: int
    identifier: KeyId
    digest_algorithm: AlgorithmId
    signature_algorithm: AlgorithmId
    signature: bytes
    signed_attributes: ber.Element | None
    attributes: tuple[ber.Element, ...]
    unsigned: tuple[ber.Element, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedDataView:
    """``content`` None: detached. ``certificates`` and ``crls`` are their octets, in order."""

    content_type: str
    content: tuple[memoryview, ...] | None
    digest_algorithms: tuple[str, ...]
    certificates: tuple[bytes, ...]
    crls: tuple[bytes, ...]
    signers: tuple[SignerInfoView, ...]


def parse_signed_data(data: Buffer, *, limits: Limits = DEFAULT) -> SignedDataView:
    _, fields = unwrap(data, oids.SIGNED_DATA, limits=limits)
    if len(fields) < 4:
        raise MalformedMessage("no SignedData")
    fields[0].expect(der.INTEGER)
    algorithms = fields[1].expect(der.SET).children()
    content_type, content = _encapsulated(fields[2].expect(der.SEQUENCE).children())
    certificates, crls = _sets(fields[3:-1])
    infos = fields[-1].expect(der.SET).children()
    if len(infos) > limits.signers:
        raise LimitExceeded(f"{len(infos)} signers", limit="signers")
    return SignedDataView(
        content_type=content_type,
        content=content,
        digest_algorithms=tuple(read_algorithm(element).oid for element in algorithms),
        certificates=_plain(certificates, limits.certificates, "certificates"),
        crls=_plain(crls, limits.crls, "crls"),
        signers=tuple(read_signer_info(info, limits) for info in infos),
    )


def _encapsulated(fields: list[ber.Element]) -> tuple[str, tuple[memoryview, ...] | None]:
    if not 1 <= len(fields) <= 2:
        raise MalformedMessage("no EncapsulatedContentInfo")
    content_type = fields[0].expect(der.OID).oid()
    if len(fields) == 1:
        return content_type, None
    explicit = fields[1].expect(0xA0).children()
    if len(explicit) != 1 or explicit[0].tag & ~der.CONSTRUCTED != der.OCTET_STRING:
        raise MalformedMessage("signed content that is no OCTET STRING")
    return content_type, tuple(explicit[0].octets())


def _sets(fields: list[ber.Element]) -> tuple[list[ber.Element], list[ber.Element]]:
    """The optional certificates [0] and crls [1], in this order and each at most once."""
    certificates = fields.pop(0).children() if fields and fields[0].tag == 0xA0 else []
    crls = fields.pop(0).children() if fields and fields[0].tag == 0xA1 else []
    if fields:
        raise MalformedMessage("SignedData with fields that it does not have")
    return certificates, crls


def _plain(elements: list[ber.Element], limit: int, name: str) -> tuple[bytes, ...]:
    found = [element for element in elements if element.tag == der.SEQUENCE]
    if len(found) > limit:
        raise LimitExceeded(f"{len(found)} {name}", limit=name)
    return tuple(bytes(element.raw) for element in found)


def read_signer_info(element: ber.Element, limits: Limits) -> SignerInfoView:
    fields = element.expect(der.SEQUENCE).children()
    attributed = len(fields) > 3 and fields[3].tag == 0xA0
    rest = fields[4:] if attributed else fields[3:]
    if not 2 <= len(rest) <= 3:
        raise MalformedMessage("no SignerInfo")
    attributes = tuple(fields[3].children()) if attributed else ()
    unsigned = tuple(rest[2].expect(0xA1).children()) if len(rest) == 3 else ()
    if len(attributes) + len(unsigned) > limits.attributes:
        raise LimitExceeded("too many attributes of one signer", limit="attributes")
    return SignerInfoView(
        version=fields[0].expect(der.INTEGER).integer(),
        identifier=read_identifier(fields[1]),
        digest_algorithm=read_algorithm(fields[2]),
        signature_algorithm=read_algorithm(rest[0]),
        signature=rest[1].octet_string(),
        signed_attributes=fields[3] if attributed else None,
        attributes=attributes,
        unsigned=unsigned,
    )
