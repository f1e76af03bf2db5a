"""Password-based encryption and integrity of PKCS #12 (RFC 7292, RFC 8018, RFC 9579), for reading.

A passphrase may be spelled in several ways: files made before OpenSSL 1.1, by NSS or with Latin-1
terminals differ in how they turn „Grüße“ into octets. All spellings are tried.

RC2 with 40 bits is missing from the ``cryptography`` primitives, though its PKCS #12 reader knows
it; ``pkcs12.py`` deals with that (``RC2_40``).
"""

import hashlib
import hmac
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from cryptography.hazmat.decrepit.ciphers.algorithms import ARC4, RC2, TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, CipherAlgorithm, algorithms, modes

from siegel.base import ber, der, oids
from siegel.base.errors import LimitExceeded, MalformedMessage, UnsupportedAlgorithm
from siegel.base.secret import Secret

MAX_ITERATIONS = (
    10_000_000  # of one derivation; Firefox writes 600,000, and 10 million take seconds
)
MAX_WORK = 20_000_000  # iterations of one file, all keys and spellings: seconds, not minutes
MIN_MAC_KEY = 20  # octets, RFC 9579 §5: a shorter key would let a tampered file pass
MAX_KEY = 64  # octets of any derived key that an algorithm here asks for

RC2_40 = "1.2.840.113549.1.12.1.6"
_PBES2 = "1.2.840.113549.1.5.13"
_PBKDF2 = "1.2.840.113549.1.5.12"
_PBMAC1 = "1.2.840.113549.1.5.14"
_SEQUENCE = der.SEQUENCE
_INTEGER = der.INTEGER
_OCTET_STRING = der.OCTET_STRING
_TOKEN_SALT = bytes(8)

_KEY, _IV, _MAC = 1, 2, 3  # RFC 7292 appendix B.3

_DIGESTS = {
    oids.SHA1: "sha1",
    oids.SHA224: "sha224",
    oids.SHA256: "sha256",
    oids.SHA384: "sha384",
    oids.SHA512: "sha512",
    "1.3.6.1.4.1.1722.12.2.1.16": "blake2b",
}
_PRFS = {
    "1.2.840.113549.2.7": "sha1",
    "1.2.840.113549.2.8": "sha224",
    "1.2.840.113549.2.9": "sha256",
    "1.2.840.113549.2.10": "sha384",
    "1.2.840.113549.2.11": "sha512",
}
_HMAC_SHA1 = "1.2.840.113549.2.7"


@dataclass(frozen=True, slots=True)
class _Legacy:
    """pbeWithSHAAnd… (RFC 7292 appendix C): cipher, octets of key, octets of IV (0: stream)."""

    cipher: Callable[[bytes], CipherAlgorithm]
    key: int
    iv: int = 8


def _two_key_triple_des(key: bytes) -> CipherAlgorithm:
    return TripleDES(key + key[:8])


_LEGACY = {
    "1.2.840.113549.1.12.1.1": _Legacy(ARC4, 16, 0),
    "1.2.840.113549.1.12.1.2": _Legacy(ARC4, 5, 0),
    "1.2.840.113549.1.12.1.3": _Legacy(TripleDES, 24),
    "1.2.840.113549.1.12.1.4": _Legacy(_two_key_triple_des, 16),
    "1.2.840.113549.1.12.1.5": _Legacy(RC2, 16),
}
_CIPHERS: dict[str, tuple[Callable[[bytes], CipherAlgorithm], int]] = {
    "2.16.840.1.101.3.4.1.2": (algorithms.AES, 16),
    "2.16.840.1.101.3.4.1.22": (algorithms.AES, 24),
    "2.16.840.1.101.3.4.1.42": (algorithms.AES, 32),
    "1.2.840.113549.3.7": (TripleDES, 24),
}


class Work:
    """What one file may still cost: key derivations are as long as its writer chose."""

    def __init__(self, iterations: int = MAX_WORK) -> None:
        self._left = iterations

    def spend(self, iterations: int) -> int:
        if not 1 <= iterations <= MAX_ITERATIONS:
            raise LimitExceeded(f"{iterations} iterations of key derivation", limit="iterations")
        self._left -= iterations
        if self._left < 0:
            raise LimitExceeded("key derivation takes too long", limit="iterations")
        return iterations


class Passphrase:
    """One passphrase in all spellings found in files, the one of the standard first."""

    __slots__ = ("octets", "wide")

    def __init__(self, secret: Secret) -> None:
        text = _text(secret.reveal())
        forms = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))  # Apple writes NFD
        texts = tuple(dict.fromkeys((text, *forms)))
        self.wide = tuple(dict.fromkeys(_wide(texts)))
        """For RFC 7292: BMPString with terminator."""
        self.octets = tuple(dict.fromkeys(_narrow(texts)))
        """For RFC 8018: UTF-8, else Latin-1, else (old NSS) the BMPString."""


