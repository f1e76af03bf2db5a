"""What a certified public key is: its kind, its size, its name for people, and its restrictions.

An id-RSASSA-PSS key may be certified for one way of signing only (RFC 4055 §1.2): key objects
forget that, so it is read here.
"""

from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa, x448, x25519
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes

from siegel.base import ber, der, oids
from siegel.base.errors import UnsupportedAlgorithm
from siegel.base.keys import KeyKind
from siegel.pki import post_quantum
from siegel.pki.post_quantum import MlDsaPublicKey, MlKemPublicKey

_KINDS = (
    (rsa.RSAPublicKey, KeyKind.RSA),
    (ec.EllipticCurvePublicKey, KeyKind.EC),
    (ed25519.Ed25519PublicKey, KeyKind.ED25519),
    (ed448.Ed448PublicKey, KeyKind.ED448),
    (x25519.X25519PublicKey, KeyKind.X25519),
    (x448.X448PublicKey, KeyKind.X448),
    (dsa.DSAPublicKey, KeyKind.DSA),
    (MlDsaPublicKey, KeyKind.ML_DSA),
    (MlKemPublicKey, KeyKind.ML_KEM),
)
_FIXED_BITS = {KeyKind.ED25519: 256, KeyKind.X25519: 256, KeyKind.ED448: 456, KeyKind.X448: 448}
_NAMES = {
    KeyKind.RSA: "RSA",
    KeyKind.RSA_PSS: "RSASSA-PSS",
    KeyKind.ED25519: "Ed25519",
    KeyKind.ED448: "Ed448",
    KeyKind.X25519: "X25519",
    KeyKind.X448: "X448",
    KeyKind.DSA: "DSA",
}

_DIGESTS = {
    oids.SHA1: "sha1",
    oids.SHA224: "sha224",
    oids.SHA256: "sha256",
    oids.SHA384: "sha384",
    oids.SHA512: "sha512",
    oids.SHA3_256: "sha3_256",
    oids.SHA3_384: "sha3_384",
    oids.SHA3_512: "sha3_512",
}
_HASH, _MASK, _SALT, _TRAILER = 0xA0, 0xA1, 0xA2, 0xA3  # RFC 4055 §3.1


@dataclass(frozen=True, slots=True, kw_only=True)
class PssParameters:
    """RSASSA-PSS-params (RFC 4055 §3.1); digests are hashlib names. Of a key: what signatures with
    it must have, and the shortest salt they may have."""

    digest: str = "sha1"
    mask_digest: str = "sha1"
    salt: int = 20


def kind_of(key: object, algorithm: str | None = None) -> KeyKind:
    """The kind of a public key object; OTHER for None and for kinds without a use in mail."""
    if algorithm == oids.RSA_PSS and key is not None:
        return KeyKind.RSA_PSS
    return next((kind for type_, kind in _KINDS if isinstance(key, type_)), KeyKind.OTHER)


def bits_of(kind: KeyKind, key: PublicKeyTypes | None) -> int:
    """The size people know; of a post-quantum key, as OpenSSL says it, that of its encoding."""
    if isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey | dsa.DSAPublicKey):
        return key.key_size
    if isinstance(key, MlDsaPublicKey | MlKemPublicKey):
        return 8 * len(key.public_bytes_raw())
    return _FIXED_BITS.get(kind, 0)


def name_of(kind: KeyKind, key: PublicKeyTypes | None, algorithm: str) -> str:
    """For people: "RSA 3072", "secp256r1", "ML-DSA-65"; an OID for what nobody here knows."""
    if isinstance(key, ec.EllipticCurvePublicKey):
        return key.curve.name
    if kind in _FIXED_BITS:
        return _NAMES[kind]
    if kind in _NAMES:
        return f"{_NAMES[kind]} {bits_of(kind, key)}"
    return post_quantum.name_of(algorithm) or algorithm


def pss_restriction(spki: bytes) -> PssParameters | None:
    """What an id-RSASSA-PSS SubjectPublicKeyInfo demands; None: any parameters (RFC 4055 §3.3)."""
    parameters = ber.read(spki).children()[0].children()[1:]
    return read_pss(parameters[0]) if parameters else None


def read_pss(parameters: ber.Element) -> PssParameters:
    """RSASSA-PSS-params with their defaults; ``UnsupportedAlgorithm`` for digests not used here."""
    fields = {
        field.tag: field.children()[0] for field in parameters.expect(der.SEQUENCE).children()
    }
    if _TRAILER in fields and fields[_TRAILER].integer() != 1:
        raise UnsupportedAlgorithm("RSASSA-PSS with an unknown trailer")
    digest = _digest(fields[_HASH]) if _HASH in fields else "sha1"
    mask = _mask_digest(fields[_MASK]) if _MASK in fields else "sha1"
    salt = fields[_SALT].integer() if _SALT in fields else 20
    return PssParameters(digest=digest, mask_digest=mask, salt=salt)


def _digest(algorithm: ber.Element) -> str:
    dotted = algorithm.children()[0].oid()
    if dotted not in _DIGESTS:
        raise UnsupportedAlgorithm(f"digest {dotted} in RSASSA-PSS")
    return _DIGESTS[dotted]


def _mask_digest(algorithm: ber.Element) -> str:
    kind, digest = algorithm.children()
    if kind.oid() != oids.MGF1:
        raise UnsupportedAlgorithm(f"mask generation {kind.oid()}")
    return _digest(digest)
