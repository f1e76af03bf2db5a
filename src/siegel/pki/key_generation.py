"""New key pairs (B11, B21): which kinds there are, and what each can be certified for.

OpenSSL draws the random numbers itself; nothing here is kept. What cannot sign – X25519 – cannot
prove its possession in a request either: only an authority of our own certifies it.
"""

from enum import StrEnum

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa, x25519

from siegel.pki.softkeys import PrivateKey

_PUBLIC_EXPONENT = 65537


class KeyChoice(StrEnum):
    """A kind of key pair that can be made here."""

    RSA_2048 = "rsa-2048"
    RSA_3072 = "rsa-3072"
    RSA_4096 = "rsa-4096"
    P_256 = "p-256"
    P_384 = "p-384"
    P_521 = "p-521"
    BRAINPOOL_P256 = "brainpool-p256"
    BRAINPOOL_P384 = "brainpool-p384"
    BRAINPOOL_P512 = "brainpool-p512"
    ED25519 = "ed25519"
    X25519 = "x25519"

    @property
    def can_sign(self) -> bool:
        return self is not KeyChoice.X25519

    @property
    def can_be_encrypted_to(self) -> bool:
        return self is not KeyChoice.ED25519


DEFAULT = KeyChoice.RSA_3072
"""Every mail program reads it, and BSI TR-02102 has nothing against it."""

_RSA_BITS = {KeyChoice.RSA_2048: 2048, KeyChoice.RSA_3072: 3072, KeyChoice.RSA_4096: 4096}
_CURVES: dict[KeyChoice, type[ec.EllipticCurve]] = {
    KeyChoice.P_256: ec.SECP256R1,
    KeyChoice.P_384: ec.SECP384R1,
    KeyChoice.P_521: ec.SECP521R1,
    KeyChoice.BRAINPOOL_P256: ec.BrainpoolP256R1,
    KeyChoice.BRAINPOOL_P384: ec.BrainpoolP384R1,
    KeyChoice.BRAINPOOL_P512: ec.BrainpoolP512R1,
}


def generate(choice: KeyChoice) -> PrivateKey:
    """A new key pair. RSA takes its time: 0.1 s for 3072 bits in the mean, 0.5 s for 4096."""
    if choice in _RSA_BITS:
        return rsa.generate_private_key(_PUBLIC_EXPONENT, _RSA_BITS[choice])
    if choice in _CURVES:
        return ec.generate_private_key(_CURVES[choice]())
    if choice is KeyChoice.ED25519:
        return ed25519.Ed25519PrivateKey.generate()
    return x25519.X25519PrivateKey.generate()
