"""Sign a MIME entity: multipart/signed, or opaque SignedData (RFC 8551 §3.5).

The entity is made 7-bit-safe first (§3.1); what is signed here is what every hop must leave alone.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from siegel.base import b64
from siegel.base.buffers import Buffer, Random, find
from siegel.base.keys import CertifiedKey, SignatureKind, SignatureScheme, SigningKey
from siegel.cms.signed import SignerSpec, build_signed_data
from siegel.mime.build import boundary

MICALG = {"sha256": "sha-256", "sha384": "sha-384", "sha512": "sha-512", "sha1": "sha-1"}
UNNAMED = "unknown"  # RFC 8551 §3.5.3.2: of a digest that no profile has a name for


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningIdentity:
    """Who signs, and what goes along: the chain without the root (RFC 8550 §2.3).

    ``chain`` is DER, the signer's certificate first. ``encryption_certificate`` is set where the
    owner wants answers encrypted to another certificate (smimeEncryptionKeyPreference).
    ``by_ski`` and ``capabilities`` as in ``SignerSpec``.
    """

    key: SigningKey
    scheme: SignatureScheme
    chain: tuple[bytes, ...]
    encryption_certificate: CertifiedKey | None = None
    by_ski: bool = False
    capabilities: bytes | None = None


def sign_entity(
    entity: Sequence[Buffer],
    identities: Sequence[SigningIdentity],
    *,
    at: datetime,
    opaque: bool = False,
    rng: Random = os.urandom,
) -> list[Buffer]:
    """``entity`` (header section, blank line, body; 7-bit-safe, CRLF) signed, as a new entity.

    It may come in several buffers that follow one another, and they are not copied.
    """
    specs = [signer_spec(identity, at) for identity in identities]
    chain = dict.fromkeys(der for identity in identities for der in identity.chain)
    if opaque:
        whole = build_signed_data(entity, None, specs, tuple(chain), detached=False)
        return [_OPAQUE_HEADER, *b64.encode_lines(whole)]
    signature = build_signed_data(entity, None, specs, tuple(chain), detached=True)
    return _multipart(entity, signature, _micalg(identities), _unused_boundary(entity, rng))


def signer_spec(identity: SigningIdentity, at: datetime) -> SignerSpec:
    """What is written about one signer."""
    return SignerSpec(
        key=identity.key,
        scheme=identity.scheme,
        signing_time=at,
        encryption_certificate=identity.encryption_certificate,
        by_ski=identity.by_ski,
        capabilities=identity.capabilities,
    )


_OPAQUE_HEADER = (
    b"Content-Type: application/pkcs7-mime; smime-type=signed-data;\r\n"
    b' name="smime.p7m"\r\n'
    b"Content-Transfer-Encoding: base64\r\n"
    b'Content-Disposition: attachment; filename="smime.p7m"\r\n\r\n'
)


def _multipart(
    entity: Sequence[Buffer], signature: list[Buffer], micalg: str, mark: str
) -> list[Buffer]:
    return [
        b"Content-Type: multipart/signed;"
        b' protocol="application/pkcs7-signature";\r\n'
        b' micalg=%s; boundary="%s"\r\n\r\n' % (micalg.encode(), mark.encode()),
        b"--%s\r\n" % mark.encode(),
        *entity,
        b"\r\n--%s\r\n" % mark.encode(),
        b'Content-Type: application/pkcs7-signature; name="smime.p7s"\r\n'
        b"Content-Transfer-Encoding: base64\r\n"
        b'Content-Disposition: attachment; filename="smime.p7s"\r\n\r\n',
        *b64.encode_lines(signature),
        b"--%s--\r\n" % mark.encode(),
    ]


def _micalg(identities: Sequence[SigningIdentity]) -> str:
    """Several are separated by commas, and those need quotes (RFC 2045 §5.1)."""
    names = dict.fromkeys(MICALG.get(digest_of(i.scheme), UNNAMED) for i in identities)
    return next(iter(names)) if len(names) == 1 else f'"{",".join(names)}"'


def digest_of(scheme: SignatureScheme) -> str:
    """The digest that covers the content; Ed25519 uses SHA-512 (RFC 8419 §3.1)."""
    return "sha512" if scheme.kind is SignatureKind.ED25519 else scheme.digest


def _unused_boundary(entity: Sequence[Buffer], rng: Random) -> str:
    wholes = [_searchable(buffer) for buffer in entity]
    mark = boundary(rng)
    while any(find(whole, mark.encode(), 0, len(whole)) >= 0 for whole in wholes):
        mark = boundary(rng)
    return mark


def _searchable(buffer: Buffer) -> bytes | bytearray:
    """What can be searched without a copy: of a view all that it is a view of."""
    whole = buffer.obj if isinstance(buffer, memoryview) else buffer
    return whole if isinstance(whole, bytes | bytearray) else bytes(buffer)
