"""From a shared secret to a wrapped content key: key derivation and its SharedInfo.

ECDH with the X9.63 KDF (RFC 5753 §7), X25519 and X448 with HKDF (RFC 8418). Not here: ECMQV, and
agreement with DH keys (RFC 2631), which no mail certificate has.
"""

from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import ec, x448, x25519
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.x963kdf import X963KDF

from siegel.base import der, oids
from siegel.base.errors import DecryptionFailed, UnsupportedAlgorithm
from siegel.cms.algorithms import HASHES
from siegel.cms.key_wrap import WEAK_WRAPS, WRAPS, unwrap_key

_X963 = {
    oids.STD_DH_SHA1_KDF: "sha1",
    oids.STD_DH_SHA224_KDF: "sha224",
    oids.STD_DH_SHA256_KDF: "sha256",
    oids.STD_DH_SHA384_KDF: "sha384",
    oids.STD_DH_SHA512_KDF: "sha512",
    # all curves here have cofactor 1 or clear it by themselves, so both kinds agree alike
    oids.COFACTOR_DH_SHA1_KDF: "sha1",
    oids.COFACTOR_DH_SHA224_KDF: "sha224",
    oids.COFACTOR_DH_SHA256_KDF: "sha256",
    oids.COFACTOR_DH_SHA384_KDF: "sha384",
    oids.COFACTOR_DH_SHA512_KDF: "sha512",
}
_HKDF = {
    oids.STD_DH_HKDF_SHA256: "sha256",
    oids.STD_DH_HKDF_SHA384: "sha384",
    oids.STD_DH_HKDF_SHA512: "sha512",
}
_CURVE_KDFS = {256: oids.STD_DH_SHA256_KDF, 384: oids.STD_DH_SHA384_KDF}


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """A keyEncryptionAlgorithm: the scheme with its KDF, and the wrap as it was written."""

    scheme: str
    wrap: str
    wrap_raw: bytes

    @property
    def weak(self) -> bool:
        return _X963.get(self.scheme) == "sha1" or self.wrap in WEAK_WRAPS

    @property
    def supported(self) -> bool:
        return (self.scheme in _X963 or self.scheme in _HKDF) and self.wrap in WRAPS


def scheme_to_write(key: PublicKeyTypes) -> str:
    """The KDF digest goes with the curve (RFC 5753 §7.1.4, RFC 8418 §2)."""
    if isinstance(key, ec.EllipticCurvePublicKey):
        return _CURVE_KDFS.get(key.key_size, oids.STD_DH_SHA512_KDF)
    if isinstance(key, x25519.X25519PublicKey):
        return oids.STD_DH_HKDF_SHA256
    return oids.STD_DH_HKDF_SHA512


def key_encryption_key(
    agreement: Agreement, secret: bytes, ukm: bytes | None, *, wrap_raw: bytes | None = None
) -> bytes:
    """The KEK for a shared secret. ``wrap_raw`` replaces the wrap as it was written."""
    if not any(secret):  # RFC 8418 §2: a point of small order
        raise DecryptionFailed("the agreed secret is nothing")
    length = WRAPS[agreement.wrap]
    info = _shared_info(wrap_raw or agreement.wrap_raw, ukm, length)
    if agreement.scheme in _HKDF:
        return HKDF(HASHES[_HKDF[agreement.scheme]], length, ukm, info).derive(secret)
    return X963KDF(HASHES[_X963[agreement.scheme]], length, info).derive(secret)


def _shared_info(wrap: bytes, ukm: bytes | None, length: int) -> bytes:
    """ECC-CMS-SharedInfo (RFC 5753 §7.2); suppPubInfo counts bits."""
    party = der.context(0, der.octet_string(ukm)) if ukm is not None else b""
    bits = der.octet_string((8 * length).to_bytes(4, "big"))
    return der.sequence(wrap, party, der.context(2, bits))


def unwrap(agreement: Agreement, secret: bytes, ukm: bytes | None, wrapped: bytes) -> bytes:
    """The content key, or ``DecryptionFailed``.

    keyInfo is taken as written; old senders derive with NULL parameters where they wrote none, or
    the other way round, so the other form is tried, too.
    """
    other = {
        der.algorithm(agreement.wrap): der.algorithm(agreement.wrap, der.null()),
        der.algorithm(agreement.wrap, der.null()): der.algorithm(agreement.wrap),
    }.get(agreement.wrap_raw, agreement.wrap_raw)
    try:
        return unwrap_key(agreement.wrap, key_encryption_key(agreement, secret, ukm), wrapped)
    except DecryptionFailed:
        kek = key_encryption_key(agreement, secret, ukm, wrap_raw=other)
        return unwrap_key(agreement.wrap, kek, wrapped)


def read_peer(key: PublicKeyTypes, point: bytes) -> PublicKeyTypes:
    """The originator's ephemeral key on the curve of ``key``; points off the curve are refused."""
    try:
        if isinstance(key, ec.EllipticCurvePublicKey):
            if point[:1] not in (b"\x02", b"\x03", b"\x04"):  # RFC 5753 §3.1.1: never hybrid
                raise ValueError("a point in a forbidden form")
            return ec.EllipticCurvePublicKey.from_encoded_point(key.curve, point)
        if isinstance(key, x25519.X25519PublicKey):
            return x25519.X25519PublicKey.from_public_bytes(point)
        if isinstance(key, x448.X448PublicKey):
            return x448.X448PublicKey.from_public_bytes(point)
    except ValueError as error:
        raise DecryptionFailed("no public key of the originator") from error
    raise UnsupportedAlgorithm("a key that agrees on nothing")