def _text(value: bytes) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")


def _wide(texts: tuple[str, ...]) -> Iterator[bytes]:
    for text in texts:
        yield text.encode("utf-16-be") + b"\0\0"
    for text in texts:  # OpenSSL before 1.1 widened every octet of the terminal's UTF-8
        yield text.encode("utf-8").decode("latin-1").encode("utf-16-be") + b"\0\0"
    if texts[0] == "":
        yield b""  # „no passphrase“ and „the empty passphrase“ are different keys


def _narrow(texts: tuple[str, ...]) -> Iterator[bytes]:
    for text in texts:
        yield text.encode("utf-8")
    for text in texts:
        if not text.isascii() and all(ord(character) < 256 for character in text):
            yield text.encode("latin-1")
    for text in texts:
        yield text.encode("utf-16-be") + b"\0\0"


def algorithm_of(identifier: ber.Element) -> str:
    """The OID of an AlgorithmIdentifier."""
    return _algorithm(identifier)[0]


def is_modern(identifier: ber.Element) -> bool:
    return algorithm_of(identifier) == _PBES2


def plaintexts(
    identifier: ber.Element, ciphertext: bytes, passphrase: Passphrase, work: Work
) -> Iterator[bytes]:
    """What ``ciphertext`` may mean: one candidate for every spelling that ends in good padding."""
    dotted, parameters = _algorithm(identifier)
    if dotted == _PBES2:
        candidates = _pbes2(_sequence(parameters), ciphertext, passphrase, work)
    elif dotted in _LEGACY:
        candidates = _legacy(_LEGACY[dotted], _sequence(parameters), ciphertext, passphrase, work)
    else:
        raise UnsupportedAlgorithm(f"password-based encryption {dotted}")
    for candidate in candidates:
        if candidate is not None:
            yield candidate


def mac_matches(mac_data: ber.Element, content: bytes, passphrase: Passphrase, work: Work) -> bool:
    """Whether ``content`` bears the MAC of MacData (RFC 7292 §4, RFC 9579) under any spelling."""
    fields = _fields(mac_data, 2)
    info = _fields(fields[0], 2)
    expected = info[1].expect(_OCTET_STRING).joined()
    dotted, parameters = _algorithm(info[0])
    if dotted == _PBMAC1:
        candidates = _pbmac1(_sequence(parameters), content, passphrase, work)
    else:
        salt = fields[1].expect(_OCTET_STRING).joined()
        iterations = fields[2].expect(_INTEGER).integer() if len(fields) > 2 else 1
        candidates = _hmac(_named(_DIGESTS, dotted), salt, iterations, content, passphrase, work)
    return any(hmac.compare_digest(candidate, expected) for candidate in candidates)


def mac_data(content: bytes, wide: bytes) -> bytes:
    """A MacData for ``content`` under the spelling ``wide``: says to a reader which one is meant.

    Salt and count are constants, because it leaves this process in no file.
    """
    key = mac_key("sha1", wide, _TOKEN_SALT, 1)
    info = der.sequence(
        der.algorithm(oids.SHA1, der.null()), der.octet_string(hmac.digest(key, content, "sha1"))
    )
    return der.sequence(info, der.octet_string(_TOKEN_SALT))


def mac_key(digest: str, wide: bytes, salt: bytes, iterations: int) -> bytes:
    """The key of a MacData (RFC 7292 appendix B.4)."""
    return _derive(digest, wide, salt, _MAC, iterations, hashlib.new(digest).digest_size)


def _hmac(
    digest: str, salt: bytes, iterations: int, content: bytes, passphrase: Passphrase, work: Work
) -> Iterator[bytes]:
    for wide in passphrase.wide:
        key = mac_key(digest, wide, salt, work.spend(iterations))
        yield hmac.digest(key, content, digest)


def _pbmac1(
    parameters: ber.Element, content: bytes, passphrase: Passphrase, work: Work
) -> Iterator[bytes]:
    derivation, scheme = _fields(parameters, 2)[:2]
    digest = _named(_PRFS, algorithm_of(scheme))
    derive, size = _pbkdf2(derivation, work)
    if size is None or size < MIN_MAC_KEY:
        raise MalformedMessage("PBMAC1 without a key length of at least 20 octets")
    for octets in passphrase.octets:
        yield hmac.digest(derive(octets, size), content, digest)


def _pbes2(
    parameters: ber.Element, ciphertext: bytes, passphrase: Passphrase, work: Work
) -> Iterator[bytes | None]:
    derivation, scheme = _fields(parameters, 2)[:2]
    dotted, iv = _algorithm(scheme)
    if dotted not in _CIPHERS or iv is None:
        raise UnsupportedAlgorithm(f"cipher {dotted} in PBES2")
    cipher, size = _CIPHERS[dotted]
    derive, announced = _pbkdf2(derivation, work)
    if announced not in (None, size):
        raise MalformedMessage("PBES2 key length that is not the cipher's")
    vector = iv.expect(_OCTET_STRING).joined()
    for octets in passphrase.octets:
        yield _decrypt(cipher(derive(octets, size)), vector, ciphertext)


