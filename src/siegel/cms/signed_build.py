"""Write SignedData (RFC 5652 §5) as DER: always with signed attributes, never joined with content.

No countersignatures, no revocation lists, no unsigned attributes, no certificates of other formats;
so of the versions of §5.1 only 1 and 3 occur.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from siegel.base import der, oids
from siegel.base.buffers import Buffer
from siegel.base.keys import CertifiedKey, SignatureScheme, SigningKey
from siegel.cms.algorithms import digest_to_write
from siegel.cms.attributes import build_attributes
from siegel.cms.capabilities import write_capabilities
from siegel.cms.content_info import wrapped_header
from siegel.cms.digests import digest_of
from siegel.cms.identifiers import written_identifier
from siegel.cms.signature import written_algorithm

_CONTEXT_0 = der.CONTEXT | der.CONSTRUCTED
_CAPABILITIES = write_capabilities()


@dataclass(frozen=True, slots=True, kw_only=True)
class SignerSpec:
    """Who signs, how and when. ``encryption_certificate`` is announced if it is another one.

    ``by_ski``: the certificate is named by its subjectKeyIdentifier, which names all certificates
    of the key. ``capabilities`` are SMIMECapabilities; None announces what this engine reads.
    """

    key: SigningKey
    scheme: SignatureScheme
    signing_time: datetime | None = None
    encryption_certificate: CertifiedKey | None = None
    by_ski: bool = False
    capabilities: bytes | None = None

    @property
    def version(self) -> int:
        """RFC 5652 §5.3: it tells in which way the certificate is named."""
        return 3 if self.by_ski else 1


def build_signed_data(
    content: Sequence[Buffer] | None,
    digest: Mapping[str, bytes] | None,
    signers: Sequence[SignerSpec],
    certificates: Sequence[bytes],
    *,
    detached: bool,
    content_type: str = oids.DATA,
) -> list[Buffer]:
    """A ContentInfo with SignedData, as buffers that follow one another.

    ``digest`` gives digests of the content already known, by hashlib name; the others are
    computed from ``content``, which may be None where nothing is missing and ``detached`` holds.
    """
    digests = dict(digest or {})
    infos = [_signer_info(content, digests, signer, content_type) for signer in signers]
    algorithms = {_digest_algorithm(signer.scheme.digest) for signer in signers}
    before = der.integer(_version(signers, content_type)) + der.set_of(*algorithms)
    after = b"".join(
        (
            der.tlv(_CONTEXT_0, *sorted(set(certificates))) if certificates else b"",
            der.set_of(*infos),
        )
    )
    inside: list[Buffer] = _encapsulated(None if detached else content, content_type)
    length = len(before) + len(after) + sum(map(len, inside))
    sequence = der.header(der.SEQUENCE, length)
    start = wrapped_header(oids.SIGNED_DATA, len(sequence) + length)
    return [b"".join((start, sequence, before)), *inside, after]


def _version(signers: Sequence[SignerSpec], content_type: str) -> int:
    """RFC 5652 §5.1, without the formats that are not written here."""
    plain = content_type == oids.DATA and all(signer.version == 1 for signer in signers)
    return 1 if plain else 3


def _encapsulated(content: Sequence[Buffer] | None, content_type: str) -> list[Buffer]:
    """EncapsulatedContentInfo with the content as the buffers it came in."""
    name = der.oid(content_type)
    if content is None:
        return [der.sequence(name)]
    string = der.header(der.OCTET_STRING, length := sum(map(len, content)))
    explicit = der.header(_CONTEXT_0, len(string) + length)
    whole = len(name) + len(explicit) + len(string) + length
    return [b"".join((der.header(der.SEQUENCE, whole), name, explicit, string)), *content]


@cache
def _digest_algorithm(name: str) -> bytes:
    digest = digest_to_write(name)
    return der.algorithm(digest.oid, *([digest.params] if digest.params else []))


def _signer_info(
    content: Sequence[Buffer] | None,
    digests: dict[str, bytes],
    signer: SignerSpec,
    content_type: str,
) -> bytes:
    name = signer.scheme.digest
    digest_algorithm = _digest_algorithm(name)
    certificate = signer.key.certificate
    signature_algorithm = written_algorithm(signer.scheme, certificate.public_key)
    if name not in digests:
        if content is None:
            raise ValueError(f"neither content nor its {name} digest")
        digests[name] = digest_of(content, name)
    attributes = build_attributes(
        content_type=content_type,
        digest=digests[name],
        digest_algorithm=digest_algorithm,
        signature_algorithm=signature_algorithm,
        certificate=certificate,
        signing_time=signer.signing_time,
        encryption_certificate=signer.encryption_certificate,
        capabilities=_CAPABILITIES if signer.capabilities is None else signer.capabilities,
    )
    return der.sequence(
        der.integer(signer.version),
        written_identifier(certificate, by_ski=signer.by_ski),
        digest_algorithm,
        bytes((_CONTEXT_0,)) + attributes[1:],
        signature_algorithm,
        der.octet_string(signer.key.sign(attributes, signer.scheme)),
    )
