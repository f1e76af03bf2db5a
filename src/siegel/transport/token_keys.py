"""Private keys in a token, as every other private key looks here.

They are keys of ``cryptography`` whose two calls – sign and decrypt (or agree) – are made by the
token: so certificates, lists, answers and messages are signed with them like with any other. What
is signed is hashed here; the token gets the digest.
"""

import hashlib
from typing import NoReturn, Protocol, final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    KeySerializationEncryption,
    PrivateFormat,
    PublicFormat,
)

from siegel.base.buffers import Buffer
from siegel.base.errors import KeyUnavailable, UnsupportedAlgorithm
from siegel.pki.token_reference import KeyReference

# DER of DigestInfo up to the digest (RFC 8017 §9.2, note 1)
_DIGEST_INFO = {
    "sha256": bytes.fromhex("3031300d060960864801650304020105000420"),
    "sha384": bytes.fromhex("3041300d060960864801650304020205000430"),
    "sha512": bytes.fromhex("3051300d060960864801650304020305000440"),
}
_PKCS1, _PSS = padding.PKCS1v15, padding.PSS
_OAEP_DIGESTS: tuple[hashes.HashAlgorithm, ...] = (
    hashes.SHA1(),  # noqa: S303 - OAEP needs no collision resistance, and it is its default
    hashes.SHA256(),
    hashes.SHA384(),
    hashes.SHA512(),
)
# one digest for both parts and no label, as nearly everybody writes it
_PLAIN_OAEP = {each.name: padding.OAEP(padding.MGF1(each), each, None) for each in _OAEP_DIGESTS}


class Token(Protocol):
    """The few things that are asked of a token. ``pss``, ``oaep``: the name of a digest.

    Raises ``KeyUnavailable`` if it does not answer, ``UnsupportedAlgorithm`` for what it cannot,
    and ``ValueError`` for a ciphertext that does not open.
    """

    def sign_pkcs1(self, key: KeyReference, digest_info: bytes) -> bytes: ...
    def sign_pss(self, key: KeyReference, digest: bytes, pss: str) -> bytes: ...
    def sign_ecdsa(self, key: KeyReference, digest: bytes) -> bytes: ...
    def decrypt_pkcs1(self, key: KeyReference, ciphertext: bytes) -> bytes: ...
    def decrypt_oaep(self, key: KeyReference, ciphertext: bytes, oaep: str) -> bytes: ...
    def agree(self, key: KeyReference, point: bytes) -> bytes: ...


@final
class TokenRsaKey(rsa.RSAPrivateKey):
    def __init__(self, reference: KeyReference, public: rsa.RSAPublicKey, token: Token) -> None:
        self.reference, self._public, self._token = reference, public, token

    @property
    def key_size(self) -> int:
        return self._public.key_size

    def public_key(self) -> rsa.RSAPublicKey:
        return self._public

    def sign(self, data: Buffer, padding: object, algorithm: object) -> bytes:
        name, digest = _digest(data, algorithm)
        if isinstance(padding, _PKCS1):
            return self._token.sign_pkcs1(self.reference, _DIGEST_INFO[name] + digest)
        if isinstance(padding, _PSS):
            return self._token.sign_pss(self.reference, digest, name)
        raise UnsupportedAlgorithm("a padding that is not made in tokens")

    def decrypt(self, ciphertext: Buffer, padding: padding.AsymmetricPadding) -> bytes:
        if isinstance(padding, _PKCS1):
            return self._token.decrypt_pkcs1(self.reference, bytes(ciphertext))
        for name, plain in _PLAIN_OAEP.items():
            if padding == plain:
                return self._token.decrypt_oaep(self.reference, bytes(ciphertext), name)
        raise UnsupportedAlgorithm("a padding that is not opened in tokens")

    def private_numbers(self) -> NoReturn:
        _stays()

    def private_bytes(
        self, encoding: Encoding, format: PrivateFormat, encryption: KeySerializationEncryption
    ) -> NoReturn:
        _stays()

    def __copy__(self) -> "TokenRsaKey":
        return self

    def __deepcopy__(self, memo: dict[object, object]) -> "TokenRsaKey":
        return self


@final
class TokenEcKey(ec.EllipticCurvePrivateKey):
    def __init__(
        self, reference: KeyReference, public: ec.EllipticCurvePublicKey, token: Token
    ) -> None:
        self.reference, self._public, self._token = reference, public, token

    @property
    def curve(self) -> ec.EllipticCurve:
        return self._public.curve

    @property
    def key_size(self) -> int:
        return self._public.curve.key_size

    def public_key(self) -> ec.EllipticCurvePublicKey:
        return self._public

    def sign(self, data: Buffer, algorithm: ec.EllipticCurveSignatureAlgorithm) -> bytes:
        """The token gives r and s side by side; here they are DER like everywhere."""
        _, digest = _digest(data, algorithm.algorithm)
        both = self._token.sign_ecdsa(self.reference, digest)
        half = len(both) // 2
        r, s = (int.from_bytes(part, "big") for part in (both[:half], both[half:]))
        return encode_dss_signature(r, s)

    def exchange(self, algorithm: ec.ECDH, peer: ec.EllipticCurvePublicKey) -> bytes:
        del algorithm
        if peer.curve.name != self.curve.name:
            raise ValueError("another curve")
        point = peer.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return self._token.agree(self.reference, point)

    def private_numbers(self) -> NoReturn:
        _stays()

    def private_bytes(
        self, encoding: Encoding, format: PrivateFormat, encryption: KeySerializationEncryption
    ) -> NoReturn:
        _stays()

    def __copy__(self) -> "TokenEcKey":
        return self

    def __deepcopy__(self, memo: dict[object, object]) -> "TokenEcKey":
        return self


def key_of(reference: KeyReference, token: Token) -> TokenRsaKey | TokenEcKey:
    public = reference.public_key
    if isinstance(public, rsa.RSAPublicKey):
        return TokenRsaKey(reference, public, token)
    return TokenEcKey(reference, public, token)


def _digest(data: Buffer, algorithm: object) -> tuple[str, bytes]:
    if not isinstance(algorithm, hashes.HashAlgorithm) or algorithm.name not in _DIGEST_INFO:
        raise UnsupportedAlgorithm("a digest that is not signed in tokens")
    return algorithm.name, hashlib.new(algorithm.name, data).digest()


def _stays() -> NoReturn:
    raise KeyUnavailable("the private key never leaves its token", temporary=False)
