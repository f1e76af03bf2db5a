"""Keys that sign certificates, requests and revocation lists: which do, and with what digest."""

from typing import TypeAlias

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa

from siegel.base.errors import UnsupportedAlgorithm
from siegel.pki.softkeys import PrivateKey

IssuerKey: TypeAlias = (
    rsa.RSAPrivateKey
    | ec.EllipticCurvePrivateKey
    | ed25519.Ed25519PrivateKey
    | ed448.Ed448PrivateKey
)

Digest: TypeAlias = hashes.SHA256 | hashes.SHA384 | hashes.SHA512


def issuer_key(key: PrivateKey) -> IssuerKey:
    """The key, if it can sign certificates; raises ``UnsupportedAlgorithm``."""
    if isinstance(key, IssuerKey):
        return key
    raise UnsupportedAlgorithm(f"a {type(key).__name__} signs no certificates")


def digest_for(key: IssuerKey) -> Digest | None:
    """As strong as the key (RFC 5480 §4); None where the scheme has its own (RFC 8410)."""
    if isinstance(key, ed25519.Ed25519PrivateKey | ed448.Ed448PrivateKey):
        return None
    if isinstance(key, rsa.RSAPrivateKey) or key.curve.key_size <= 256:
        return hashes.SHA256()
    return hashes.SHA384() if key.curve.key_size <= 384 else hashes.SHA512()