def _pbkdf2(
    identifier: ber.Element, work: Work
) -> tuple[Callable[[bytes, int], bytes], int | None]:
    """RFC 8018 appendix A.2: the derivation, and the length of key it announces."""
    dotted, parameters = _algorithm(identifier)
    if dotted != _PBKDF2:
        raise UnsupportedAlgorithm(f"key derivation {dotted}")
    salt, count, *rest = _fields(_sequence(parameters), 2)
    length = rest[0].integer() if rest and rest[0].tag == _INTEGER else None
    prf = rest[-1] if rest and rest[-1].tag == _SEQUENCE else None
    digest = _named(_PRFS, algorithm_of(prf) if prf else _HMAC_SHA1)
    octets = salt.expect(_OCTET_STRING).joined()
    iterations = count.expect(_INTEGER).integer()
    if length is not None and not 1 <= length <= MAX_KEY:
        raise MalformedMessage("PBKDF2 key of an impossible length")

    def derive(secret: bytes, size: int) -> bytes:
        return hashlib.pbkdf2_hmac(digest, secret, octets, work.spend(iterations), size)

    return derive, length


def _legacy(
    scheme: _Legacy, parameters: ber.Element, ciphertext: bytes, passphrase: Passphrase, work: Work
) -> Iterator[bytes | None]:
    salt_field, count = _fields(parameters, 2)[:2]
    salt = salt_field.expect(_OCTET_STRING).joined()
    iterations = count.expect(_INTEGER).integer()
    for wide in passphrase.wide:
        derive = partial(_derive, "sha1", wide, salt)
        key = derive(_KEY, work.spend(iterations), scheme.key)
        iv = derive(_IV, work.spend(iterations), scheme.iv) if scheme.iv else b""
        yield _decrypt(scheme.cipher(key), iv, ciphertext)


def _derive(
    digest: str, wide: bytes, salt: bytes, purpose: int, iterations: int, size: int
) -> bytes:
    """RFC 7292 appendix B.2."""
    make = partial(hashlib.new, digest, usedforsecurity=False)
    block = make().block_size
    secret = bytearray(_stretched(salt, block) + _stretched(wide, block))
    key = b""
    while True:
        octets = make(bytes([purpose]) * block + secret).digest()
        key += _iterated(digest, octets, iterations - 1)
        if len(key) >= size:
            return key[:size]
        _increase(secret, _stretched(key[-len(octets) :], block)[:block], block)


def _iterated(digest: str, octets: bytes, times: int) -> bytes:
    make = getattr(hashlib, digest)
    for _ in range(times):
        octets = make(octets).digest()
    return octets


def _stretched(value: bytes, block: int) -> bytes:
    """``value`` repeated to a multiple of ``block``; nothing stays nothing."""
    if not value:
        return b""
    size = block * -(-len(value) // block)
    return (value * -(-size // len(value)))[:size]


def _increase(secret: bytearray, by: bytes, block: int) -> None:
    step = int.from_bytes(by, "big") + 1
    for start in range(0, len(secret), block):
        number = int.from_bytes(secret[start : start + block], "big") + step
        secret[start : start + block] = (number % (1 << 8 * block)).to_bytes(block, "big")


def _decrypt(cipher: CipherAlgorithm, iv: bytes, ciphertext: bytes) -> bytes | None:
    """The plaintext without padding; None when the padding says that the key was another."""
    try:
        decryptor = Cipher(cipher, modes.CBC(iv) if iv else None).decryptor()
        padded = decryptor.update(ciphertext) + decryptor.finalize()
    except ValueError as error:
        raise MalformedMessage("ciphertext or initialisation vector of a wrong length") from error
    if not iv:
        return padded
    size = padded[-1] if padded else 0
    if not 1 <= size <= len(iv) or padded[-size:] != bytes([size]) * size:
        return None
    return padded[:-size]


def _algorithm(identifier: ber.Element) -> tuple[str, ber.Element | None]:
    fields = _fields(identifier, 1)
    return fields[0].oid(), fields[1] if len(fields) > 1 else None


def _sequence(parameters: ber.Element | None) -> ber.Element:
    if parameters is None:
        raise MalformedMessage("algorithm without parameters")
    return parameters.expect(_SEQUENCE)


def _fields(element: ber.Element, least: int) -> list[ber.Element]:
    fields = element.expect(_SEQUENCE).children()
    if len(fields) < least:
        raise MalformedMessage("ASN.1 structure with fields missing")
    return fields


def _named(table: dict[str, str], dotted: str) -> str:
    if dotted not in table:
        raise UnsupportedAlgorithm(f"digest {dotted} in password-based integrity or encryption")
    return table[dotted]
