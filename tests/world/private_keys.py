"""The private keys of the cast: made once, kept in ``keys/``, worthless outside the tests.

Run ``python -m tests.world.private_keys`` after adding somebody to the cast: it makes what is
missing and never touches what is there.
"""

from functools import cache
from pathlib import Path
from typing import Final, TypeAlias

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa, x25519
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from tests.world.cast import AUTHORITIES, PEOPLE, KeyType

KEYS: Final = Path(__file__).parent / "keys"

PrivateKey: TypeAlias = (
    rsa.RSAPrivateKey
    | ec.EllipticCurvePrivateKey
    | ed25519.Ed25519PrivateKey
    | x25519.X25519PrivateKey
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
    bits = 1024 if kind is KeyType.RSA_1024 else 2048
    return rsa.generate_private_key(65537, bits)


def main() -> None:
    wanted = {role.name: KeyType.RSA for role in AUTHORITIES}
    wanted |= {role.key_name: role.key_type for role in PEOPLE}
    KEYS.mkdir(exist_ok=True)
    for name, kind in wanted.items():
        path = KEYS / f"{name}.pem"
        if not path.exists():
            path.write_bytes(pkcs8_pem(generate(kind)))
            print(f"made {path.name}")


if __name__ == "__main__":
    main()
