"""PKCS #12 (RFC 7292) for kinds of keys that ``cryptography`` does not write: X25519, X448, ML-DSA
and ML-KEM.

As ``cryptography`` writes the other kinds: certificates and key each under PBES2 with AES-256-CBC
and PBKDF2-HMAC-SHA-256 (RFC 8018), the whole under an HMAC-SHA-256 of RFC 7292 §4, which more
programs check than that of RFC 9579.
"""

import hashlib
import hmac
from collections.abc import Iterable

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

from siegel.base import der, oids
from siegel.base.buffers import Random
from siegel.base.secret import Secret
from siegel.pki import pbe

_SALT = 16  # octets, RFC 8018 §4.1
_BLOCK = 16
_KEY = 32
_HMAC_SHA256 = "1.2.840.113549.2.9"
_BMP_STRING = 0x1E


def write(
    pkcs8: Secret,
    certificates: Iterable[bytes],
    name: str | None,
    passphrase: Secret,
    *,
    rounds: int,
    rng: Random,
) -> bytes:
    """A file with one key and certificates in DER; the first certificate is the key's."""
    own, *chain = certificates
    marks = _marks(name, hashlib.sha1(own, usedforsecurity=False).digest())
    bags = [_certificate_bag(own, marks), *(_certificate_bag(one, b"") for one in chain)]
    protect = _Protection(passphrase, rounds, rng)
    authenticated = der.sequence(
        protect.encrypted_data(der.sequence(*bags)),
        _data(der.sequence(protect.key_bag(pkcs8, marks))),
    )
    return der.sequence(der.integer(3), _data(authenticated), protect.mac_data(authenticated))


class _Protection:
    """Encryption and integrity under one passphrase."""

    def __init__(self, passphrase: Secret, rounds: int, rng: Random) -> None:
        self._spelled = pbe.Passphrase(passphrase)
        self._rounds = rounds
        self._rng = rng

    def encrypted_data(self, content: bytes) -> bytes:
        algorithm, ciphertext = self._encrypted(content)
        info = der.sequence(
            der.oid(oids.DATA), algorithm, der.context(0, ciphertext, constructed=False)
        )
        data = der.sequence(der.integer(0), info)
        return der.sequence(der.oid(oids.ENCRYPTED_DATA), der.context(0, data))

    def key_bag(self, pkcs8: Secret, marks: bytes) -> bytes:
        algorithm, ciphertext = self._encrypted(pkcs8.reveal())
        shrouded = der.sequence(algorithm, der.octet_string(ciphertext))
        return _bag(oids.PKCS12_SHROUDED_KEY_BAG, shrouded, marks)

    def mac_data(self, content: bytes) -> bytes:
        """As many rounds as the encryption: the weaker one is what a thief would try."""
        salt = self._rng(_SALT)
        key = pbe.mac_key("sha256", self._spelled.wide[0], salt, self._rounds)
        digest = hmac.digest(key, content, "sha256")
        info = der.sequence(der.algorithm(oids.SHA256, der.null()), der.octet_string(digest))
        return der.sequence(info, der.octet_string(salt), der.integer(self._rounds))

    def _encrypted(self, content: bytes) -> tuple[bytes, bytes]:
        """AlgorithmIdentifier and ciphertext of PBES2."""
        salt, vector = self._rng(_SALT), self._rng(_BLOCK)
        secret = self._spelled.octets[0]
        key = hashlib.pbkdf2_hmac("sha256", secret, salt, self._rounds, _KEY)
        encryptor = Cipher(algorithms.AES(key), modes.CBC(vector)).encryptor()
        padder = PKCS7(8 * _BLOCK).padder()
        padded = padder.update(content) + padder.finalize()
        derivation = der.algorithm(
            oids.PBKDF2,
            der.sequence(
                der.octet_string(salt),
                der.integer(self._rounds),
                der.algorithm(_HMAC_SHA256, der.null()),
            ),
        )
        cipher = der.algorithm(oids.AES256_CBC, der.octet_string(vector))
        algorithm = der.algorithm(oids.PBES2, der.sequence(derivation, cipher))
        return algorithm, encryptor.update(padded) + encryptor.finalize()


def _data(content: bytes) -> bytes:
    return der.sequence(der.oid(oids.DATA), der.context(0, der.octet_string(content)))


def _certificate_bag(certificate: bytes, marks: bytes) -> bytes:
    value = der.context(0, der.octet_string(certificate))
    content = der.sequence(der.oid(oids.PKCS9_X509_CERTIFICATE), value)
    return _bag(oids.PKCS12_CERTIFICATE_BAG, content, marks)


def _bag(kind: str, content: bytes, marks: bytes) -> bytes:
    return der.sequence(der.oid(kind), der.context(0, content), marks)


def _marks(name: str | None, key_id: bytes) -> bytes:
    """Attributes (RFC 7292 §4.2): the name for people, and what ties certificate and key."""
    attributes = [_attribute(oids.LOCAL_KEY_ID, der.octet_string(key_id))]
    if name:
        text = der.tlv(_BMP_STRING, name.encode("utf-16-be"))
        attributes.append(_attribute(oids.FRIENDLY_NAME, text))
    return der.set_of(*attributes)


def _attribute(kind: str, value: bytes) -> bytes:
    return der.sequence(der.oid(kind), der.set_of(value))
