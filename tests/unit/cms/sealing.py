"""EnvelopedData and AuthEnvelopedData put together by hand, also as no honest program writes it."""

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from siegel.base import der, oids
from tests.unit.cms.people import Person, person

CONTENT = b"Content-Type: text/plain\r\n\r\nEin Bescheid.\r\n"
KEY = bytes(range(32))
IV = bytes(range(16))
NONCE = bytes(range(12))
AES = der.algorithm(oids.AES256_CBC, der.octet_string(IV))
GCM = der.algorithm(oids.AES256_GCM, der.sequence(der.octet_string(NONCE), der.integer(16)))


def named(who: Person) -> bytes:
    """IssuerAndSerialNumber."""
    name = who.issuer_and_serial
    return der.sequence(name.issuer, der.integer(name.serial))


def ktri(key: bytes = KEY, who: Person | None = None, algorithm: bytes | None = None) -> bytes:
    who = who or person("rsa2048")
    assert isinstance(who.public_key, rsa.RSAPublicKey)
    return der.sequence(
        der.integer(0),
        named(who),
        algorithm or der.algorithm(oids.RSA, der.null()),
        der.octet_string(who.public_key.encrypt(key, padding.PKCS1v15())),
    )


def encrypted(algorithm: bytes, content: bytes) -> bytes:
    """EncryptedContentInfo."""
    return der.sequence(der.oid(oids.DATA), algorithm, der.context(0, content, constructed=False))


def content_info(kind: str, *fields: bytes) -> bytes:
    return der.sequence(der.oid(kind), der.context(0, der.sequence(*fields)))


def sealed_cbc(*infos: bytes, before: bytes = b"", content: bytes = CONTENT) -> bytes:
    """An EnvelopedData; ``before`` is an OriginatorInfo."""
    inside = encrypted(AES, cbc(padded(content)))
    return content_info(oids.ENVELOPED_DATA, der.integer(2), before, der.set_of(*infos), inside)


def sealed_gcm(*infos: bytes, content: bytes = CONTENT) -> bytes:
    octets = AESGCM(KEY).encrypt(NONCE, content, None)
    return content_info(
        oids.AUTH_ENVELOPED_DATA,
        der.integer(0),
        der.set_of(*infos),
        encrypted(GCM, octets[:-16]),
        der.octet_string(octets[-16:]),
    )


def cbc(plain: bytes, *, key: bytes = KEY) -> bytes:
    """Ciphertext of what is already padded."""
    context = Cipher(algorithms.AES(key), modes.CBC(IV)).encryptor()
    return context.update(plain) + context.finalize()


def padded(plain: bytes) -> bytes:
    filling = 16 - len(plain) % 16
    return plain + bytes([filling]) * filling
