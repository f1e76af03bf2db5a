"""Recipients that know a password (PasswordRecipientInfo, RFC 5652 §6.2.4), read only.

The key comes from the password by PBKDF2 (RFC 8018 §5.2) and unwraps by PWRI-KEK (RFC 3211 §2.3)
with AES or 3DES in CBC mode. Passwords are tried as UTF-8. How much work a message may ask for is
a limit: whoever sends it chooses the number of rounds.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from cryptography.hazmat.primitives.ciphers import Cipher, modes

from siegel.base import ber, der, oids
from siegel.base.errors import DecryptionFailed, MalformedMessage, UnsupportedAlgorithm
from siegel.base.keys import Keyring
from siegel.base.secret import Secret
from siegel.cms.algorithms import AlgorithmId, CipherMode, Use, read_algorithm
from siegel.cms.content_algorithm import ContentAlgorithm, block_cipher, read_content_algorithm
from siegel.cms.doors import Attempt

MAX_SALT = 1024  # octets; real salts have 8 to 64, and each round of a longer one costs no more
_DIGESTS = {
    oids.HMAC_SHA1: "sha1",
    oids.HMAC_SHA224: "sha224",
    oids.HMAC_SHA256: "sha256",
    oids.HMAC_SHA384: "sha384",
    oids.HMAC_SHA512: "sha512",
}
_DERIVATION = 0xA0


@dataclass(frozen=True, slots=True, kw_only=True)
class Derivation:
    """PBKDF2-params: how the key follows from the password."""

    digest: str
    salt: bytes
    rounds: int

    def key(self, password: Secret, length: int) -> bytes:
        octets = password.reveal()
        return hashlib.pbkdf2_hmac(self.digest, octets, self.salt, self.rounds, length)


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordDoor:
    """``derivation`` or ``cipher`` None: written in a way that is not read."""

    derivation: Derivation | None
    cipher: ContentAlgorithm | None
    encrypted_key: bytes
    identifier: None = None

    @property
    def weak(self) -> bool:
        return self.cipher is not None and self.cipher.cipher.use is Use.LEGACY

    def attempts(self, keyring: Keyring) -> Iterator[Attempt]:
        for password in keyring.passphrases():
            yield Attempt(
                open=partial(self._open, password),
                supported=self.derivation is not None and self.cipher is not None,
                rounds=self.derivation.rounds if self.derivation else 0,
            )

    def _open(self, password: Secret) -> bytes:
        if self.derivation is None or self.cipher is None:
            raise UnsupportedAlgorithm("a password recipient written in an unknown way")
        key = self.derivation.key(password, self.cipher.cipher.key_length)
        return _unwrap(self.cipher, key, self.encrypted_key)


def _unwrap(algorithm: ContentAlgorithm, key: bytes, wrapped: bytes) -> bytes:
    """RFC 3211 §2.3.2: decrypted twice, the first time with what the last block yields."""
    cipher = block_cipher(algorithm.cipher, key)
    size = cipher.block_size // 8

    def decrypted(iv: bytes, octets: bytes) -> bytes:
        context = Cipher(cipher, modes.CBC(iv)).decryptor()
        return context.update(octets) + context.finalize()

    if len(wrapped) < 2 * size or len(wrapped) % size:
        raise DecryptionFailed("a wrapped key of impossible length")
    last = decrypted(wrapped[-2 * size : -size], wrapped[-size:])
    inner = decrypted(last, wrapped[:-size]) + last
    padded = decrypted(algorithm.nonce, inner)
    length, check, found = padded[0], padded[1:4], padded[4:]
    if check != bytes(octet ^ 0xFF for octet in found[:3]) or not 3 <= length <= len(found):
        raise DecryptionFailed("the content key could not be unwrapped")
    return found[:length]


def read_password(fields: list[ber.Element]) -> PasswordDoor:
    """PasswordRecipientInfo: version, derivation [0] if any, algorithm, encrypted key."""
    if not 3 <= len(fields) <= 4:
        raise MalformedMessage("no PasswordRecipientInfo")
    derived = len(fields) == 4
    return PasswordDoor(
        # without one, the key would come from elsewhere than from a password
        derivation=_derivation(read_algorithm(fields[1], tag=_DERIVATION)) if derived else None,
        cipher=_cipher(read_algorithm(fields[-2])),
        encrypted_key=fields[-1].joined(),
    )


def _derivation(algorithm: AlgorithmId) -> Derivation | None:
    if algorithm.oid != oids.PBKDF2 or algorithm.params is None:
        return None
    fields = algorithm.params.expect(der.SEQUENCE).children()
    if not 2 <= len(fields) <= 4:
        raise MalformedMessage("no PBKDF2-params")
    salt, rounds, *more = fields
    if salt.tag != der.OCTET_STRING or not len(salt.content) <= MAX_SALT:
        return None  # a salt from elsewhere, or none that anybody needs
    prf = [read_algorithm(field).oid for field in more if field.tag == der.SEQUENCE]
    digest = _DIGESTS.get(prf[0] if prf else oids.HMAC_SHA1)
    count = rounds.expect(der.INTEGER).integer()
    if digest is None or count < 1:
        return None
    return Derivation(digest=digest, salt=bytes(salt.content), rounds=count)


def _cipher(algorithm: AlgorithmId) -> ContentAlgorithm | None:
    """The cipher inside of PWRI-KEK; RFC 3211 needs its blocks, so that it is one in CBC mode."""
    if algorithm.oid != oids.PWRI_KEK or algorithm.params is None:
        return None
    try:
        inner = read_content_algorithm(read_algorithm(algorithm.params))
    except UnsupportedAlgorithm:
        return None
    plain = inner.cipher.mode is CipherMode.CBC and inner.derived is None
    return inner if plain else None
