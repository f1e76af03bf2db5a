"""The private keys of the cast: made once, kept in ``keys/``, worthless outside the tests.

``python -m tests.world`` makes those that are missing.
"""

from functools import cache
from pathlib import Path
from typing import Final, TypeAlias

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, mldsa, mlkem, rsa, x25519
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from tests.world.cast import KeyType

KEYS: Final = Path(__file__).parent / "keys"

PrivateKey: TypeAlias = (
    rsa.RSAPrivateKey
    | ec.EllipticCurvePrivateKey
    | ed25519.Ed25519PrivateKey
    | x25519.X25519PrivateKey
    | mldsa.MLDSA65PrivateKey
    | mlkem.MLKEM768PrivateKey
)

_CURVES: Final[dict[KeyType, ec.EllipticCurve]] = {
    KeyType.P256: ec.SECP256R1(),
    KeyType.P384: ec.SECP384R1(),
    KeyType.P521: ec.SECP521R1(),
    KeyType.BRAINPOOL: ec.BrainpoolP256R1(),
}


@cache
def private_key(name: str) -> PrivateKey:
    """The key called ``name``. Not validated again: the file is ours, and checking costs 50 ms."""
    pem = (KEYS / f"{name}.pem").read_bytes()
    key = load_pem_private_key(pem, None, unsafe_skip_rsa_key_validation=True)
    assert isinstance(key, PrivateKey)
    return key


def pkcs8_pem(key: PrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def generate(kind: KeyType) -> PrivateKey:
    if kind in _CURVES:
        return ec.generate_private_key(_CURVES[kind])
    if kind is KeyType.ED25519:
        return ed25519.Ed25519PrivateKey.generate()
    if kind is KeyType.X25519:
        return x25519.X25519PrivateKey.generate()
    if kind is KeyType.ML_DSA:
        return mldsa.MLDSA65PrivateKey.generate()
    if kind is KeyType.ML_KEM:
        return mlkem.MLKEM768PrivateKey.generate()
    bits = 1024 if kind is KeyType.RSA_1024 else 2048
    return rsa.generate_private_key(65537, bits)
